"""What people see, as files to read. Each is what Slack would be sent, or the Markdown that is kept."""

from dataclasses import replace

import pytest

from domain import desk
from domain.rotations import Shift
from domain.triage import questions as triage_questions
from service.on_call import Duty
from tests.policies import policy
from tests.views.samples import (
    ACKNOWLEDGED,
    CLOSED,
    DECLARED,
    FRESH,
    LOOK,
    PEOPLE,
    RESOLVED,
    RUNBOOKS,
    SERVICES,
    SEVERITIES,
    START,
    STATES,
    TROUBLED,
    after,
)
from views import home, modals, triage
from views.announcement import announcement
from views.blocks import stamp
from views.card import card
from views.explain import explained
from views.page import page_dm
from views.postmortem import postmortem

WRITTEN = modals.Written(
    summary="Writes failed for an hour.\n\n# the <primary> had no disk left",
    root_cause="The disk of the primary was full.",
    went_well="The page was answered in three minutes.",
    action_item="Alert at 80 % of the disk",
)


@pytest.mark.parametrize("state", STATES)
def test_the_card(state, golden):
    seen = card(STATES[state], runbooks=RUNBOOKS, services=dict(SERVICES), postmortem=True, **LOOK)
    golden(f"card-{state}.json", stamp(seen, "muster-17"))


@pytest.mark.parametrize("state", ["fresh", "acknowledged", "resolved"])
def test_the_announcement(state, golden):
    golden(f"announcement-{state}.json", announcement(STATES[state], postmortem=True, **LOOK))


def test_the_form_to_declare(golden):
    seen = modals.declare(
        SEVERITIES, SERVICES, "db down", "SEV-1", "Every write fails.", "http://127.0.0.1:9000/response/1"
    )
    golden("modal-declare.json", seen)


def test_the_form_to_declare_with_what_helps_to_fill_it_in(golden):
    asked = triage_questions(policy().severities)
    form = modals.declare(SEVERITIES, SERVICES, "db down", "SEV-1", "", "http://127.0.0.1:9000/response/1")
    golden("modal-declare-triage.json", triage.around(form, asked, [DECLARED], {42: "C0ROOM42"}, "SEV-1", "SEV-1"))
    golden("modal-joined.json", triage.joined_instead(ACKNOWLEDGED.incident, "C0ROOM42"))


def test_the_home_tab(golden):
    shift = Shift("ana", START, after(hours=20))
    turns = (desk.Turn("primary", shift, Shift("ana", after(hours=188), after(hours=356))),)
    due = (desk.Due(DECLARED, desk.ACKNOWLEDGE, after(minutes=5)), desk.Due(RESOLVED.incident, desk.POSTMORTEM))
    others = (replace(ACKNOWLEDGED.incident, number=41, title="search lags", commander="U0002"),)
    seen = desk.Desk((DECLARED,), others, {42: "C0042"}, turns, due)
    duties = [Duty("primary", shift, Shift("ben", after(hours=20), after(hours=188)), None)]
    golden("home.json", home.tab(seen, duties, {"ana": "U0001", "ben": "U0002"}, after(minutes=12)))
    golden("home-empty.json", home.tab(desk.Desk(), [], {}, after(minutes=12)))


def test_the_forms_of_an_incident(golden):
    golden("modal-update.json", modals.update(DECLARED, ["identified", "monitoring"]))
    golden("modal-resolve.json", modals.resolve(DECLARED))
    golden("modal-postmortem.json", modals.postmortem(RESOLVED.incident))


@pytest.mark.parametrize(("state", "record"), [("fresh", FRESH), ("acknowledged", ACKNOWLEDGED)])
def test_the_page(state, record, golden):
    golden(f"page-{state}.json", page_dm(record))


@pytest.mark.parametrize(
    ("state", "record", "minutes"),
    [("fresh", FRESH, 0), ("troubled", TROUBLED, 3), ("acknowledged", ACKNOWLEDGED, 10), ("closed", CLOSED, 600)],
)
def test_explain(state, record, minutes, golden):
    golden(f"explain-{state}.md", explained(record, after(minutes=minutes), PEOPLE)["text"] + "\n")


def test_the_postmortem(golden):
    names = {"U0001": "Ana", "U0002": "Ben", "ana": "Ana", "ben": "Ben"}
    golden("postmortem.md", postmortem(CLOSED, WRITTEN, names))


def test_a_postmortem_of_which_nothing_is_written_says_so(golden):
    golden("postmortem-empty.md", postmortem(RESOLVED, modals.Written(), {}))
