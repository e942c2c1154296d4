"""Impact, links, guests and privacy: what each changes, and what it refuses."""

import pytest

from domain import bookmarks, decisions, details, going_private, inviting, outcomes
from domain.affected import Changes
from domain.errors import Refused
from domain.grammar import parse
from domain.inviting import Guests
from domain.policy import Policy
from domain.record import Owed, Receipt, Ref
from domain.scope_grammar import Impact, Invite, Link, Private, Services, Severity
from service import config
from tests.domain.ledger import START, Ledger, effects, said
from tests.policies import EVERY_VENDOR
from tests.world import ROOT as CHECKOUT
from views.bookmarks import bookmark

ROOM = Ref("channel", "C0042", url="https://x.slack.com/archives/C0042", data={"name": "inc-42-db-down"})
CARD = Ref("card", "1.2", data={"channel": "C0042"})
ANNOUNCED = Ref("announcement", "3.4", name="C0INCIDENTS")


@pytest.fixture
def ledger():
    built = Ledger()
    built.declare()
    built.deliver()
    built.know(ROOM, CARD, ANNOUNCED)
    return built


def test_the_impact_is_kept_for_card_and_announcement_and_never_for_the_public(ledger):
    ledger.know(Ref("status_incident", "inc1", name="statuspage"))
    decision = ledger.do(details.impact, "U0001", "every checkout fails")
    assert ledger.record.incident.impact == "every checkout fails"
    assert ("refresh_announcement", "C0INCIDENTS") in effects(decision)
    assert not effects(decision, "statuspage")
    assert not ledger.do(details.impact, "U0001", "every checkout fails").effects


def test_a_link_is_read_from_the_timeline_and_gets_a_place_on_top_of_the_room(ledger):
    decision = ledger.do(details.link, "U0001", "<https://grafana.example.com/d/1|x>", "Dashboard")
    assert [(each.url, each.title) for each in details.links(ledger.record)] == [
        ("https://grafana.example.com/d/1", "Dashboard")
    ]
    assert ("bookmark", "bookmark:link:1") in effects(decision)

    again = ledger.do(details.link, "U0002", "https://grafana.example.com/d/1", "")
    assert not again.effects
    ledger.do(details.link, "U0002", "https://grafana.example.com/d/1", "The dashboard")
    ledger.do(details.link, "U0002", "http://wiki.example.com", "")
    assert [(each.place, each.title) for each in details.links(ledger.record)] == [(1, "The dashboard"), (2, "")]


def places(ledger, typed):
    return [each.place for each in details.links_named(ledger.record, typed)]


def test_two_links_of_one_title_are_both_meant_by_it_and_an_address_means_one(ledger):
    for address, name in (
        ("https://a.example.com", "Dashboard"),
        ("https://b.example.com", "dashboard"),
        ("https://c.example.com", ""),
        ("https://d.example.com", "https://c.example.com"),
    ):
        ledger.do(details.link, "U0001", address, name)
    assert places(ledger, "Dashboard") == [1, 2]
    assert places(ledger, "https://b.example.com") == [2]
    assert places(ledger, "https://c.example.com") == [3]
    with pytest.raises(Refused, match="No link here"):
        places(ledger, '""')


def test_a_link_that_was_taken_back_leaves_its_place_to_nobody_else(ledger):
    for address, name in (("https://a.example.com", "One"), ("https://b.example.com", "")):
        ledger.do(details.link, "U0001", address, name)
    assert places(ledger, "<https://b.example.com|b>") == [2]
    decision = ledger.do(details.remove_link, "U0002", *places(ledger, "one"))
    assert ("bookmark", "bookmark:link:1") in effects(decision)
    assert [each.url for each in details.links(ledger.record)] == ["https://b.example.com"]
    assert ledger.do(details.remove_link, "U0002", 1).entries == ()
    with pytest.raises(Refused, match="No link here is called `One`"):
        places(ledger, "One")

    ledger.do(details.link, "U0001", "https://c.example.com", "")
    ledger.do(details.link, "U0001", "https://a.example.com", "Again")
    assert sorted((each.place, each.title) for each in details.links(ledger.record)) == [(1, "Again"), (2, ""), (3, "")]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://example.com/x",
        "grafana.example.com",
        "https://",
        "https://[::1",
        "file:///etc/passwd",
        "https://ana:secret@example.com/",
        "https://example.com/" + "x" * 2000,
        "https://example.com/<!channel>",
        "",
    ],
)
def test_what_no_browser_should_open_is_refused(url):
    with pytest.raises(Refused):
        details.checked(url)


