"""What is affected, as people see it: on the card, in the room, and the form that asks."""

from collections.abc import Mapping
from typing import Any

from domain.affected import IMPACTS, WORDS, listed
from domain.incidents import Incident
from domain.record import Record
from views import actions, modals
from views.answers import Answer, answer
from views.blocks import Message, View, button, context, input_block, modal, option, row, saying, section, select
from views.markup import joined, one_line, person, said

SERVICES = "services_of"
"""The form's callback_id."""

FIELD = "service:"
"""Before a service's key: its field's block_id."""

NOT_AFFECTED = "not_affected"
UNSAID = "unsaid"
"""Affected, and nobody said how hard."""

SHOWN_MOST = 40
"""More menus than this are no form."""


def in_room(data: Mapping[str, Any], _: Record) -> Message:
    """Said once for each change; `text` is what `domain.affected.listed` says."""
    services = one_line(str(data.get("text") or "")) or "nothing that is known"
    text = said("*Affected*: {services} – {by}", services=services, by=person(data.get("by")))
    return saying(text)


def shown(incident: Incident, names: Mapping[str, str]) -> Answer:
    """What is affected, and the way to change it; `names` are the services' by their keys."""
    services = one_line(listed(incident, names)) or "no service that anybody named"
    text = said("*{key}* affects {services}.", key=incident.key, services=services)
    if not names:
        return answer(joined(" ", [text, said("There are no `services` in config.yaml to choose from.")]))
    return answer(text, section(text), row(button("Change", actions.CHANGE_SERVICES, str(incident.number))))


def changed(incident: Incident, names: Mapping[str, str], public: bool) -> Answer:
    """What is so now, and who learns it."""
    services = one_line(listed(incident, names)) or "no service any more"
    page = said("The components on the status page follow.") if public else None
    return answer(joined(" ", [said("*{key}* affects {services}.", key=incident.key, services=services), page]))


def form(incident: Incident, names: Mapping[str, str], response_url: str = "") -> View:
    """A menu for each service, those that are affected first."""
    ordered = list(dict.fromkeys((*(each for each in incident.services if each in names), *names)))
    rest = len(ordered) - SHOWN_MOST
    more = said("{n} more by command: `/incident services {name}=degraded`", n=rest, name=ordered[-1])
    return modal(
        f"Affected by {incident.key}",
        SERVICES,
        context(said("How hard is each hit? *{title}*", title=one_line(incident.title))),
        *(
            input_block(names[service], f"{FIELD}{service}", _menu(incident, service), optional=True)
            for service in ordered[:SHOWN_MOST]
        ),
        context(more) if rest > 0 else None,
        private_metadata=modals.kept(incident.number, response_url),
    )


def _menu(incident: Incident, service: str) -> dict[str, Any]:
    choices = [
        option("not affected", NOT_AFFECTED),
        option("affected", UNSAID),
        *(option(WORDS[impact], impact) for impact in IMPACTS),
    ]
    now = incident.impact_on(service) or UNSAID if service in incident.services else NOT_AFFECTED
    return select("Not affected", "impact", choices, now)


def read(view: Mapping[str, Any]) -> dict[str, str | None]:
    """By service: its impact, empty where it is not said, None where the service is not affected."""
    found: dict[str, str | None] = {}
    for block_id, fields in view.get("state", {}).get("values", {}).items():
        chosen = (fields.get("impact") or {}).get("selected_option")
        if block_id.startswith(FIELD):
            value = chosen["value"] if chosen else NOT_AFFECTED
            found[block_id.removeprefix(FIELD)] = {NOT_AFFECTED: None, UNSAID: ""}.get(value, value)
    return found
