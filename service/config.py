"""config.yaml and the environment -> Settings. All that is wrong is said at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from domain.duties import COMMANDER, DELIVERED
from domain.fields import Section, sections
from domain.nearest import nearest
from domain.settings import Settings
from domain.vendors import Integration, Integrations
from service import environment, yaml_file
from service.complaints import complaints, dotted
from service.yaml_file import Trail

DEFAULT_POLICY = "default"
Complaint = tuple[Trail, str]
NAMED_BY_HEADING = {
    "severities": "name",
    **dict.fromkeys(("services", "people", "schedules", "escalation_policies", "contacts", "checklists"), "id"),
}
REFERRED_TO = ("people", "schedules", "escalation_policies", "severities")
"""The sections whose headings stand elsewhere in the file as names."""


class BadConfig(Exception):
    """The configuration cannot be used. `errors` holds everything that is wrong, each as `path.in.the.file: why`."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The configuration that is in force: the file, with the environment over it. Raises BadConfig."""
    try:
        written, repeated = yaml_file.read(path)
    except yaml_file.Unreadable as error:
        raise BadConfig([str(error)]) from None
    if not isinstance(written, dict):
        raise BadConfig([f"{path}: holds no sections; write `organization:` and the others, each with its keys"])
    values = _without_empty_sections(Settings, written)
    came_from: dict[Trail, str] = {}
    wrong = [*repeated, *_fill_in(values, environ, came_from)]
    wrong += [*_headings_repeated(values), *_half_integrations(values), *_no_default_policy(values)]
    try:
        settings = Settings.model_validate(values, context=_context(values))
    except ValidationError as error:
        wrong += complaints(error)
    if wrong:
        raise BadConfig([_line(trail, sentence, came_from.get(trail)) for trail, sentence in wrong])
    return settings


def _line(trail: Trail, sentence: str, variable: str | None) -> str:
    return f"{dotted(trail)}{f' (from {variable})' if variable else ''}: {sentence}"


def _without_empty_sections(section: type[Section], values: dict[Any, Any]) -> dict[Any, Any]:
    """A heading with nothing below it means the defaults."""
    below = {trail[0]: kind for trail, kind in sections(section) if len(trail) == 1}
    kept = {}
    for key, value in values.items():
        if key in below and isinstance(value, dict):
            kept[key] = _without_empty_sections(below[key], value)
        elif key not in below or value is not None:
            kept[key] = value
    return kept


def _fill_in(values: dict[str, Any], environ: Mapping[str, str], came_from: dict[Trail, str]) -> list[Complaint]:
    places = list(environment.places(Settings))
    wrong = list(environment.misplaced(values, (), {place.trail for place in places}))
    for place in places:
        variable, sentence = environment.fill(place, values, environ)
        if variable:
            came_from[place.trail] = variable
        if sentence:
            wrong.append((place.trail, sentence))
    return wrong


def _half_integrations(values: Mapping[str, Any]) -> Iterator[Complaint]:
    for name, kind, written in _integrations(values):
        sentence = kind.mistake(written)
        if sentence:
            yield ("integrations", name), sentence


def _integrations(values: Mapping[str, Any]) -> Iterator[tuple[str, type[Integration], dict[str, Any]]]:
    """Each integration with what is written of it, right or wrong."""
    all_written = values.get("integrations")
    for trail, kind in sections(Integrations):
        if issubclass(kind, Integration):
            written = all_written.get(trail[0]) if isinstance(all_written, dict) else None
            yield trail[0], kind, written if isinstance(written, dict) else {}


def _headings_repeated(values: Mapping[str, Any]) -> Iterator[Complaint]:
    for section, field in NAMED_BY_HEADING.items():
        entries = values.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and field in entry:
                yield (section, name, field), "is the heading itself; leave it out"


def _no_default_policy(values: Mapping[str, Any]) -> Iterator[Complaint]:
    policies = values.get("escalation_policies")
    if isinstance(policies, dict) and DEFAULT_POLICY not in policies:
        like = nearest(DEFAULT_POLICY, map(str, policies))
        yield (
            ("escalation_policies",),
            f"needs a policy named {DEFAULT_POLICY}{f'; is {like!r} meant?' if like else ''}",
        )


def _context(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a value is judged by that stands elsewhere in the file, even where that is wrong in another way."""
    named = {section: values.get(section) for section in REFERRED_TO}
    off = {
        name: kind.lacks(written) or [f"integrations.{name}.enabled"]
        for name, kind, written in _integrations(values)
        if kind.lacks(written) or written.get("enabled") is False
    }
    known = {section: list(map(str, found)) if isinstance(found, dict) else [] for section, found in named.items()}
    organization = values.get("organization")
    roles = organization.get("roles") if isinstance(organization, dict) else None
    names = [COMMANDER, *map(str, roles if isinstance(roles, dict) else DELIVERED)]
    return {**known, "organization.roles": names, "off": off}