@pytest.mark.parametrize(
    ("typed", "people", "groups"),
    [
        ("@ben", ("U0002",), ()),
        ("<@U0009|guest> @dba", ("U0009",), ("S0DBA",)),
        ("<!subteam^S0123|@ops team>, Chris", ("U0003",), ("S0123",)),
        ("me me", ("U0001",), ()),
        ("ben and @chris: & @dba;", ("U0002", "U0003"), ("S0DBA",)),
    ],
)
def test_guests_are_people_and_user_groups(ledger, typed, people, groups):
    assert inviting.who(ledger.policy, typed, "U0001") == Guests(people, groups)


def test_nobody_known_is_refused_with_those_there_are(ledger):
    with pytest.raises(Refused, match="Did you mean `dba`"):
        inviting.who(ledger.policy, "@dbas", "U0001")


def test_guests_come_into_the_room_and_where_there_is_none_it_is_said(ledger):
    decision = ledger.do(inviting.invite, "U0001", Guests(("U0002",), ("S0DBA",)))
    assert effects(decision) == [("invite", "invite"), ("invite_group", "invite:S0DBA")]
    assert decision.entries[0].data["people"] == ["U0002", "@dba"]
    roomless = Ledger()
    roomless.declare("SEV-4")
    assert "no open war room" in roomless.refused(inviting.invite, "U0001", Guests(("U0002",)))


def test_made_private_it_moves_and_takes_back_what_can_be(ledger):
    decision = ledger.do(going_private.make_private, "U0001")
    kinds = [kind for kind, _ in effects(decision)]

    assert ledger.record.incident.private
    assert ("withdraw", "withdraw:C0INCIDENTS:3.4") in effects(decision)
    assert kinds.index("create_room") < kinds.index("bring_over")
    emptied = [each for each in decision.effects if each.target == "old:C0042"]
    assert [each.data.get("step", each.kind) for each in emptied] == ["withdraw", "topic", "name", "archive"]
    assert [each.after for each in emptied] == [None, None, None, "bring_over"]
    assert said(decision) == ["made_private"]
    assert ledger.policy.announced_in(ledger.record.incident) == ()
    assert "private already" in ledger.refused(going_private.make_private, "U0001")


@pytest.mark.parametrize("kind", ["announce", "refresh_announcement", "create_status"])
def test_what_was_still_to_be_made_public_is_not(ledger, kind):
    ledger.do(going_private.make_private, "U0001")
    row = Owed(9, 42, "slack", kind, "C0INCIDENTS", START, START)
    assert outcomes.unwanted(row, ledger.record.incident) == "it is private now"


def test_an_announcement_that_was_on_the_wire_is_taken_back(ledger):
    ledger.do(going_private.make_private, "U0001")
    row = Owed(9, 42, "slack", "announce", "C0INCIDENTS", START, START)
    late = outcomes.delivered(ledger.record, ledger.policy, row, Receipt("3.4", (ANNOUNCED,)), START)
    assert ("withdraw", "withdraw:C0INCIDENTS:3.4") in effects(late)


def test_a_private_incident_cannot_be_published_by_an_old_button(ledger):
    ledger.record = Ledger.blank(ledger.record.incident)
    ledger.do(going_private.make_private, "U0001")
    with pytest.raises(Refused, match="not for the public"):
        decisions.publish_status(ledger.record, ledger.policy, "U0001")


def test_what_stays_known_is_told_before_and_after(ledger):
    ledger.know(Ref("issue", "1", "plane"), Ref("status_incident", "inc1", name="statuspage"))
    assert going_private.reach(ledger.record) == going_private.Reach(
        "C0042", True, ("C0INCIDENTS",), ("issue", "status", "pages")
    )


