"""The environment's share of the configuration: secrets, and what differs from one machine to the next."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.fields import Section, Variable, secrets_of, sections
from service.yaml_file import Trail

REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
UNCOPYABLE = re.compile("[^!-~]")
"""No vendor's secret holds these, and none can be sent in a header."""

PASSWORD_IN_ADDRESS = re.compile(r"://[^/@\s]*:[^/@\s]+@")
LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")


@dataclass(frozen=True)
class Place:
    """Where in config.yaml a variable of the environment has its value."""

    trail: Trail
    variable: str
    secret: bool


def places(settings: type[Section]) -> Iterator[Place]:
    """Every value that the environment can set."""
    for trail, section in sections(settings):
        secret = secrets_of(section)
        for name, field in section.model_fields.items():
            for variable in (each for each in field.metadata if isinstance(each, Variable)):
                yield Place((*trail, name), variable.name, name in secret)


def fill(place: Place, values: dict[Any, Any], environ: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Put the environment's value in its place, if it has one. The variable it came from, and what is wrong."""
    for key in place.trail[:-1]:
        values = values.setdefault(key, {})
        if not isinstance(values, dict):  # said by the validation
            return None, None
    key = place.trail[-1]
    written = values.get(key)
    reference = REFERENCE.fullmatch(written) if isinstance(written, str) else None
    names = [place.variable, *([reference[1]] if reference else [])]
    variable = next((name for name in names if environ.get(name)), None)
    unread = "${" in str(written)
    if variable:
        values[key] = environ[variable].strip()
        if place.secret and UNCOPYABLE.search(values[key]):
            return variable, "holds a blank, a line break or a strange character; copy it again"
    elif unread:
        del values[key]
    if written is not None and not reference and (place.secret or unread or PASSWORD_IN_ADDRESS.search(str(written))):
        return variable, f"write ${{{place.variable}}} here and nothing else; the value belongs in the environment"
    return variable, None


def misplaced(values: Any, trail: Trail, allowed: set[Trail]) -> Iterator[tuple[Trail, str]]:
    """References to the environment where none is read."""
    if isinstance(values, dict | list):
        for key, value in values.items() if isinstance(values, dict) else enumerate(values):
            yield from misplaced(value, (*trail, key), allowed)
    elif isinstance(values, str) and REFERENCE.search(values) and trail not in allowed:
        yield trail, "is not read from the environment; write the value itself"


def from_file(path: Path) -> dict[str, str]:
    """The variables of a `.env` file; none when there is no file. Raises ValueError saying what is wrong and where."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ValueError(
            f"{path}: cannot be read ({error.strerror}); it has to be a file that the user who runs Muster may read"
        ) from None
    except UnicodeDecodeError:
        raise ValueError(f"{path}: is not UTF-8 text; write it anew") from None
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line.strip())
        if not match:
            raise ValueError(f"{path}:{number}: write NAME=value")
        name, value = match.groups()
        found[name] = value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
    return found
