"""When a room is reminded, of what, and when it is not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import decisions, nudges, reminders, seats, severity_change, sla, snooze, stable
from domain.decision import MUSTER, Entry
from domain.errors import Refused
from domain.record import DELIVERED, WAITING, Ref
from tests.domain.ledger import EVERY_VENDOR, START, Ledger
from tests.policies import policy

ROOM = Ref("channel", "C0042", data={"name": "inc-42-db-down"})
ANA, BEN = "U0001", "U0002"
QUIET = policy("STATUSPAGE")


def begun(severity="SEV-1", rules=QUIET, **changes):
    ledger = Ledger(rules)
    ledger.declare(severity, **changes)
    ledger.know(ROOM)
    return ledger


def told(ledger, kind=""):
    """(minutes since the start, what) of every reminder that was owed."""
    return [
        (int((each.due_at - START).total_seconds() // 60), each.data["say"])
        for each in ledger.record.owed
        if each.kind == nudges.POST and kind in ("", each.data["reminder"])
    ]


def seated(ledger, *roles):
    for role in ledger.policy.roles:
        if role.id in roles:
            ledger.apply(seats.give(ledger.record, ledger.policy, role, BEN, ANA, ledger.now))


def test_the_room_is_asked_for_an_update_in_the_rhythm_of_its_severity_until_it_is_over():
    ledger = begun("SEV-1")
    ledger.wait(minutes=20)
    ledger.do(decisions.update, ANA, "failing over")
    ledger.wait(minutes=40)
    ledger.do(decisions.resolve, ANA, "failed over")
    ledger.wait(hours=5)
    assert told(ledger, "internal_update_due") == [
        (15, "internal_update_due"),
        *((m, "internal_update_due") for m in (35, 50)),
    ]


def test_of_a_reminder_and_an_offer_of_help_in_the_same_minute_the_offer_is_said_which_asks_for_both():
    ledger = begun("SEV-1")
    ledger.do(decisions.acknowledge, ANA, "button")
    ledger.do(decisions.update, ANA, "failing over")
    ledger.wait(minutes=35)
    offers = [o for o in ledger.record.owed if o.data.get("say") == "offer_escalation"]
    assert [(o.due_at - START).total_seconds() for o in offers] == [15 * 60]
    assert told(ledger, "internal_update_due") == [(30, "internal_update_due")]


def test_a_reminder_is_said_where_the_offer_is_for_another_minute():
    ledger = begun("SEV-1")
    ledger.wait(minutes=2)
    ledger.do(decisions.acknowledge, ANA, "button")
    ledger.wait(minutes=16)
    assert told(ledger, "internal_update_due") == [(15, "internal_update_due")]


def test_a_status_counts_as_an_update_and_so_does_whatever_is_written_by_other_ways():
    ledger = begun("SEV-2")
    ledger.wait(minutes=20)
    ledger.do(decisions.set_status, ANA, "identified", "")
    ledger.wait(minutes=20)
    entry = Entry("update", BEN, {"text": "from a reaction"}, at=ledger.now)
    ledger.record = replace(ledger.record, timeline=(*ledger.record.timeline, entry))
    ledger.wait(minutes=29)
    assert told(ledger, "internal_update_due") == []
    ledger.wait(minutes=2)
    assert told(ledger, "internal_update_due") == [(70, "internal_update_due")]


def test_the_public_is_owed_an_update_only_where_it_knows_of_the_incident():
    for rules, changes in ((QUIET, {}), (EVERY_VENDOR, {"private": True}), (EVERY_VENDOR, {"drill": True})):
        ledger = begun("SEV-1", rules, **changes)
        ledger.wait(hours=2)
        assert told(ledger, "public_update_due") == []
    asked = begun("SEV-2", EVERY_VENDOR)
    asked.wait(hours=1, minutes=10)
    assert told(asked, "public_update_due") == []
    asked.apply(decisions.publish_status(asked.record, asked.policy, ANA))
    asked.deliver()
    delivery = Entry("delivery", MUSTER, {"kind": "create_status", "state": DELIVERED}, at=asked.now)
    asked.record = replace(asked.record, timeline=(*asked.record.timeline, delivery))
    asked.wait(minutes=35)
    assert told(asked, "public_update_due") == [(100, "public_update_due")]


def test_a_reminder_takes_the_place_of_the_one_before_and_goes_with_what_it_asks_for():
    ledger = begun("SEV-1")
    ledger.wait(minutes=16)
    ledger.know(Ref(nudges.REF, "17.1", "internal_update_due", data={"channel": "C0042"}))
    ledger.wait(minutes=15)
    kinds = [each.kind for each in ledger.record.owed if each.target == "reminder:internal_update_due"]
    assert kinds == ["post_reminder", "remove_reminder", "post_reminder"]
    ledger.do(decisions.update, ANA, "failing over")
    assert [each.kind for each in ledger.last.effects if each.target.startswith("reminder:")] == ["remove_reminder"]


def test_roles_that_the_severity_wants_are_asked_for_once_and_again_when_one_becomes_empty():
    ledger = begun("SEV-1")
    ledger.wait(minutes=30)
    assert told(ledger, "role_empty") == [(10, "role_empty")]
    assert [each.data["roles"] for each in ledger.record.owed if each.data.get("reminder") == "role_empty"] == [
        [["tech", "Technical lead"], ["comms", "Communications"]]
    ]
    calm = begun("SEV-1")
    seated(calm, "tech", "comms")
    calm.wait(minutes=20)
    calm.apply(seats.gone(calm.record, calm.policy, BEN, calm.now))
    calm.wait(minutes=30)
    assert told(calm, "role_empty") == [(30, "role_empty")]


@pytest.mark.parametrize("severity", ["SEV-3", "SEV-4"])
def test_where_nobody_is_paged_reminders_wait_for_working_hours(severity):
    # START is a Friday, at three in the night.
    ledger = begun(severity, reporter=ANA)
    told_at = {t.kind: (t.due_at - START) for t in ledger.record.timers if t.kind in reminders.KINDS}
    assert told_at["stale"] == timedelta(hours=6)
    assert told_at.get("unacknowledged") == (timedelta(hours=6) if severity == "SEV-3" else None)
    ledger.wait(hours=7)
    assert ("unacknowledged" in {say for _, say in told(ledger)}) == (severity == "SEV-3")


def test_whatever_anybody_does_keeps_an_incident_from_being_called_stale():
    ledger = begun("SEV-3")
    ledger.wait(hours=8)  # eleven
    seated(ledger, "scribe")
    ledger.wait(hours=3)
    stale = [at for at, say in told(ledger) if say == "stale"]
    assert stale == [6 * 60]
    ledger.wait(hours=2)
    assert [at for at, say in told(ledger) if say == "stale"] == [6 * 60, 12 * 60]


def test_without_a_room_the_commander_is_told():
    ledger = Ledger(QUIET)
    ledger.declare("SEV-4")
    ledger.wait(hours=7)
    assert ("user:U0001", "stale") in [(e.target, e.data["say"]) for e in ledger.record.owed if e.kind == "tell"]


def test_the_promise_is_warned_of_at_its_share_and_broken_at_its_end():
    ledger = begun("SEV-2")
    due = {timer.kind: (timer.due_at - START) for timer in ledger.record.timers if timer.kind in sla.KINDS}
    assert due == {"sla_warning": timedelta(minutes=12), "sla_breach": timedelta(minutes=15)}
    ledger.wait(minutes=16)
    assert told(ledger, "sla") == [(12, "sla_warning"), (15, "sla_breach")]
    assert ledger.record.incident.sla_breached
    assert [entry.data["step"] for entry in ledger.record.entries("sla")] == ["warning", "breach"]


@pytest.mark.parametrize(("minutes", "broken"), [(14, False), (15, False), (16, True)])
def test_an_acknowledgement_in_time_keeps_the_promise_and_a_late_one_says_so_though_nobody_was_there(minutes, broken):
    ledger = begun("SEV-2")
    ledger.now += timedelta(minutes=minutes)  # nothing ran meanwhile
    ledger.do(decisions.acknowledge, ANA, "button")
    assert ledger.record.incident.sla_breached is broken
    assert ledger.waiting_timers().isdisjoint(sla.KINDS)


def test_where_nobody_is_paged_those_who_want_to_know_are_told_of_a_broken_promise():
    def told_of(severity):
        ledger = begun(severity)
        ledger.wait(hours=3)
        return [
            each.data["user"]
            for each in ledger.record.owed
            if each.data.get("say") == "sla_breach" and each.kind == "tell"
        ]

    assert told_of("SEV-3") == [BEN]
    assert told_of("SEV-2") == []


def test_a_promise_in_working_hours_is_warned_of_in_working_hours():
    ledger = begun("SEV-4")
    due = {timer.kind: timer.due_at for timer in ledger.record.timers if timer.kind in sla.KINDS}
    # Friday from nine to five is all of the eight hours.
    assert due["sla_breach"] - START == timedelta(hours=14)
    assert due["sla_warning"] - START == timedelta(hours=6) + timedelta(hours=8) * 0.8


def test_a_snooze_puts_off_what_is_due_before_its_end_and_nothing_that_rings():
    ledger = begun("SEV-1")
    ringing = {(t.kind, t.due_at) for t in ledger.record.timers if t.kind not in reminders.KINDS}
    ledger.apply(snooze.snooze(ledger.record, QUIET, BEN, START + timedelta(hours=1), ledger.now))
    assert {(t.kind, t.due_at) for t in ledger.record.timers if t.kind not in reminders.KINDS} == ringing
    assert min(t.due_at for t in ledger.record.timers if t.kind in reminders.KINDS) == START + timedelta(hours=1)
    ledger.do(decisions.update, ANA, "an update begins no reminder before the snooze is over")
    ledger.wait(minutes=59)
    assert {say for _, say in told(ledger)} == {"snoozed", "sla_warning", "sla_breach"}
    ledger.wait(minutes=2)
    assert (60, "internal_update_due") in told(ledger)


def test_asked_later_whether_it_is_stable_the_question_comes_when_the_snooze_is_over():
    ledger = begun("SEV-2")
    ledger.do(decisions.resolve, ANA, "restarted")
    ledger.wait(minutes=31)
    ledger.apply(snooze.snooze(ledger.record, QUIET, ANA, ledger.now + timedelta(minutes=30), ledger.now))
    ledger.wait(hours=2)
    assert [at for at, say in told(ledger) if say == "stable_check"] == [30, 61]


def test_where_a_machine_declared_it_the_first_to_acknowledge_takes_the_lead_off_the_list():
    ledger = begun("SEV-1", reporter=MUSTER)
    ledger.wait(minutes=11)
    ledger.know(Ref(nudges.REF, "17.1", "role_empty", data={"channel": "C0042"}))
    assert [id for id, _ in told_roles(ledger)] == ["commander", "tech", "comms"]
    ledger.do(decisions.acknowledge, BEN, "phone")
    assert [id for id, _ in told_roles(ledger)] == ["tech", "comms"]


def told_roles(ledger):
    """What the newest reminder of empty roles names."""
    return [each.data["roles"] for each in ledger.record.owed if each.data.get("say") == "role_empty"][-1]


def test_a_snooze_taken_back_is_as_if_it_had_never_been():
    ledger, other = begun("SEV-1"), begun("SEV-1")
    ledger.apply(snooze.snooze(ledger.record, QUIET, BEN, START + timedelta(hours=1), ledger.now))
    [entry] = ledger.apply(snooze.wake(ledger.record, QUIET, ANA, ledger.now)).entries
    assert (entry.data["before"], entry.data["after"]) == ((START + timedelta(hours=1)).isoformat(), None)
    assert sorted(map(str, ledger.record.timers)) == sorted(map(str, other.record.timers))
    assert snooze.wake(ledger.record, QUIET, ANA, ledger.now).entries == ()


@pytest.mark.parametrize(("until", "words"), [(timedelta(), "That is past"), (timedelta(hours=25), "lasts 1d at most")])
def test_a_snooze_that_makes_no_sense_is_refused(until, words):
    ledger = begun()
    with pytest.raises(Refused, match=words):
        snooze.snooze(ledger.record, QUIET, BEN, ledger.now + until, ledger.now)


def test_whether_it_is_stable_is_asked_once_answered_once_and_asked_anew_after_a_reopening():
    ledger = begun("SEV-2")
    ledger.do(decisions.resolve, ANA, "restarted")
    assert stable.is_asked(ledger.record, QUIET)
    ledger.wait(hours=2)
    assert [at for at, say in told(ledger) if say == "stable_check"] == [30]
    ledger.apply(stable.confirm(ledger.record, QUIET, BEN))
    assert not stable.is_asked(ledger.record, QUIET)
    assert stable.confirm(ledger.record, QUIET, ANA).entries == ()
    ledger.now += timedelta(minutes=1)
    ledger.do(decisions.reopen, ANA, "it is back")
    with pytest.raises(Refused, match="asked after a resolution"):
        stable.confirm(ledger.record, QUIET, ANA)
    ledger.wait(minutes=31)
    assert told(ledger)[-1] == (151, "internal_update_due")
    ledger.do(decisions.resolve, ANA, "restarted again")
    assert stable.is_asked(ledger.record, QUIET)


def test_all_who_did_something_are_thanked_in_the_order_in_which_they_came():
    ledger = begun("SEV-2")
    ledger.do(decisions.acknowledge, BEN, "phone")
    ledger.do(decisions.update, "U0003", "it is the disk")
    ledger.do(decisions.resolve, ANA, "made room")
    ledger.do(decisions.close, ANA)
    [closed] = [each for each in ledger.last.effects if each.data.get("say") == "closed"]
    assert closed.data["people"] == [ANA, BEN, "U0003"]


def test_what_was_never_posted_is_dropped_when_it_is_over():
    ledger = begun("SEV-1")
    ledger.vendors_answer = False
    ledger.wait(minutes=16)
    waiting = [o for o in ledger.record.owed if o.kind == nudges.POST and o.state == WAITING]
    over = replace(ledger.record.incident, status="resolved")
    assert waiting
    assert {nudges.unwanted(owed, ledger.record.incident) for owed in waiting} == {""}
    assert {nudges.unwanted(owed, over) for owed in waiting} == {"resolved before it was said"}


@pytest.mark.parametrize(("severity", "every"), [("SEV-1", 15), ("SEV-2", 30)])
def test_what_turns_out_to_be_worse_is_reminded_of_as_what_it_is(severity, every):
    ledger = begun("SEV-3")
    ledger.wait(minutes=4)
    ledger.know(Ref(nudges.REF, "17.1", nudges.UNACKNOWLEDGED, data={"channel": "C0042"}))
    ledger.apply(severity_change.change(ledger.record, QUIET, ANA, severity, "all is down", ledger.now))
    assert "reminder:unacknowledged" in [each.target for each in ledger.last.effects if each.kind == "remove_reminder"]
    due = {t.kind: t.due_at - ledger.now for t in ledger.record.timers if t.kind in reminders.ALL}
    within = QUIET.severity(severity).acknowledge_within
    assert (due["sla_warning"], due["sla_breach"]) == (within * 0.8, within)
    assert due["internal_update_due"] == timedelta(minutes=every)
    assert {"unacknowledged", "stale"}.isdisjoint(due)
    assert ("role_empty" in due) == (severity == "SEV-1")


def test_what_turns_out_to_be_less_is_no_longer_asked_for():
    ledger = begun("SEV-1")
    ledger.wait(minutes=3)
    ledger.apply(severity_change.change(ledger.record, QUIET, ANA, "SEV-3", "", ledger.now))
    assert {"internal_update_due", "public_update_due", "role_empty"}.isdisjoint(ledger.waiting_timers())
    assert {"sla_breach", "stale", "unacknowledged"} <= ledger.waiting_timers()
