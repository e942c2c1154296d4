"""What goes over when two incidents are one, what each is told, and what cannot be one."""

from dataclasses import replace

import pytest

from domain import action_items, decisions, endings, merging, publishing
from domain.decision import Timer
from domain.errors import Refused
from domain.incidents import CLOSED, DUPLICATE, MERGED, RESOLVED, WITHDRAWN
from domain.record import Ref
from tests.domain.ledger import Ledger, effects, said
from tests.policies import policy

PUBLIC = Ref("status_incident", "p1", "statuspage")


def ledger(number, rules=None, **changes):
    """An incident of this number with a room."""
    built = Ledger(rules) if rules else Ledger()
    built.declare(number=number, **changes)
    built.record = replace(built.record, incident=replace(built.record.incident, number=number))
    built.know(Ref("channel", f"C00{number}"))
    return built


def join(one, other, outcome=MERGED, by="U0001"):
    return merging.join(one.record, other.record, one.policy, by, outcome, one.now)


def handed_over():
    """One whose public incident goes over to the other with it, and how it was decided."""
    one, other = ledger(9, services=("api",)), ledger(7)
    for each in (one, other):
        each.record = replace(each.record, owed=())
    one.know(PUBLIC)
    joined = join(one, other)
    assert joined.handed == PUBLIC
    return one, other, joined


def test_what_goes_into_another_one_ends_with_all_that_could_still_ring_or_remind():
    one, other = ledger(9, services=("api",)), ledger(7, reporter="U0003", services=("web",))
    joined = join(one, other)
    gone = joined.incident.incident
    assert (gone.status, gone.outcome, gone.merged_into) == (CLOSED, MERGED, 7)
    assert {timer.kind for timer in one.record.timers} <= set(joined.incident.cancel)
    assert ("resolve", "pagerduty") in {(each.kind, each.lane) for each in joined.incident.effects}
    assert [timer.kind for timer in joined.incident.timers] == ["archive_channel"]
    assert joined.into.incident.services == ("web", "api")
    assert joined.into.incident.open


def test_whoever_promised_something_is_still_reminded_of_it():
    one = ledger(9)
    promised = Timer(action_items.DUE, one.now, {"item": 7, "people": ["U0003"]})
    one.record = replace(one.record, timers=(*one.record.timers, promised))
    assert action_items.DUE not in join(one, ledger(7)).incident.cancel


def test_its_people_are_invited_where_it_goes_on_but_for_those_who_lead_there():
    one, other = ledger(9, reporter="U0002"), ledger(7, reporter="U0003")
    one.do(decisions.update, "U0003", "looking")
    [invited] = [each for each in join(one, other).into.effects if each.kind == "invite"]
    assert {"U0001", "U0002"} <= set(invited.data["users"])
    assert "U0003" not in invited.data["users"]


def test_a_duplicate_carries_nothing_over_and_both_name_each_other():
    one, other = ledger(9, services=("api",)), ledger(7, services=("web",))
    joined = join(one, other, DUPLICATE)
    assert joined.into.incident == other.record.incident
    assert "invite" not in [kind for kind, _ in effects(joined.into)]
    assert joined.incident.entries[0].data["into"] == "INC-7"
    assert joined.into.entries[0].data["key"] == "INC-9"


def test_the_public_incident_is_handed_over_where_the_other_one_has_none():
    one, other, joined = handed_over()
    assert not [each for each in joined.incident.effects if each.lane == "statuspage"]
    [told] = [each for each in joined.into.effects if each.lane == "statuspage"]
    assert told.kind == "update_status"
    assert merging.outlook(one.record, other.record, one.policy, MERGED).public == merging.HANDED_OVER


