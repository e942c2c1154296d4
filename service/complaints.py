"""What is wrong with a configuration, in sentences. Never shows a value that could be a secret."""

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.fields import Section, keys_of
from domain.nearest import meant, nearest
from domain.settings import Settings
from service.yaml_file import Trail

SENTENCES = {
    "missing": "is missing and has no default",
    "bool_type": "is neither true nor false",
    "bool_parsing": "is neither true nor false",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "greater_than_equal": "is too small; {ge} is the least",
    "less_than_equal": "is too large; {le} is the most",
    "string_type": "is not text; put it in quotes",
    "string_too_long": "is too long; {max_length} characters are the most",
    "string_pattern_mismatch": "needs a letter or a digit",
    "tuple_type": "is not a list; write [one, two]",
    "dict_type": "is not a section; indent its keys below it",
    "model_type": "is not a section; indent its keys below it",
    "too_short": "is empty; it needs at least {min_length}",
    "time_type": 'is not a time such as "09:00"',
    "time_parsing": 'is not a time such as "09:00"',
    "date_type": "is not a date such as 2026-11-23",
    "date_parsing": "is not a date such as 2026-11-23",
    "date_from_datetime_parsing": "is not a date such as 2026-11-23",
    "date_from_datetime_inexact": "is not a date such as 2026-11-23",
    "invalid_key": "is not a name; put it in quotes",
}


def complaints(error: ValidationError) -> list[tuple[Trail, str]]:
    """Everything that a validation refused, each with where it stands in the file."""
    all_details = [(_trail(details), details) for details in error.errors(include_url=False)]
    return [
        (trail, _sentence(trail, details))
        for trail, details in all_details
        # A list whose only item is wrong is not short as well.
        if details["type"] != "too_short" or not any(each[: len(trail)] == trail != each for each, _ in all_details)
    ]


def dotted(trail: Trail) -> str:
    """('levels', 0, 'people') -> `levels[0].people`"""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in trail).lstrip(".")


def _trail(details: ErrorDetails) -> Trail:
    return tuple(part for part in details["loc"] if part != "[key]")


def _sentence(trail: Trail, details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    match details["type"]:
        case "value_error":
            return str(context["error"])
        case "extra_forbidden":
            return f"is not a key that Muster knows; {meant(str(trail[-1]), known_keys(trail[:-1]))}"
        case "literal_error":
            choices = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
            like = nearest(str(details["input"]), choices)
            hint = f"; did you mean {like!r}?" if like else ""
            return f"{details['input']!r} is not one of {', '.join(choices)}{hint}"
        case kind if kind in SENTENCES:
            return SENTENCES[kind].format(**context)
    return details["msg"]


def known_keys(trail: Trail) -> list[str]:
    """The keys that may stand in a section of config.yaml."""
    kind: Any = Settings
    for part in trail:
        if _is_section(kind):
            kind = kind.model_fields[part].annotation
        else:
            kind = get_args(kind)[0 if get_origin(kind) is tuple else -1]
        while get_origin(kind) in (Annotated, Union, UnionType):
            kind = get_args(kind)[0]
    return keys_of(kind) if _is_section(kind) else []


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)
