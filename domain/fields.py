"""The kinds of value that the configuration is made of. Each refuses with a sentence that says what would be right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationInfo

from domain.nearest import meant, nearest


class Section(BaseModel):
    """One section of config.yaml: no key that Muster does not know, and no value that changes while it runs."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


@dataclass(frozen=True)
class Variable:
    """The environment variable that sets this value, whatever the file says."""

    name: str


@dataclass(frozen=True)
class FromKey:
    """This value is the key that its section stands under, and is written nowhere else."""


def keys_of(section: type[Section]) -> list[str]:
    """The keys that may be written in a section."""
    return [name for name, field in section.model_fields.items() if FromKey() not in field.metadata]


def variable_of(section: type[Section], field: str) -> str:
    """The name of the environment variable that sets a field of a section."""
    return next(each.name for each in section.model_fields[field].metadata if isinstance(each, Variable))


def secrets_of(section: type[Section]) -> set[str]:
    """The fields of a section whose values nobody may read in a file, a log or an error."""
    return {name for name, field in section.model_fields.items() if SecretStr in get_args(field.annotation)}


def sections(section: type[Section], trail: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], type[Section]]]:
    """A section and those that stand at one place each below it, with the keys that lead there."""
    yield trail, section
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from sections(field.annotation, (*trail, name))


def keyed(field: str) -> BeforeValidator:
    """Each entry of a map learns the key that it stands under."""

    def name_entries(entries: Any) -> Any:
        if not isinstance(entries, dict):
            return entries
        return {key: {**value, field: key} if isinstance(value, dict) else value for key, value in entries.items()}

    return BeforeValidator(name_entries)


def spelled(*, off: str) -> BeforeValidator:
    """YAML reads a bare `no` or `off` as false; here it is the word that was written."""
    return BeforeValidator(lambda value: off if value is False else value)


def known(section: str) -> AfterValidator:
    """A name must stand in that section of the same file. The reader of the file gives the names as context."""

    def check(name: str, info: ValidationInfo) -> str:
        names = (info.context or {}).get(section)
        if names is not None and name not in names:
            raise ValueError(f"{name!r} is not in {section}; {meant(name, names)}")
        return name

    return AfterValidator(check)


def template(*placeholders: str) -> AfterValidator:
    """Text with {placeholders}, of which these are known."""

    def check(text: str) -> str:
        choices = ", ".join(f"{{{name}}}" for name in placeholders)
        try:
            used = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
        except ValueError:
            raise ValueError(f"a brace is left open; write {choices}") from None
        for name in used:
            if name not in placeholders:
                raise ValueError(f"{{{name}}} is not a placeholder; known: {choices}")
        return text

    return AfterValidator(check)


def matching(pattern: str, sentence: str) -> AfterValidator:
    """Text of this form; `sentence` says of the value what would be right."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"{value!r} {sentence}")
        return value

    return AfterValidator(check)


def web_address(value: str) -> str:
    """The address without a slash at its end. Raises ValueError for what is none."""
    try:
        parts = urlsplit(value)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right or parts.query or parts.fragment or re.search(r"\s", value):
        raise ValueError("is not a web address; write one such as https://incidents.example.com")
    return value.rstrip("/")


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        like = nearest(value, available_timezones())
        hint = f"did you mean {like!r}?" if like else "write one such as Europe/Amsterdam"
        raise ValueError(f"{value!r} is not a time zone; {hint}") from None
    return value


def _database(url: str) -> str:
    file = re.fullmatch(r"sqlite:///(?!\S*(?:%00|:memory:))\S+", url)  # what is in memory only is lost by a restart
    if not file and not re.fullmatch(r"postgresql://\S*[^\s/]/[^\s/?]+(\?\S+)?", url):
        raise ValueError(
            "is not a database Muster knows; write sqlite:////absolute/path/muster.db or postgresql://user@host/muster"
        )
    return url


def _text(value: Any) -> Any:
    # YAML reads +15550000001 and 0123 as numbers and loses what stood in front.
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError("is a number to YAML; put it in quotes")
    return value


KeyName = Annotated[str, FromKey()]
Text = Annotated[str, BeforeValidator(_text), matching(r"(?s).*\S.*", "is empty; write text or leave the key out")]
Email = Annotated[Text, matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "is no e-mail address such as ana@example.com")]
Phone = Annotated[
    Text, matching(r"\+[1-9][0-9]{6,14}", 'is no phone number such as "+15550000001", with the country and in quotes')
]
TimeZone = Annotated[Text, AfterValidator(_timezone)]
Url = Annotated[Text, AfterValidator(web_address)]
# Not shown, because it may hold a password.
DatabaseUrl = Annotated[Text, AfterValidator(_database), Field(repr=False)]
# slack_sdk appends a method's name to it as it stands.
SlackUrl = Annotated[Url, AfterValidator(lambda url: f"{url}/")]
UserId = Annotated[
    Text,
    matching(
        r"[UW][A-Z0-9]{3,}",
        "is not a Slack user id such as U0123456789; in Slack: the person's profile, the three dots, Copy member ID",
    ),
]
CHANNEL_ID = r"[CG][A-Z0-9]{3,}"
WHERE_CHANNEL_IDS_ARE = (
    "is not a channel's id such as C0123456789; in Slack: click the channel's name at the top, then About, then the end"
)
ChannelId = Annotated[Text, matching(CHANNEL_ID, WHERE_CHANNEL_IDS_ARE)]
GroupId = Annotated[
    Text,
    matching(
        r"S[A-Z0-9]{3,}",
        "is not the id of a user group such as S0123456789; in Slack: People, User groups, the group's three dots, "
        "Copy group ID",
    ),
]
