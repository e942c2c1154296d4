"""The forms, and how their submissions are read back. Each field is named once, for both directions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.incidents import Incident
from domain.recording import Message
from views import submitted
from views.blocks import (
    View,
    checkboxes,
    context,
    input_block,
    modal,
    multi_select,
    option,
    plain_text_input,
    select,
)
from views.markup import one_line, said
from views.times import duration

DECLARE, UPDATE, RESOLVE, POSTMORTEM = "declare", "update", "resolve", "postmortem"
"""The callback_ids."""

TITLE, SEVERITY, SERVICES, DESCRIPTION, PRIVATE = "title", "severity", "services", "description", "private"
TEXT, STATUS, PUBLISH, RESOLUTION, ROOT_CAUSE = "text", "status", "publish", "resolution", "root_cause"
SUMMARY, WENT_WELL, WENT_WRONG, ACTION_ITEM = "summary", "went_well", "went_wrong", "action_item"
"""A field's block_id, at which errors are shown; its element's action_id is the same."""

TITLE_MOST = 200


@dataclass(frozen=True, slots=True)
class Declared:
    """What the form to declare says; `severity` is None where none was chosen."""

    title: str
    severity: str | None
    services: tuple[str, ...]
    description: str
    private: bool


@dataclass(frozen=True, slots=True)
class Written:
    """The thin postmortem as people wrote it."""

    summary: str = ""
    root_cause: str = ""
    went_well: str = ""
    went_wrong: str = ""
    action_item: str = ""


def declare(
    severities: Iterable[tuple[str, str, str]],
    services: Iterable[tuple[str, str]] = (),
    title: str = "",
    severity: str | None = None,
    description: str = "",
    response_url: str = "",
    of: Message | None = None,
) -> View:
    """`severities` are (name, label, what it means), `services` (key, name). Where there are none, neither is asked.
    `of` is the message that it began with."""
    choices = [option(f"{name} {label}", name, means) for name, label, means in severities]
    affected = [option(name, key) for key, name in services]
    box = checkboxes(PRIVATE, [option("Private: only invited people see it", PRIVATE)])
    return modal(
        "Declare an incident",
        DECLARE,
        input_block("Title", TITLE, plain_text_input(TITLE, title, most=TITLE_MOST, placeholder="What is broken?")),
        input_block("Severity", SEVERITY, select("How bad is it?", SEVERITY, choices, severity)),
        input_block("Affected services", SERVICES, multi_select("Which?", SERVICES, affected), optional=True)
        if affected
        else None,
        input_block(
            "Description", DESCRIPTION, plain_text_input(DESCRIPTION, description, multiline=True), optional=True
        ),
        input_block("Visibility", PRIVATE, box, optional=True),
        submit="Declare",
        private_metadata=submitted.carry(0, response_url, of),
    )


def read_declare(view: Mapping[str, Any]) -> Declared:
    """What was submitted, stripped; fields left empty are empty."""
    return Declared(
        title=submitted.text(view, TITLE),
        severity=submitted.choice(view, SEVERITY),
        services=submitted.choices(view, SERVICES),
        description=submitted.text(view, DESCRIPTION),
        private=PRIVATE in submitted.choices(view, PRIVATE),
    )


def update(
    incident: Incident, statuses: Sequence[str] = (), text: str = "", response_url: str = "", public: bool = False
) -> View:
    """`statuses` are those it may move to; `public` says whether it may be published too."""
    choices = [option(status, status) for status in statuses]
    box = checkboxes(PUBLISH, [option("Publish: the next step shows exactly what goes out", PUBLISH)])
    return modal(
        f"Update {incident.key}",
        UPDATE,
        context(said("*{title}* is {status}", title=one_line(incident.title), status=incident.status)),
        input_block("What is new?", TEXT, plain_text_input(TEXT, text, multiline=True)),
        input_block("New status", STATUS, select("Unchanged", STATUS, choices), optional=True) if choices else None,
        input_block("Status page", PUBLISH, box, optional=True) if public else None,
        submit="Post update",
        private_metadata=submitted.carry(incident.number, response_url),
    )


def read_update(view: Mapping[str, Any]) -> tuple[str, str | None]:
    """The text and the new status, None for unchanged."""
    return submitted.text(view, TEXT), submitted.choice(view, STATUS)


def read_publish(view: Mapping[str, Any]) -> bool:
    """Whether the public shall read it too."""
    return PUBLISH in submitted.choices(view, PUBLISH)


def resolve(incident: Incident, text: str = "", response_url: str = "") -> View:
    """What ended it; why it happened may be known later."""
    return modal(
        f"Resolve {incident.key}",
        RESOLVE,
        context(said("*{title}* is {status}", title=one_line(incident.title), status=incident.status)),
        input_block("What resolved it?", RESOLUTION, plain_text_input(RESOLUTION, text, multiline=True)),
        input_block(
            "Root cause, if known",
            ROOT_CAUSE,
            plain_text_input(ROOT_CAUSE, incident.root_cause, multiline=True),
            optional=True,
        ),
        submit="Resolve",
        private_metadata=submitted.carry(incident.number, response_url),
    )


def read_resolve(view: Mapping[str, Any]) -> tuple[str, str]:
    """The resolution and the root cause."""
    return submitted.text(view, RESOLUTION), submitted.text(view, ROOT_CAUSE)


def postmortem(incident: Incident, written: Written | None = None, response_url: str = "") -> View:
    """Filled in with what was written before, else with what the incident already knows."""
    known = written or Written(summary=_summary(incident), root_cause=incident.root_cause)
    return modal(
        f"Postmortem {incident.key}",
        POSTMORTEM,
        _box("Summary", SUMMARY, known.summary, optional=False),
        _box("Root cause", ROOT_CAUSE, known.root_cause),
        _box("What went well", WENT_WELL, known.went_well),
        _box("What went wrong", WENT_WRONG, known.went_wrong),
        _box("One action item", ACTION_ITEM, known.action_item, hint="What will keep this from happening again?"),
        private_metadata=submitted.carry(incident.number, response_url),
    )


def read_postmortem(view: Mapping[str, Any]) -> Written:
    """What was submitted."""
    fields = (SUMMARY, ROOT_CAUSE, WENT_WELL, WENT_WRONG, ACTION_ITEM)
    return Written(**{field: submitted.text(view, field) for field in fields})


def read_about(view: Mapping[str, Any]) -> tuple[int, str]:
    """The number of the incident that the form is about, 0 for none; and where to answer, empty for nowhere."""
    kept = submitted.carried(view)
    return int(kept.get("incident", 0)), str(kept.get("response_url", ""))


def kept(number: int, response_url: str) -> str:
    """What a form brings back: what it is about and where to answer."""
    return submitted.carry(number, response_url)


def _summary(incident: Incident) -> str:
    ending = f"Resolved after {duration(incident.duration)}: " if incident.duration is not None else ""
    return "\n\n".join(
        filter(None, [incident.title, incident.description, f"{ending}{incident.resolution}".strip(": ")])
    )


def _box(label: str, name: str, text: str, optional: bool = True, hint: str = "") -> dict[str, Any]:
    return input_block(label, name, plain_text_input(name, text, multiline=True), optional=optional, hint=hint)


def read_choice(view: Mapping[str, Any], field: str) -> str | None:
    """What was chosen in a menu."""
    return submitted.choice(view, field)


def read_choices(view: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """What was chosen in a menu of several."""
    return submitted.choices(view, field)


def read_users(view: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """The Slack ids of the people who were chosen."""
    return submitted.users(view, field)


def read_field(view: Mapping[str, Any], field: str) -> str:
    """What was written in a field."""
    return submitted.text(view, field)


def read_text(sent: Mapping[str, Any]) -> str:
    """The words beside a menu, in a submission or a click; empty where none were asked for."""
    return submitted.text(sent, TEXT)