@pytest.mark.parametrize(
    ("kind", "ref", "slots"),
    [
        ("post_card", CARD, ["card"]),
        ("create_issue", Ref("issue", "1", "plane"), ["issue"]),
        ("create_status", Ref("status_incident", "1"), ["status"]),
        ("create_room", ROOM, []),
        ("post", CARD, []),
    ],
)
def test_a_bookmark_follows_what_makes_it_known(ledger, kind, ref, slots):
    row = Owed(9, 42, "slack", kind, "x", START, START)
    found = bookmarks.after(ledger.record, ledger.policy, row, Receipt("1", (ref,)))
    assert [each.data["slot"] for each in found] == slots


def test_a_new_room_gets_all_that_is_known(ledger):
    ledger.do(details.link, "U0001", "https://grafana.example.com", "")
    ledger.know(Ref("issue", "1", "plane"))
    row = Owed(9, 42, "slack", "create_room", "room", START, START)
    found = bookmarks.after(ledger.record, ledger.policy, row, Receipt("C0099", (Ref("channel", "C0099"),)))
    assert [each.data["slot"] for each in found] == ["issue", "link:1"]


def test_the_call_and_the_runbook_stand_on_top_where_config_yaml_names_them(tmp_path):
    written = (CHECKOUT / "config.yaml").read_text(encoding="utf-8")
    written = written.replace("call_link: null", "call_link: https://meet.example.com/{key}")
    changed = written.replace("runbook: null", "runbook: https://wiki.example.com/api", 1)
    (tmp_path / "config.yaml").write_text(changed, encoding="utf-8")
    built = Ledger(Policy(config.load(tmp_path / "config.yaml", EVERY_VENDOR)))
    built.declare(services=("api",))
    row = Owed(9, 42, "slack", "create_room", "room", START, START)
    found = bookmarks.after(built.record, built.policy, row, Receipt("C0042", (ROOM,)))
    assert [each.data["slot"] for each in found] == ["call", "runbook"]

    pattern = built.policy.slack.call_link
    assert bookmark("call", built.record, (), pattern).url == "https://meet.example.com/inc-42"
    runbook = bookmark("runbook", built.record, built.policy.runbooks(built.record.incident), pattern)
    assert (runbook.title, runbook.url) == ("Runbook: API", "https://wiki.example.com/api")


def test_the_old_room_is_archived_last_for_an_archived_one_takes_no_change(ledger):
    ledger.do(going_private.make_private, "U0001")
    archive = next(o for o in ledger.record.owed if o.data.get("step") == "archive")
    assert not going_private.is_last(ledger.record, archive)
    ledger.deliver()
    assert going_private.is_last(ledger.record, archive)


SEVERITIES = ["SEV-1", "SEV-2", "SEV-3"]


@pytest.mark.parametrize(
    ("typed", "room", "meant"),
    [
        ("severity SEV-1 all is down", 7, Severity(7, "SEV-1", "all is down")),
        ("sev sev2", None, Severity(None, "SEV-2", "")),
        ("severity INC-42 SEV-1", 7, Severity(42, "SEV-1", "")),
        ('severity SEV-1 INC-42 "all is down"', None, Severity(42, "SEV-1", "all is down")),
        ("severity", 7, Severity(7, None, "")),
        ("services", 7, Services(7, None)),
        ("services #42 api=down", 7, Services(42, Changes((("api", "major_outage"),)))),
        ("link INC-42 https://x.example.com/a 'My page'", None, Link(42, "https://x.example.com/a", "My page")),
        ("link", 7, Link(7, "", "")),
        ("invite @dba @ben", 7, Invite(7, "@dba @ben")),
        ("private 42", None, Private(42)),
        ("impact 500 errors", 7, Impact(7, "500 errors")),
    ],
)
def test_the_words_of_each_verb_are_read(typed, room, meant):
    assert parse(typed, SEVERITIES, room) == meant


@pytest.mark.parametrize(
    "typed", ["severity up", "severity SEV-9", "severity --private", "private now", "services api=wobbly"]
)
def test_what_makes_no_sense_is_refused(typed):
    with pytest.raises(Refused):
        parse(typed, SEVERITIES, 7)
