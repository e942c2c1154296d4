"""The forms and the Home tab, for properties that must hold for every view: `tests/views/everything.py` yields them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from domain import desk
from domain.incidents import Incident
from domain.recording import Message
from domain.rotations import Shift
from domain.severities import Severity
from service.on_call import Duty
from tests.views import samples
from views import (
    home,
    modals,
    triage,
)
from views.blocks import section


def forms(words: str, incident: Incident) -> Iterator[tuple[str, Any]]:
    """The forms that stand by themselves, and the Home tab."""
    severities = [("SEV-1", words, words)] * 3
    yield (
        "declare",
        modals.declare(severities, [("api", words)] * 120, words, "SEV-1", words, "http://127.0.0.1:9000/response/1"),
    )
    message = Message("C0042", "1763647320.000100", words, words, words)
    yield (
        "declare from a message",
        modals.declare(severities, (), words, None, words, "http://127.0.0.1:9000/response/1", message),
    )
    yield from _triage(words, incident)
    yield from _home(words, incident)
    yield "update", modals.update(incident, ["identified", "monitoring"], words)
    yield "update for the public", modals.update(incident, [], words, public=True)
    yield "resolve", modals.resolve(incident, words)
    yield "postmortem", modals.postmortem(incident)
    yield "postmortem again", modals.postmortem(incident, modals.Written(words, words, words, words, words))


def _home(words: str, incident: Incident) -> Iterator[tuple[str, Any]]:
    """A full tab, and an empty one."""
    shift = Shift(words, samples.START, samples.after(hours=4))
    turn = desk.Turn(words, shift, replace(shift, since=samples.after(hours=9), until=samples.after(hours=12)))
    due = [desk.Due(incident, what, samples.START) for what in (*home.EXPECTED, words)]
    full = desk.Desk((incident,) * 40, (incident,) * 40, {incident.number: words}, (turn,) * 30, tuple(due) * 5)
    duties = [Duty(words, shift, shift, None)] * 30
    more = [section(words)] * 40
    yield "home", home.tab(full, duties, {"ana": "U0001"}, samples.after(hours=1), more)
    yield "home of nothing", home.tab(desk.Desk(), [], {}, samples.after(hours=1))
    yield "home of a guest", home.closed(words)


def _triage(words: str, incident: Incident) -> Iterator[tuple[str, Any]]:
    """With everything that can stand around the form, for severities that are the team's own words."""
    asked = [
        Severity.model_construct(name=name, label=words, triage=(words or "?")[:75]) for name in ("SEV-1", "SEV-2")
    ]
    form = modals.declare([("SEV-1", words, words)], [("api", words)], words, "SEV-1", words, "http://127.0.0.1/1")
    open_ones = [incident] * 5
    yield "declare, proposed", triage.around(form, asked, open_ones, {incident.number: words}, "SEV-1", "SEV-1")
    yield "declare, chosen", triage.around(form, asked, open_ones, {}, "SEV-2", None)
    yield "joined instead", triage.joined_instead(incident, words)
