"""From a request's body to typed arguments. What Slack would ignore or mend is a violation all the same."""

import json

from .errors import invalid_arguments

TRUE, FALSE = ("true", "1", "True"), ("false", "0", "False")
EVERYWHERE = ("token", "team_id")  # Slack's own library sends the team with every call
BAD_JSON = {"blocks": "invalid_blocks_format"}


def typed(name, method, given, violate):
    """The arguments of a method by name. Raises SlackError."""
    args = {}
    for key, value in given.items():
        if value is None or (key in EVERYWHERE and key not in method.types):
            continue
        if key not in method.types:
            violate(f"{name}: unknown argument {key!r}, which Slack ignores")
            continue
        args[key] = _typed(name, key, value, method.types[key], violate)
    missing = [key for key in method.required if key not in args]
    if missing:
        code = "missing_argument" if "missing_argument" in method.errors else "invalid_arguments"
        raise invalid_arguments(*(f"missing required field: {key}" for key in missing), code=code)
    return args


def _typed(name, key, value, type, violate):
    match type:
        case "s" if isinstance(value, str):
            return value
        case "b" if isinstance(value, bool) or value in TRUE + FALSE:
            return value if isinstance(value, bool) else value in TRUE
        case "n" if not isinstance(value, bool) and str(value).isdigit():
            return int(value)
        case "j":
            return _json(key, value)
    if type == "s" and isinstance(value, bool | int | float):
        violate(f"{name}: wrong type of {key}: {value!r}")
        return str(value)
    raise invalid_arguments(f"invalid type [json-pointer:/{key}]")


def _json(key, value):
    if isinstance(value, list | dict):
        return value
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        code = BAD_JSON.get(key, "invalid_arguments")
        raise invalid_arguments(f"must be JSON [json-pointer:/{key}]", code=code) from None
