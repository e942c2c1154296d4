"""Who gets a role, who is told, and that the commander is one of them."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import decisions, seats
from domain.decision import MUSTER
from domain.duties import Role, role_and_person
from domain.errors import Refused
from domain.record import Ref, Tenure
from tests.domain.ledger import EVERY_VENDOR, Ledger, said

ROLES = {role.id: role for role in EVERY_VENDOR.roles}
ROOM = Ref("channel", "C0042", data={"name": "inc-42-db-down"})
ANA, BEN, CHRIS = "U0001", "U0002", "U0003"


@pytest.fixture
def ledger():
    built = Ledger()
    built.declare()
    built.know(ROOM)
    return built


def take(ledger, role, by, seen=""):
    return ledger.apply(seats.claim(ledger.record, ledger.policy, ROLES[role], by, ledger.now, seen))


def give(ledger, role, to, by):
    return ledger.apply(seats.give(ledger.record, ledger.policy, ROLES[role], to, by, ledger.now))


def test_a_commander_who_only_declared_leads_until_somebody_takes_it_and_then_it_must_be_meant(ledger):
    assert ledger.record.holders == {"commander": ANA}
    assert take(ledger, "commander", BEN).incident.commander == BEN
    assert take(ledger, "commander", CHRIS).entries == ()
    assert ledger.record.incident.commander == BEN
    assert take(ledger, "commander", CHRIS, seen=BEN).incident.commander == CHRIS
    # Ben saw Ana having it: since then it has changed hands twice.
    assert take(ledger, "commander", BEN, seen=ANA).entries == ()


def test_whoever_declared_it_may_say_that_they_mean_it(ledger):
    [entry] = take(ledger, "commander", ANA).entries
    assert (entry.data["before"], entry.data["after"]) == (ANA, ANA)
    assert take(ledger, "commander", BEN).entries == ()
    assert take(ledger, "commander", ANA).entries == ()


def test_where_a_machine_declared_it_whoever_answers_first_leads_until_somebody_takes_it():
    ledger = Ledger()
    ledger.declare(reporter=MUSTER)
    assert ledger.record.holders == {}
    ledger.do(decisions.acknowledge, CHRIS, "phone")
    assert ledger.record.holders == {"commander": CHRIS}
    assert take(ledger, "commander", BEN).incident.commander == BEN


def test_whoever_gets_a_role_is_let_in_and_told_alone_what_it_is_to_do(ledger):
    decision = give(ledger, "tech", BEN, ANA)
    assert [(each.kind, each.data.get("users") or each.data.get("user")) for each in decision.effects[:2]] == [
        ("invite", [BEN]),
        ("tell", BEN),
    ]
    assert decision.effects[1].data["duties"] == [["Technical lead", ROLES["tech"].does]]
    assert said(decision) == ["role"]
    assert give(ledger, "tech", BEN, CHRIS).entries == ()
    [entry] = give(ledger, "tech", CHRIS, BEN).entries
    assert (entry.data["step"], entry.data["before"], entry.data["after"]) == ("handed_over", BEN, CHRIS)
    assert (entry.data["people"], entry.author) == ([CHRIS], BEN)


def test_the_commander_stands_in_topic_and_announcement_the_others_on_the_card(ledger):
    assert {"set_topic", "refresh_announcement", "refresh_card"} <= {
        e.kind for e in give(ledger, "commander", BEN, ANA).effects
    }
    kinds = {each.kind for each in give(ledger, "scribe", BEN, ANA).effects}
    assert "refresh_card" in kinds
    assert kinds.isdisjoint({"set_topic", "refresh_announcement"})


def test_only_the_holder_leaves_and_whoever_goes_leaves_all(ledger):
    for role in ("tech", "scribe"):
        give(ledger, role, BEN, ANA)
    with pytest.raises(Refused, match="You are not Technical lead"):
        seats.leave(ledger.record, ledger.policy, ROLES["tech"], ANA, ledger.now)
    with pytest.raises(Refused, match="Nobody is Communications"):
        seats.leave(ledger.record, ledger.policy, ROLES["comms"], ANA, ledger.now)
    decision = ledger.apply(seats.gone(ledger.record, ledger.policy, BEN, ledger.now))
    assert [(e.author, e.data["role"], e.data["after"]) for e in decision.entries] == [
        (MUSTER, "tech", None),
        (MUSTER, "scribe", None),
    ]
    assert ledger.record.holders == {"commander": ANA}
    assert ledger.apply(seats.gone(ledger.record, ledger.policy, BEN, ledger.now)).entries == ()
    assert seats.before(ledger.record, "tech").person == BEN


def test_a_watch_takes_along_what_one_is_and_the_lead_where_nobody_has_it(ledger):
    give(ledger, "scribe", BEN, ANA)

    def hand(by, to):
        return ledger.apply(seats.hand_over(ledger.record, ledger.policy, by, to, "look after it", ledger.now))

    assert [e.kind for e in hand(CHRIS, BEN).entries] == ["note"]
    decision = hand(ANA, BEN)
    assert said(decision) == ["handover"]
    assert [each.data["duties"][0][0] for each in decision.effects if each.kind == "tell"] == ["Incident commander"]
    assert ledger.record.holders == {"commander": BEN, "scribe": BEN}
    ledger.apply(seats.leave(ledger.record, ledger.policy, ROLES["commander"], BEN, ledger.now))
    hand(ANA, CHRIS)
    assert ledger.record.holders == {"commander": CHRIS, "scribe": BEN}


def test_what_is_closed_has_its_roles_as_they_were(ledger):
    ledger.do(decisions.resolve, ANA, "restarted")
    give(ledger, "scribe", BEN, ANA)
    ledger.do(decisions.close, ANA)
    for change in (lambda: take(ledger, "tech", BEN), lambda: give(ledger, "scribe", BEN, ANA)):
        with pytest.raises(Refused, match="is closed, and its roles with it"):
            change()
    assert ledger.apply(seats.gone(ledger.record, ledger.policy, BEN, ledger.now)).entries == ()
    assert ledger.record.holders == {"commander": ANA, "scribe": BEN}


DEEDS = {
    "take": lambda record, role, by, to, now: seats.claim(record, EVERY_VENDOR, role, by, now),
    "insist": lambda record, role, by, to, now: seats.claim(
        record, EVERY_VENDOR, role, by, now, record.holders.get(role.id, "")
    ),
    "give": lambda record, role, by, to, now: seats.give(record, EVERY_VENDOR, role, to, by, now),
    "leave": lambda record, role, by, to, now: seats.leave(record, EVERY_VENDOR, role, by, now),
    "gone": lambda record, role, by, to, now: seats.gone(record, EVERY_VENDOR, by, now),
    "hand over": lambda record, role, by, to, now: seats.hand_over(record, EVERY_VENDOR, by, to, "", now),
    "acknowledge": lambda record, role, by, to, now: decisions.acknowledge(record, EVERY_VENDOR, by, "button", now),
}
PEOPLE = st.sampled_from([ANA, BEN, CHRIS])


@given(st.lists(st.tuples(st.sampled_from(list(DEEDS)), st.sampled_from(list(ROLES)), PEOPLE, PEOPLE), max_size=12))
def test_whatever_is_done_the_commander_is_the_role_and_the_timeline_tells_how_it_came(deeds):
    ledger = Ledger()
    ledger.declare()
    for what, role, by, to in deeds:
        with suppress(Refused):
            ledger.apply(DEEDS[what](ledger.record, ROLES[role], by, to, ledger.now))
        held = [(each.role, each.person) for each in ledger.record.roles if each.ended is None]
        assert sorted(held) == sorted(ledger.record.holders.items())
        told = {entry.data["role"]: entry.data["after"] for entry in ledger.record.entries("role")}
        others = {role: who for role, who in ledger.record.holders.items() if role != "commander"}
        assert {role: who for role, who in told.items() if who and role != "commander"} == others


@pytest.mark.parametrize(
    ("typed", "role", "who"),
    [
        ("tech", "tech", ""),
        ("TECH @ben", "tech", "@ben"),
        ("technical lead @ben", "tech", "@ben"),
        ("Incident Commander to @ben", "commander", "@ben"),
        ("commander leave", "commander", "leave"),
        ("ic @ben", "commander", "@ben"),
        ("Tech: @ben", "tech", "@ben"),
    ],
)
def test_a_role_is_known_by_its_key_its_name_and_its_initials(typed, role, who):
    assert role_and_person(EVERY_VENDOR.roles, typed) == (ROLES[role], who)


def test_initials_that_two_roles_have_are_nobodys_and_a_colon_may_belong_to_a_name():
    names = (("a", "Customer lead"), ("b", "Comms lead"), ("c", "Ops: lead"))
    roles = [Role(id=id, name=name, does="You lead.") for id, name in names]
    assert role_and_person(roles, "ops: lead @ben") == (roles[2], "@ben")
    with pytest.raises(Refused, match="no role `cl`"):
        role_and_person(roles, "cl @ben")


def test_who_is_meant_is_found_by_name_id_and_me_and_others_are_shown_the_way():
    policy = EVERY_VENDOR
    assert [seats.who_is(policy, each, CHRIS) for each in ("@ben", "Ben", "me", "U0009", "<@U0009|dana>")] == [
        *(BEN, BEN, CHRIS, "U0009", "U0009"),
    ]
    with pytest.raises(Refused, match="can be chosen in the menus of `/incident roles`"):
        seats.who_is(policy, "@dana", CHRIS)


def test_a_record_from_before_there_were_roles_has_its_commander(ledger):
    assert replace(ledger.record, roles=()).holders == {"commander": ANA}


def test_of_those_who_are_deactivated_one_at_a_time_loses_what_they_were_and_the_others_are_looked_for_again(ledger):
    give(ledger, "tech", BEN, ANA)
    decision = ledger.apply(seats.looked(ledger.record, ledger.policy, (BEN, ANA, CHRIS), ledger.now))
    assert ledger.record.holders == {"commander": ANA}
    assert [entry.data["step"] for entry in decision.entries] == ["deactivated"]
    assert "look_for_people" in [each.kind for each in decision.effects]

    decision = ledger.apply(seats.looked(ledger.record, ledger.policy, (ANA,), ledger.now))
    assert ledger.record.holders == {}
    assert "look_for_people" not in [each.kind for each in decision.effects]
    assert seats.looked(ledger.record, ledger.policy, (ANA, BEN), ledger.now).entries == ()


def test_whoever_has_a_role_that_is_configured_no_longer_keeps_nobody_looking(ledger):
    ledger.record = replace(ledger.record, roles=(Tenure("historian", CHRIS, ledger.now), *ledger.record.roles))
    decision = ledger.apply(seats.looked(ledger.record, ledger.policy, (CHRIS, ANA), ledger.now))
    assert "commander" not in ledger.record.holders
    assert "look_for_people" not in [each.kind for each in decision.effects]