def test_what_the_other_one_still_holds_down_is_not_called_well_in_public():
    one, other = ledger(9, services=("api", "web")), ledger(7, services=("web",))
    one.know(PUBLIC)
    other.know(replace(PUBLIC, value="p2"))
    held = {one.policy.services["web"].statuspage_component}
    [told] = [each for each in join(one, other, DUPLICATE).incident.effects if each.lane == "statuspage"]
    assert told.data["status"] == "resolved"
    assert told.data["body"].endswith("this is part of another incident, in which we go on.")
    assert held.isdisjoint(told.data["components"])
    assert join(one, other).handed is None


@pytest.mark.parametrize(
    ("after", "public"),
    [
        ({}, merging.STAYS),
        ({"private": True}, merging.BACK),
        ({"status": RESOLVED}, merging.BACK),
        ({"status": CLOSED}, merging.BACK),
    ],
)
def test_reopened_it_has_its_public_incident_back_where_the_other_one_has_no_use_for_it(after, public):
    one, other = ledger(9, services=("api",)), ledger(7)
    for each in (one, other):
        each.record = replace(each.record, owed=())
    one.know(PUBLIC)
    joined = join(one, other)
    one.apply(joined.incident)
    other.apply(joined.into)
    other.know(PUBLIC)
    one.record = replace(one.record, refs=tuple(each for each in one.record.refs if each != PUBLIC))
    other.record = replace(other.record, incident=replace(other.record.incident, **after))

    told, back = merging.given_back(one.record, other.record, one.policy)
    assert (told, back) == (public, PUBLIC if public == merging.BACK else None)
    reopened = decisions.reopen(one.record, one.policy, "U0001", "", one.now, told)
    assert reopened.entries[0].data["public"] == public
    assert merging.given_back(one.record, replace(other.record, refs=()), one.policy) == ("", None)


@pytest.fixture
def merged_again():
    """Handed over, reopened while the other one kept its public incident, and merged once more."""
    one, other, joined = handed_over()
    one.record = replace(one.record, refs=tuple(each for each in one.record.refs if each != PUBLIC))
    other.know(PUBLIC)
    one.apply(joined.incident)
    other.apply(joined.into)
    other.apply(merging.released(other.record, one.record.incident, other.policy, "U0001", merging.STAYS))
    one.apply(decisions.reopen(one.record, one.policy, "U0001", "", one.now, merging.STAYS))
    return one, other


@pytest.mark.parametrize(
    ("outcome", "after", "public"),
    [
        (MERGED, {"status": RESOLVED}, merging.BACK),
        (DUPLICATE, {"status": RESOLVED}, merging.BACK),
        (MERGED, {}, merging.STAYS),
    ],
)
def test_merged_again_it_still_has_the_public_incident_back_that_stayed_the_first_time(
    merged_again, outcome, after, public
):
    one, other = merged_again
    joined = join(one, other, outcome)
    one.apply(joined.incident)
    other.apply(joined.into)
    other.record = replace(other.record, incident=replace(other.record.incident, **after))
    told, back = merging.given_back(one.record, other.record, one.policy)
    assert (told, back) == (public, PUBLIC if public == merging.BACK else None)


@pytest.mark.parametrize("known", [True, False])
def test_with_another_public_incident_of_its_own_it_takes_the_first_one_from_nobody(merged_again, known):
    one, other = merged_again
    one.do(publishing.publish, "U0001", "Logins fail.")
    if known:
        one.deliver()
        one.know(replace(PUBLIC, value="p2"))
    joined = join(one, other)
    one.apply(joined.incident)
    other.apply(joined.into)
    other.record = replace(other.record, incident=replace(other.record.incident, status=RESOLVED))
    assert merging.given_back(one.record, other.record, one.policy) == ("", None)


