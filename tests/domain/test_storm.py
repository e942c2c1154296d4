"""Many incidents at once: what goes out, what another ring covers, what waits, and who was called enough."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.record import DELIVERED, Owed
from domain.settings import Paging
from domain.storm import Capped, Covered, Held, Ring, concerns, judge

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
RULES = Paging()


def ring(incident, kind="call", sent=None, covers=(), **data):
    """A ring for Ana; `sent` minutes ago, or not yet."""
    at = None if sent is None else NOW - timedelta(minutes=sent)
    lane = "slack-page" if kind == "page" else "twilio"
    data = {"person": "ana", **({"covers": list(covers)} if covers else {}), **data}
    return Owed(incident, incident, lane, kind, "t", NOW, NOW, data, state=DELIVERED if at else "waiting", sent_at=at)


def judged(owed, rung=(), coming=()):
    return judge(owed, rung, coming, RULES, NOW)


def test_the_first_call_names_all_that_would_ring_before_the_next():
    assert judged(ring(1), coming=[3, 2, 1, 3]) == Ring((2, 3))


def test_what_a_call_has_named_is_covered_once_the_call_was_taken():
    taken = ring(1, sent=1, covers=(2, 3))
    assert judged(ring(2), [taken]) == Covered(taken)
    wire = replace(taken, state="waiting", sent_at=None, claimed=True)
    assert judged(ring(2), [wire]) == Held(NOW + timedelta(seconds=2), wire, quietly=True)


def test_what_no_call_has_named_waits_until_the_next_may_go():
    last = ring(1, sent=1)
    assert judged(ring(9), [last]) == Held(NOW + timedelta(minutes=4), last)
    assert judged(ring(9), [ring(1, sent=5)]) == Ring()


def test_the_levels_of_one_incident_keep_their_times():
    assert judged(ring(1), [ring(1, sent=1)]) == Ring()


def test_what_stands_in_for_a_means_that_failed_does_not_wait():
    assert judged(ring(9, instead_of="slack-page"), [ring(1, sent=1)]) == Ring()


def test_after_six_calls_in_half_an_hour_somebody_else_is_needed():
    calls = [ring(n, sent=29 - n) for n in range(1, 6)]
    assert judged(ring(9), calls) == Ring()
    assert judged(ring(9), [*calls, ring(7, sent=6)]) == Capped(6)
    assert (
        judged(replace(ring(9), kind="text"), [replace(each, kind="text") for each in [*calls, ring(7, sent=6)]])
        == Ring()
    )


def test_messages_go_one_by_one_up_to_ten_and_then_gather():
    ten = [ring(n, "page", sent=2) for n in range(1, 11)]
    assert judged(ring(11, "page"), ten[:9], [12]) == Ring()
    assert judged(ring(11, "page"), ten, [12]) == Ring((12,))
    just_now = ring(11, "page", sent=0.25)
    assert judged(ring(12, "page"), [*ten, just_now]) == Held(NOW + timedelta(seconds=15), just_now)


def test_what_a_person_asked_for_and_a_vendors_page_are_nobodys_storm():
    assert concerns(ring(1))
    assert not concerns(ring(1, asked=True))
    assert not concerns(replace(ring(1, "page"), lane="pagerduty"))
