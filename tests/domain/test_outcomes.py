"""What follows from a delivery: what is written down, what the room or the commander is told, and how often."""

from dataclasses import replace

import pytest

from domain import decisions, outcomes, paging
from domain.record import DELIVERED, DROPPED, FAILED, Receipt, Ref
from tests.domain.ledger import Ledger, effects, said

ROOM = Ref("channel", "C0042", data={"name": "inc-42-db-down"})


@pytest.fixture
def ledger():
    built = Ledger()
    built.declare()
    built.know(ROOM)
    return built


def owed(ledger, kind):
    return next(each for each in ledger.record.owed if each.kind == kind)


def failed(ledger, kind, reason="refused"):
    row = owed(ledger, kind)
    return ledger.apply(outcomes.failed(ledger.record, ledger.policy, row, reason, ledger.now))


def delivered(ledger, kind, *receipt, **more):
    row = owed(ledger, kind)
    return ledger.apply(outcomes.delivered(ledger.record, ledger.policy, row, Receipt(*receipt, **more), ledger.now))


def test_a_delivery_is_written_with_its_plan_its_time_and_the_vendor_s_id(ledger):
    page = owed(ledger, "page")
    [entry] = delivered(ledger, "page", "key-1", result="accepted").entries
    told = {name: entry.data[name] for name in ("owed", "lane", "kind", "state", "vendor_id", "result", "due_at")}
    assert told == {
        "owed": page.id,
        "lane": "pagerduty",
        "kind": "page",
        "state": DELIVERED,
        "vendor_id": "key-1",
        "result": "accepted",
        "due_at": page.due_at.isoformat(),
    }


@pytest.mark.parametrize("kind", ["page", "create_issue", "create_status", "announce"])
def test_what_stands_on_the_card_is_shown_there_once_it_is_out(ledger, kind):
    assert ("refresh_card", "card") in effects(delivered(ledger, kind))


def test_what_does_not_stand_on_the_card_costs_no_edit(ledger):
    assert effects(delivered(ledger, "set_topic")) == []


def test_announcements_learn_the_issue_s_name(ledger):
    ledger.know(Ref("announcement", "1700.1", "C0INCIDENTS"))
    assert ("refresh_announcement", "C0INCIDENTS") in effects(delivered(ledger, "create_issue"))


def test_what_the_room_should_know_of_a_delivery_is_said(ledger):
    assert said(delivered(ledger, "invite", problem="the group has more people")) == ["problem"]
    assert said(delivered(ledger, "invite", uninvited=(("U0009", "a guest"),))) == ["problem"]


def test_a_failure_is_said_with_what_why_and_its_button_and_the_same_of_another_call_is_not(ledger):
    ledger.do(decisions.update, "U0001", "a replica is promoted")
    first, again = failed(ledger, "create_issue"), failed(ledger, "comment")
    [told] = [each.data for each in first.effects if each.kind == "post"]
    assert (told["say"], told["what"], told["reason"]) == ("failed", "create_issue", "refused")
    assert told["owed"] == owed(ledger, "create_issue").id
    assert said(again) == []
    assert [each.entries[0].data["state"] for each in (first, again)] == [FAILED, FAILED]


def test_a_room_that_fails_cannot_be_told_in_the_room_so_the_commander_is(ledger):
    [(kind, target), *_] = effects(failed(ledger, "set_topic"))
    assert (kind, target) == ("tell", "user:U0001")


def test_a_refused_page_goes_on_by_the_next_means_and_is_said(ledger):
    decision = failed(ledger, "page", "invalid key")
    assert {kind for kind, _ in effects(decision)} >= {"page", "call", "text"}
    assert "page_failed" in said(decision)


def test_a_vendor_in_trouble_is_shown_at_the_first_failure_and_not_at_each(ledger):
    issue = owed(ledger, "create_issue")
    first = outcomes.late(ledger.record, issue)
    assert effects(first) == [("refresh_card", "card")]
    assert said(first) == []


def test_what_is_dropped_is_written_with_the_reason(ledger):
    ledger.do(decisions.acknowledge, "U0002", "button")
    page = owed(ledger, "page")
    reason = paging.unwanted(page, ledger.record.incident)
    [entry] = outcomes.dropped(ledger.record, page, reason, ledger.now).entries
    assert (entry.data["state"], entry.data["result"]) == (DROPPED, "acknowledged before it was sent")


def test_an_archive_is_unwanted_once_the_incident_is_open_again(ledger):
    ledger.do(decisions.resolve, "U0001", "restarted")
    ledger.wait(hours=24)
    row = owed(ledger, "archive")
    assert outcomes.unwanted(row, ledger.record.incident) == ""
    ledger.do(decisions.reopen, "U0001", "")
    assert outcomes.unwanted(row, ledger.record.incident) == "reopened before it was archived"


def test_whoever_is_paged_while_somebody_answers_is_told_who_did(ledger):
    message = Ref("direct_message", "1700.2", "D0001")
    assert ("refresh_page", "1700.2") not in effects(delivered(ledger, "page", "1700.2", (message,)))
    ledger.do(decisions.acknowledge, "U0002", "button")
    assert ("refresh_page", "1700.2") in effects(delivered(ledger, "page", "1700.2", (message,)))


def test_the_public_is_told_the_end_even_behind_a_beginning_that_failed(ledger):
    creation = owed(ledger, "create_status")
    rows = [replace(each, state=FAILED) if each is creation else each for each in ledger.record.owed]
    ledger.record = replace(ledger.record, owed=tuple(rows))
    [end] = [each for each in ledger.do(decisions.resolve, "U0001", "restarted").effects if each.lane == "statuspage"]
    assert (end.kind, end.target, end.data["status"]) == ("update_status", creation.target, "resolved")


def test_a_room_that_was_archived_while_the_incident_was_reopened_is_opened_again(ledger):
    ledger.do(decisions.resolve, "U0001", "restarted")
    ledger.wait(hours=24)
    ledger.do(decisions.reopen, "U0003", "it is back")
    done = delivered(ledger, "archive", "C0042")
    assert effects(done) == [("unarchive", "room"), ("post", "room")]
    assert done.effects[1].data == {"say": "reopened", "by": "U0003", "text": "it is back"}


def archiving(ledger):
    ledger.do(decisions.resolve, "U0001", "restarted")
    ledger.apply(decisions.archive_due(ledger.record))
    return owed(ledger, "archive")


def told_of(ledger, kind):
    """Whom it is said to that this was refused, in the words of the effects."""
    decision = failed(ledger, kind, "the channel is archived")
    return [entry.data["state"] for entry in decision.entries], effects(decision)


def test_what_the_archive_has_overtaken_is_no_failure(ledger):
    archiving(ledger)
    assert outcomes.overtaken(ledger.record, owed(ledger, "refresh_card"))
    assert told_of(ledger, "refresh_card") == ([DELIVERED], [])

    archived = replace(ROOM, data={**ROOM.data, "archived": True})
    assert outcomes.overtaken(replace(ledger.record, refs=(archived,), owed=()), owed(ledger, "set_topic"))


def test_what_is_refused_while_nobody_archives_is_a_failure_and_so_is_an_archive_that_is_refused(ledger):
    assert not outcomes.overtaken(ledger.record, owed(ledger, "set_topic"))
    assert not outcomes.overtaken(ledger.record, archiving(ledger))
    assert not outcomes.overtaken(ledger.record, owed(ledger, "create_issue"))
    assert told_of(ledger, "archive")[0] == [FAILED]
