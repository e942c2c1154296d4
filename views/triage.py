"""What helps somebody who declares: incidents that may be the same, and a question that proposes how bad it is.

It is laid around the form of modals.py, whose fields stay what they are.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from domain.incidents import Incident
from domain.severities import Severity
from views import actions
from views.blocks import Block, View, at_once, button, context, notice, option, radio_buttons, row, section
from views.markup import joined, one_line, person, room, said, short
from views.modals import SERVICES, SEVERITY, TITLE
from views.page import taken

SHOWN_MOST = 3
ANSWERS = (actions.TRIAGE, TITLE, SERVICES)
"""The action_ids that are heard while the form is filled in."""


def around(
    form: View,
    asked: Sequence[Severity] = (),
    alike: Sequence[Incident] = (),
    rooms: Mapping[int, str] | None = None,
    answer: str | None = None,
    proposed: str | None = None,
) -> View:
    """`asked` are the severities that a question proposes, `answer` the one given, `proposed` what stands in the menu
    because of it: None where somebody chose."""
    blocks = [_field(block, proposed) for block in form["blocks"]]
    question = _question(asked, answer, proposed)
    at = next(n for n, block in enumerate(blocks) if block["block_id"].startswith(SEVERITY))
    kept = json.loads(form["private_metadata"] or "{}") | ({"proposed": proposed} if proposed else {})
    shown = [*_alike(alike, rooms or {}), *blocks[:at], *question, *blocks[at:]]
    return form | {"blocks": shown, "private_metadata": json.dumps(kept, ensure_ascii=False)}


def joined_instead(incident: Incident, channel: str) -> View:
    """In the form's place."""
    where = said("Its room is {room}, and you are being let in.", room=room(channel)) if channel else None
    told = said("You are joining *{key}* {title}.", key=incident.key, title=one_line(incident.title))
    missing = said("Nobody has acknowledged yet: *Acknowledge* on its card if it is yours.")
    on_it = taken(incident) or missing
    return notice(
        f"Joining {incident.key}",
        section(joined(" ", [told, on_it, where])),
        context(said("Nothing new was declared.")),
    )


def asks(view: Mapping[str, Any]) -> bool:
    """Whether the question stands in the form."""
    return any(block.get("block_id") == actions.TRIAGE for block in view.get("blocks", ()))


def read_answer(view: Mapping[str, Any]) -> str | None:
    """The severity that the question proposes, as answered."""
    chosen = _values(view).get(actions.TRIAGE, {}).get(actions.TRIAGE, {}).get("selected_option")
    return str(chosen["value"]) if chosen else None


def read_proposed(view: Mapping[str, Any]) -> str | None:
    """The severity that an earlier answer has put into the menu."""
    found = json.loads(view.get("private_metadata") or "{}").get("proposed")
    return str(found) if found else None


def settled(view: Mapping[str, Any]) -> dict[str, Any]:
    """The form as modals.py reads it, whatever was proposed on the way."""
    values = {SEVERITY if id.startswith(f"{SEVERITY}:") else id: held for id, held in _values(view).items()}
    return {**view, "state": {"values": values}}


def _values(view: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = view.get("state", {}).get("values", {})
    return found


def _field(block: Block, proposed: str | None) -> Block:
    """Slack keeps what is entered in a field of the same name: only under another one a menu shows a new proposal."""
    if block["block_id"] == SEVERITY and proposed:
        return block | {"block_id": f"{SEVERITY}:{proposed}"}
    return at_once(block) if block["block_id"] in (TITLE, SERVICES) else block


def _question(asked: Sequence[Severity], answer: str | None, proposed: str | None) -> list[Block]:
    if not asked:
        return []
    options = [option(each.triage or "", each.name, f"{each.name} {each.label}") for each in asked]
    chosen = said("This answer proposes {answer}. What you chose below stays.", answer=answer)
    return [
        block
        for block in (
            section(said("*How bad is it?* The first that is true proposes the severity.")),
            row(radio_buttons(actions.TRIAGE, options, answer), block_id=actions.TRIAGE),
            context(chosen) if answer and answer != proposed else None,
        )
        if block
    ]


def _alike(found: Sequence[Incident], rooms: Mapping[int, str]) -> list[Block]:
    if not found:
        return []
    lead = context(said("Open already, and perhaps the same:"))
    lines = [_one(incident, rooms.get(incident.number, "")) for incident in found[:SHOWN_MOST]]
    return [*([lead] if lead else []), *lines]


def _one(incident: Incident, channel: str) -> Block:
    parts = [
        said("*{key}* {severity} {status}", key=incident.key, severity=incident.severity, status=incident.status),
        short(one_line(incident.title), 200),
        said("IC {commander}", commander=person(incident.commander)) if incident.commander else None,
        room(channel) if channel else None,
    ]
    return section(joined(" – ", parts), button("Join instead", actions.JOIN_INSTEAD, str(incident.number)))