def test_what_was_never_handed_over_needs_no_word():
    one, other = ledger(9), ledger(7)
    one.apply(join(one, other).incident)
    other.know(PUBLIC)
    assert merging.given_back(one.record, other.record, one.policy) == ("", None)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"number": 9}, {"number": 9}, "cannot go into itself"),
        ({"number": 9, "status": CLOSED}, {"number": 7}, "INC-9 is closed already"),
        (
            {"number": 9, "status": CLOSED, "outcome": WITHDRAWN},
            {"number": 7},
            "INC-9 is over already: withdrawn, declared by mistake",
        ),
        ({"number": 9}, {"number": 7, "status": CLOSED}, "INC-7 is closed already"),
        ({"number": 9}, {"number": 7, "merged_into": 9, "outcome": MERGED, "status": CLOSED}, "round in a circle"),
        ({"number": 9}, {"number": 7, "merged_into": 5, "outcome": MERGED, "status": CLOSED}, "merge INC-9 INC-5"),
        ({"number": 9, "private": True}, {"number": 7}, "INC-9 is private and INC-7 is not"),
        ({"number": 9}, {"number": 7, "private": True}, "everybody here would be let in there"),
        ({"number": 9, "drill": True}, {"number": 7}, "INC-9 is a drill"),
        ({"number": 9, "test": True}, {"number": 7, "test": True}, "A test page"),
    ],
)
@pytest.mark.parametrize("outcome", [MERGED, DUPLICATE])
def test_what_cannot_be_one_is_refused_with_what_to_do(one, other, why, outcome):
    here, there = ledger(9), ledger(7)
    here.record = replace(here.record, incident=replace(here.record.incident, **one))
    there.record = replace(there.record, incident=replace(there.record.incident, **other))
    with pytest.raises(Refused, match=why):
        join(here, there, outcome)
    with pytest.raises(Refused, match=why):
        merging.outlook(here.record, there.record, here.policy, outcome)


def test_a_reopened_one_is_real_again_and_no_part_of_the_other():
    one, other = ledger(9), ledger(7, reporter="U0003")
    joined = join(one, other)
    one.apply(joined.incident)
    other.apply(joined.into)
    assert [entry.data["key"] for entry in merging.taken_in(other.record)] == ["INC-9"]

    other.apply(merging.released(other.record, one.record.incident, other.policy, "U0001"))
    back = one.do(decisions.reopen, "U0001", "it was something else").incident
    assert (back.outcome, back.merged_into) == ("real", None)
    assert merging.taken_in(other.record) == ()


def test_the_all_clear_goes_to_everybody_who_was_paged_or_told_but_for_whoever_gives_it():
    one = ledger(9, policy("PAGERDUTY"), reporter="U0003")
    told = [each.data["user"] for each in endings.all_clear(one.record, "U0003", "false_alarm", "")]
    assert "U0001" in told
    assert len(told) == len(set(told))
    assert "U0003" not in told


def test_undo_takes_back_the_newest_of_status_and_declaration_and_names_the_way_back_of_the_rest():
    one = ledger(9)
    one.do(decisions.set_status, "U0001", "identified", "")
    one.do(decisions.set_status, "U0001", "monitoring", "")
    assert one.do(endings.undo, "U0001").incident.status == "identified"
    with pytest.raises(Refused, match="INC-9 is identified by now"):
        one.do(endings.undo, "U0001")
    one.do(decisions.update, "U0001", "x")
    with pytest.raises(Refused, match="An update is not undone"):
        one.do(endings.undo, "U0001")
    with pytest.raises(Refused, match="Only whoever declared INC-9"):
        one.do(endings.undo, "U0002")
    fresh = ledger(8)
    assert said(fresh.do(endings.undo, "U0001")) == ["ended"]
    assert fresh.record.incident.outcome == "withdrawn"


def test_a_page_that_nobody_has_answered_is_not_lost_in_what_is_less_grave():
    one, other = ledger(9, severity="SEV-1"), ledger(7, reporter="U0003", severity="SEV-4")
    with pytest.raises(Refused, match="Nobody has answered INC-9, and INC-7 is less grave"):
        join(one, other)
    assert join(other, one).into.incident.open
    one.do(decisions.acknowledge, "U0001", "button")
    assert join(one, other).incident.incident.merged_into == 7
