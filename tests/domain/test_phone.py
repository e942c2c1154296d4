"""What becomes of calls and texts: ends are final, machines are no people, and what is lost rings by what is left."""

from dataclasses import replace

import pytest

from domain import asking, decisions, outcomes, paging, phone
from domain.asking import Wanted
from domain.phone import News
from domain.record import DELIVERED, Receipt, Ref
from tests.domain.ledger import Ledger, effects, said
from tests.policies import policy

OWN = policy("PAGERDUTY")
ROOM = Ref("channel", "C0042", data={"name": "inc-42-db-down"})


@pytest.fixture
def ledger():
    """Ana has had her message, a call and a text."""
    built = Ledger(OWN)
    built.declare()
    built.know(ROOM)
    built.wait(minutes=2)
    for kind, sid in (("call", "CA1"), ("text", "SM1")):
        sent(built, kind, sid)
    return built


def sent(ledger, kind, sid, person="ana"):
    """The phone company has taken it."""
    row = next(o for o in ledger.record.owed if o.kind == kind and o.data["person"] == person and o.state != DELIVERED)
    taken = replace(row, state=DELIVERED, vendor_id=sid, attempts=1)
    ledger.record = replace(ledger.record, owed=tuple(taken if o.id == row.id else o for o in ledger.record.owed))
    ledger.know(Ref(kind, sid, name=person))
    return taken


def news(status, kind="call", **more):
    return News(kind, "CA1" if kind == "call" else "SM1", status, 42, "ana", **more)


def told(ledger, item):
    """The decision, or None where it is no news."""
    ref = phone.ref_of(ledger.record, item)
    if not phone.is_news(ref, item):
        return None
    decision = phone.told(ledger.record, ledger.policy, ref, item, ledger.now)
    others = (each for each in ledger.record.refs if each.value != item.sid)
    ledger.record = replace(ledger.record, refs=(*others, phone.changed(ref, item)))
    return ledger.apply(decision)


def status(ledger, sid="CA1"):
    return next(ref.data["status"] for ref in ledger.record.refs if ref.value == sid)


@pytest.mark.parametrize(
    ("heard", "keys", "came_to"),
    [
        ("human", "1", "completed"),
        ("human", "", "no_key"),
        ("human", "9", "no_key"),
        ("", "", "no_key"),
        ("unknown", "", "no_key"),
        ("machine_start", "", "voicemail"),
        ("machine_end_beep", "1", "voicemail"),
        ("fax", "", "fax"),
    ],
)
def test_a_call_that_was_picked_up_came_to_what_was_heard_and_pressed(ledger, heard, keys, came_to):
    ref = phone.pressed(Ref("call", "CA1", name="ana"), keys)
    assert phone.outcome(ref, news("completed", heard=heard)) == came_to


@pytest.mark.parametrize("end", ["busy", "no-answer", "completed", "canceled"])
def test_no_end_of_a_call_is_an_acknowledgement_or_rings_anybody(ledger, end):
    decision = told(ledger, news(end, sequence=3))
    assert ledger.record.incident.acknowledged_at is None
    assert effects(decision) == [("refresh_card", "card")]
    assert "acknowledge_timeout" in ledger.waiting_timers()


def test_what_is_told_out_of_order_takes_nothing_back(ledger):
    assert told(ledger, news("in-progress", sequence=2))
    assert told(ledger, news("ringing", sequence=1)) is None
    assert told(ledger, news("busy", sequence=3))
    assert told(ledger, news("in-progress", sequence=4)) is None
    assert status(ledger) == "busy"


def test_the_same_twice_is_no_news(ledger):
    assert told(ledger, news("sent", "text"))
    assert told(ledger, news("sent", "text")) is None


def test_a_text_that_is_lost_is_said_and_waits_for_the_call_that_still_rings(ledger):
    decision = told(ledger, news("undelivered", "text", code=30003))
    assert said(decision) == ["ring_lost"]
    assert not [kind for kind, _ in effects(decision) if kind in paging.RINGS]


