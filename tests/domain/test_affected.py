"""What is affected and how hard: as people type it, and what follows for the room and the public."""

import pytest

from domain import affected, decisions
from domain.affected import Changes, read
from domain.errors import Refused
from domain.people import Service
from domain.policy import Policy
from domain.record import Ref
from tests.domain.ledger import Ledger, effects, said

PUBLIC = Ref("status_incident", "inc1", name="statuspage")
DEGRADED, PARTIAL, MAJOR = "degraded_performance", "partial_outage", "major_outage"


@pytest.fixture
def ledger():
    built = Ledger()
    built.declare(services=("api",))
    built.deliver()
    built.know(Ref("channel", "C0042"), PUBLIC)
    return built


@pytest.mark.parametrize(
    ("typed", "named", "gone"),
    [
        ("api=degraded", [("api", DEGRADED)], []),
        ("api = down", [("api", MAJOR)], []),
        ("api, database", [("api", ""), ("database", "")], []),
        ("api=partial outage database=major", [("api", PARTIAL), ("database", MAJOR)], []),
        ("Web app=degraded, api", [("Web app", DEGRADED), ("api", "")], []),
        ("-api", [], ["api"]),
        ("-api -web, database=ok", [("database", "operational")], ["api", "web"]),
        ("api=degraded_performance", [("api", DEGRADED)], []),
        ("  ,, ", [], []),
        ("api: down, sign up", [("api: down", ""), ("sign up", "")], []),
        ("api:, down", [("api", ""), ("down", "")], []),
    ],
)
def test_services_are_read_as_people_type_them(typed, named, gone):
    assert read(typed) == Changes(tuple(named), tuple(gone))


def test_an_impact_that_nobody_knows_is_refused_with_those_there_are():
    with pytest.raises(Refused, match="There are operational, degraded, partial outage, major outage"):
        read("api=wobbly")
    with pytest.raises(Refused, match="How hard is it hit"):
        read("api=")


def change(ledger, typed):
    return ledger.do(affected.change, "U0001", read(typed))


@pytest.mark.parametrize("typed", ["api down, Web app degraded", "api: outage, web: degraded"])
def test_an_impact_may_stand_behind_a_blank_or_a_colon(ledger, typed):
    change(ledger, typed)
    assert affected.listed(ledger.record.incident, {}) == "api (major outage), web (degraded)"


def test_a_service_whose_name_ends_like_an_impact_is_that_service(ledger):
    services = {id: Service(id=id, name=name) for id, name in (("sign", "Sign"), ("sign-up", "Sign up"))}
    ledger.policy = Policy(ledger.policy._settings.model_copy(update={"services": services}))
    change(ledger, "sign up")
    assert "sign-up" in ledger.record.incident.services


def test_what_is_named_is_added_by_key_or_name_and_the_others_stay(ledger):
    change(ledger, "Web App=degraded, database")
    incident = ledger.record.incident
    assert incident.services == ("api", "web", "database")
    assert affected.listed(incident, ledger.policy.service_names) == "API, Web app (degraded), Database"


def test_names_beside_each_other_may_be_several(ledger):
    change(ledger, "database payments")
    assert ledger.record.incident.services == ("api", "database", "payments")


def test_each_services_own_impact_is_its_components_state_and_what_is_well_again_is_operational(ledger):
    change(ledger, "database=degraded")
    assert components(ledger) == {"cmpapi000001": MAJOR, "cmpdb0000003": DEGRADED}
    change(ledger, "-api")
    assert components(ledger) == {"cmpapi000001": "operational", "cmpdb0000003": DEGRADED}
    assert ledger.record.incident.services == ("database",)


def components(ledger):
    [page] = [each for each in ledger.last.effects if each.lane == "statuspage"]
    assert page.data["quiet"]
    return page.data["components"]


def test_the_change_is_written_down_with_what_was_before(ledger):
    change(ledger, "api=degraded")
    data = ledger.record.entries("services")[-1].data
    assert (data["before"], data["after"]) == ("api", "api (degraded)")
    assert said(ledger.last) == ["services"]


def test_what_is_so_already_changes_nothing(ledger):
    change(ledger, "api=degraded")
    for again in ("API=degraded", "api"):
        decision = change(ledger, again)
        assert (decision.entries, decision.effects) == ((), ())


def test_what_config_does_not_name_is_refused_with_the_nearest(ledger):
    told = ledger.refused(affected.change, "U0001", read("datbase=down"))
    assert "There is no service `datbase`. Did you mean `database`?" in told
    assert "payments" in told


def test_the_form_says_of_each_service_that_it_shows_how_it_is(ledger):
    change(ledger, "database=degraded")
    ledger.do(affected.replaced, "U0001", {"api": None, "web": "", "database": MAJOR})
    assert ledger.record.incident.services == ("database", "web")
    assert ledger.record.incident.impact_on("database") == MAJOR
    assert effects(ledger.last, "statuspage") == [("update_status", "status")]


def test_resolved_every_component_is_well(ledger):
    change(ledger, "api=degraded")
    ended = ledger.do(decisions.resolve, "U0001", "restarted")
    [page] = [each for each in ended.effects if each.lane == "statuspage"]
    assert page.data["components"] == {"cmpapi000001": "operational"}
