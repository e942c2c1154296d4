"""What is judged well, doubtful or ill, at the borders."""

from datetime import timedelta

import pytest

from domain import doctor
from domain.doctor import ILL, OFF, UNASKED, WARNING, WELL, Books, Listener, Room, Sign
from domain.vendors import Opsgenie

WANTED = {"chat:write": "cards", "pins:write": "pin the card"}


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [(0, WELL), (5, WELL), (-5, WELL), (5.1, WARNING), (-60, WARNING), (60.1, ILL), (-61, ILL)],
)
def test_a_clock_may_differ_by_5_seconds_and_must_not_by_a_minute(seconds, verdict):
    assert doctor.clock(timedelta(seconds=seconds)).verdict == verdict


@pytest.mark.parametrize(
    ("free", "verdict"),
    [(1_000_000_000, WELL), (999_999_999, WARNING), (50_000_000, WARNING), (49_999_999, ILL), (0, ILL)],
)
def test_a_disk_is_judged_before_it_is_full(free, verdict):
    sign = doctor.disk(free, "data")
    assert (sign.verdict, sign.data["enough"]) == (verdict, verdict == WELL)


@pytest.mark.parametrize(
    ("granted", "found"),
    [
        (["chat:write", "pins:write"], [("scopes", WELL)]),
        (["pins:write"], [("scope chat:write", ILL)]),
        ([], [("scope chat:write", ILL), ("scope pins:write", ILL)]),
        (["chat:write", "pins:write", "admin"], [("scopes", WARNING)]),
        (["chat:write", "admin"], [("scope pins:write", ILL), ("scopes", WARNING)]),
        (None, [("scopes", UNASKED)]),
    ],
)
def test_scopes_are_held_against_the_manifest_both_ways(granted, found):
    assert [(sign.subject, sign.verdict) for sign in doctor.scopes(granted, WANTED)] == found


def test_without_a_manifest_no_scope_is_called_superfluous():
    assert [sign.kind for sign in doctor.scopes(["chat:write"], {})] == ["no_manifest"]


@pytest.mark.parametrize("archived", [True, False])
@pytest.mark.parametrize("member", [True, False])
@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("anywhere", [True, False])
def test_a_channel_is_well_exactly_where_a_message_would_arrive(archived, member, private, anywhere):
    granted = {"chat:write", *(["chat:write.public"] if anywhere else [])}
    sign = doctor.channel("C1234", ["slack.incidents_channel_id"], Room("x", archived, member, private), granted)
    assert (sign.verdict == WELL) == (not archived and (member or (anywhere and not private)))


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        (None, OFF),
        ("https://muster.example.com", WELL),
        ("HTTPS://muster.example.com", WELL),
        ("http://muster.example.com", ILL),
        ("http://127.0.0.1:8080", WELL),
        ("http://localhost:8080", WELL),
        ("http://[::1]:8080", WELL),
        ("http://localhost.example.com", ILL),
        ("http://127.example.com", ILL),
    ],
)
def test_a_public_address_is_encrypted_unless_it_is_this_machines(url, verdict):
    assert doctor.public_url(url).verdict == verdict


def test_a_port_is_well_when_free_or_when_a_ready_muster_has_it():
    listeners = (None, Listener(muster=True), Listener(muster=True, reasons=("deaf",)), Listener(muster=False))
    assert [doctor.port("127.0.0.1", 8080, each).verdict for each in listeners] == [WELL, WELL, ILL, ILL]


def test_a_database_that_is_newer_is_worse_than_one_that_is_older():
    states = (None, Books((), ()), Books(("0002_x",), ()), Books(("0002_x",), ("0009_y",)))
    assert [doctor.database(each).verdict for each in states] == [WELL, WELL, WARNING, ILL]


def test_a_vendor_that_is_off_says_what_it_lacks_or_that_somebody_switched_it_off():
    assert doctor.off("opsgenie", Opsgenie()).data["lacks"] == ("OPSGENIE_API_KEY",)
    assert doctor.off("opsgenie", Opsgenie(enabled=False)).kind == "switched_off"


def test_only_what_is_ill_makes_it_fail():
    harmless = [Sign("x", verdict, "set") for verdict in (WELL, WARNING, OFF, UNASKED)]
    assert doctor.well(harmless)
    assert not doctor.well([*harmless, Sign("x", ILL, "set")])


def test_the_ids_of_user_groups_are_found_wherever_they_stand_in_the_settings():
    settings = {
        "permissions": {"declare": {"groups": ["S0DBA01", "@dba"]}, "page": {"groups": ("S0DBA01",)}},
        "severities": {"SEV1": {"announce": ["C0INCIDENTS"], "name": "SEV12345"}},
        "people": {"ana": {"name": "SIMON", "phone": None}},
        "slack": {"invite": {"S0KEY01": ["S0OPS02"]}},
    }
    assert doctor.groups(settings, ["SEV12345"]) == {
        "S0DBA01": ("permissions.declare.groups", "permissions.page.groups"),
        "S0OPS02": ("slack.invite.S0KEY01",),
    }


def test_a_user_group_is_well_where_slack_knows_and_uses_it():
    known = {"S0DBA01": doctor.Group("dba", False), "S0OLD02": doctor.Group("old", True)}
    signs = [doctor.group(id, ["slack.invite"], known) for id in ("S0DBA01", "S0OLD02", "S0GONE3")]
    assert [(sign.subject, sign.verdict) for sign in signs] == [
        ("@dba (S0DBA01)", WELL),
        ("@old (S0OLD02)", ILL),
        ("user group S0GONE3", ILL),
    ]
