"""Every place in config.yaml where something may be written, read off the settings themselves."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from domain.fields import Section, keys_of


def config_paths(section: type[Section], prefix: str = "") -> Iterator[str]:
    """`http.port`, `people.<id>.phone`, `escalation_policies.<id>.levels[].people` and all the others."""
    for key in keys_of(section):
        below, suffix = _contents(section.model_fields[key].annotation)
        if below is None:
            yield f"{prefix}{key}"
        else:
            yield from config_paths(below, f"{prefix}{key}{suffix}.")


def _contents(annotation: Any, suffix: str = "") -> tuple[type[Section] | None, str]:
    """The section that a field holds, directly, by name or in a list."""
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return _contents(get_args(annotation)[0], suffix)
    if get_origin(annotation) is dict:
        return _contents(get_args(annotation)[1], f"{suffix}.<id>")
    if get_origin(annotation) is tuple:
        return _contents(get_args(annotation)[0], f"{suffix}[]")
    is_section = isinstance(annotation, type) and issubclass(annotation, Section)
    return (annotation, suffix) if is_section else (None, suffix)