def test_once_nothing_of_the_level_arrived_the_next_one_is_asked_at_once(ledger):
    told(ledger, news("undelivered", "text", code=30003))
    page = next(o for o in ledger.record.owed if o.kind == "page")
    refused = replace(page, state="waiting", error="refused", attempts=1)
    ledger.record = replace(ledger.record, owed=tuple(refused if o.id == page.id else o for o in ledger.record.owed))
    decision = told(ledger, news("failed", sequence=1, code=13224))
    assert "escalated" in [entry.data.get("step") for entry in decision.entries]
    assert ledger.rung[-1][1:] == ("text", "ben")


def test_a_text_that_is_lost_before_anybody_was_called_calls_them(ledger):
    ledger.record = replace(ledger.record, owed=tuple(o for o in ledger.record.owed if o.kind != "call"))
    decision = told(ledger, news("failed", "text", code=30005))
    assert [(kind, target.split(":")[1]) for kind, target in effects(decision, "twilio")] == [("call", "ana")]
    assert decision.timers[0].kind == "page_overdue"


def test_news_that_are_quicker_than_the_answer_to_the_request_know_their_row(ledger):
    row = next(o for o in ledger.record.owed if o.kind == "text")
    ledger.record = replace(
        ledger.record,
        owed=tuple(replace(o, vendor_id="", state="waiting", claimed=True) if o.id == row.id else o
                   for o in ledger.record.owed),
        refs=(ROOM,),
    )  # fmt: skip
    assert said(told(ledger, news("failed", "text", ring=row.id))) == ["ring_lost"]


def test_after_an_acknowledgement_what_is_lost_rings_nobody(ledger):
    ledger.do(decisions.acknowledge, "U0002", "button")
    lost = told(ledger, news("undelivered", "text"))
    assert (said(lost), [kind for kind, _ in effects(lost) if kind in paging.RINGS], lost.timers) == ([], [], ())


def ends(decision):
    return [target for kind, target in effects(decision) if kind == "hang_up"]


@pytest.mark.parametrize("so_far", ["", "queued", "initiated", "ringing"])
def test_a_call_that_nobody_has_picked_up_ends_with_the_acknowledgement(ledger, so_far):
    if so_far:
        told(ledger, news(so_far, sequence=0))
    assert ends(ledger.do(decisions.acknowledge, "U0002", "button")) == ["hang_up:CA1"]
    assert ends(ledger.do(decisions.resolve, "U0002", "restarted")) == []


@pytest.mark.parametrize("so_far", ["in-progress", "busy", "completed"])
def test_a_conversation_and_a_call_that_is_over_are_left_alone(ledger, so_far):
    told(ledger, news(so_far, sequence=0))
    assert ends(ledger.do(decisions.acknowledge, "U0002", "button")) == []


def test_the_call_on_which_the_key_was_pressed_is_not_cut_off(ledger):
    assert ends(ledger.do(decisions.acknowledge, "U0001", "phone")) == []


def test_a_call_that_a_person_asked_for_rings_on_until_the_end(ledger):
    ledger.do(asking.page, Wanted(("U0002",)), "U0001", "help")
    sent(ledger, "call", "CA2", "ben")
    assert ends(ledger.do(decisions.acknowledge, "U0003", "button")) == ["hang_up:CA1"]
    assert ends(ledger.do(decisions.resolve, "U0003", "restarted")) == ["hang_up:CA2"]


def test_a_call_that_was_on_the_wire_while_somebody_answered_is_ended_once_it_is_known(ledger):
    row = next(o for o in ledger.record.owed if o.kind == "call")
    ledger.record = replace(ledger.record, refs=(ROOM,))
    ledger.do(decisions.acknowledge, "U0002", "button")
    ledger.know(Ref("call", "CA1", name="ana"))
    decision = outcomes.delivered(ledger.record, ledger.policy, row, Receipt("CA1"), ledger.now)
    assert ends(decision) == ["hang_up:CA1"]
