"""Words for the public before they go out: exactly as they would stand on the status page."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.incidents import Incident
from domain.publishing import Preview
from domain.record import Record
from views import submitted
from views.answers import Answer, answer
from views.blocks import View, context, fenced_sections, input_block, modal, plain_text_input, section
from views.markup import joined, link, said
from views.plain import readable
from views.record import incident_menu

PUBLISH = "publish_update"
"""The callback_id."""

WORDS = "public_words"
"""The field."""

BODY_MOST = 25_000
"""What a status page takes, in characters."""


def form(
    incident: Incident, preview: Preview, text: str, response_url: str = "", status: str = "", again: bool = False
) -> View:
    """Look once more; nothing has gone out. `status` is set with it; `again`: it would read otherwise than it did."""
    changed = said("*It would read otherwise by now.* ") if again else None
    exactly = said("{changed}Exactly this goes to the status page, and nothing else:", changed=changed)
    with_words = said("This goes to the status page with your words, which the next step shows:")
    return modal(
        f"Publish for {incident.key}",
        PUBLISH,
        section(exactly if preview.text else with_words),
        *fenced_sections(shown(preview)),
        input_block("In public words", WORDS, plain_text_input(WORDS, text, multiline=True)),
        context(said("If you change the words, the next step shows them again. Subscribers are told at once.")),
        submit="Publish",
        private_metadata=submitted.carry(incident.number, response_url, seen=preview.mark, status=status),
    )


def ask(incidents: Sequence[Incident], text: str, response_url: str = "") -> View:
    """For which incident, where a message stands in no incident's room."""
    return modal(
        "Publish as update",
        PUBLISH,
        incident_menu(incidents),
        input_block("In public words", WORDS, plain_text_input(WORDS, text, multiline=True)),
        context(said("Nothing goes out yet: the next step shows exactly what would.")),
        submit="Preview",
        private_metadata=submitted.carry(0, response_url),
    )


def shown(preview: Preview) -> str:
    """The public's view of it, line by line."""
    title = f"{preview.title}\n" if preview.title else ""
    components = "\n".join(f"{name}: {state.replace('_', ' ')}" for name, state in preview.components)
    below = f"\n\n{components}" if components else ""
    words = f"\n\n{readable(preview.text, BODY_MOST)}" if preview.text else ""
    return f"{title}{preview.status.capitalize()}{words}{below}"


def read(view: Mapping[str, Any]) -> tuple[str, str, str]:
    """The words, the status to set, and the mark of what was seen."""
    carried = submitted.carried(view)
    return submitted.text(view, WORDS), str(carried.get("status") or ""), str(carried.get("seen") or "")


def published(record: Record) -> Answer:
    """What is out is out: how it is put right stands beside it."""
    page, incident = record.ref("status_incident", "statuspage"), record.incident
    where = link(page.url, "the status page") if page and page.url else said("the status page")
    done = said("Update posted to *{key}* ({status}).", key=incident.key, status=incident.status)
    out = said("It goes to {where} now, and what subscribers have read cannot be called back.", where=where)
    mend = said("Published by mistake? `/incident update --public …` puts it right there.")
    return answer(joined(" ", [done, out, mend]))
