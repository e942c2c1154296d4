"""`check` and `plan` word for word: what is wrong with a ladder before the outage, and whom it would reach."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from domain import paging
from domain.errors import Refused
from domain.incidents import Incident
from domain.overrides import Override
from domain.plan import NEXT, PAGE, PHONE, plan
from domain.reach import DEACTIVATED, FOUND, NOT_CHECKED, UNKNOWN
from domain.runbooks import Broken, Shelved, parse
from handlers import terminal
from service import config
from tests.domain.ledger import Ledger
from tests.policies import EVERY_VENDOR, policy
from tests.world import ROOT

NOW = datetime(2026, 11, 25, 19, 27, tzinfo=UTC)
"""A Wednesday evening."""

TWILIO = {name: value for name, value in EVERY_VENDOR.items() if name.startswith("TWILIO")}
REACHED = {"MUSTER_PUBLIC_URL": "https://muster.example.com"}
ALL_FOUND = {"U0001": FOUND, "U0002": FOUND, "U0003": FOUND}
SEV_1 = {"label": "critical", "means": "all is down", "acknowledge_within": "5m", "page": True, "call_after": "2m"}
OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "begin": "09:00", "end": "17:00"}
ANA = {"name": "Ana", "slack": "U0001", "phone": "+15550000001"}
BEN = {"name": "Ben", "slack": "U0002"}


@pytest.fixture
def written(tmp_path):
    """written(levels, …) -> the settings of a small file in Amsterdam; `environ` switches vendors on."""

    def written(*levels, environ=TWILIO | REACHED, **sections):
        path = tmp_path / "config.yaml"
        path.write_text(
            yaml.safe_dump(
                {
                    "organization": {"timezone": "Europe/Amsterdam"},
                    "severities": {"SEV-1": SEV_1},
                    "people": {"ana": ANA, "ben": BEN},
                    "schedules": {"office": {"layers": [{"people": ["ana"], "restrictions": [OFFICE]}]}},
                    "escalation_policies": {"default": {"levels": list(levels)}},
                    **sections,
                }
            )
        )
        return config.load(path, environ)

    return written


def checked(settings, members=ALL_FOUND, overrides=()):
    works, words = terminal.check(settings, overrides, members, NOW)
    return works, words.splitlines()


def planned(settings, at="now", severity="SEV-1", services=(), overrides=()):
    return terminal.plan(settings, overrides, NOW, severity, services, at).splitlines()


# check


def test_the_delivered_file_works_with_a_warning_of_what_is_off_and_says_what_was_not_checked():
    works, words = terminal.check(config.load(ROOT / "config.yaml", {}), (), None, NOW)
    assert works
    assert words.splitlines() == [
        "Paging from Wed 2026-11-25 to Wed 2027-02-17, times in UTC:",
        (
            "  warning      integrations.twilio: is off, so nobody is called or texted, as SEV-1 would want. "
            "Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_PHONE_NUMBER."
        ),
        "  not checked  Slack's members: SLACK_BOT_TOKEN is not set",
        "Nothing keeps a page from getting through; 1 warning.",
    ]


def test_with_everything_on_there_is_nothing_to_say():
    settings = config.load(ROOT / "config.yaml", EVERY_VENDOR | REACHED)
    assert checked(settings) == (
        True,
        [
            "Paging from Wed 2026-11-25 to Wed 2027-02-17, times in UTC:",
            "Nothing keeps a page from getting through.",
        ],
    )


def test_a_time_at_which_no_level_has_anybody_is_an_error_with_its_dates(written):
    works, lines = checked(written({"schedules": ["office"]}))
    assert not works
    times = (
        "Wed 2026-11-25 20:27 to Thu 2026-11-26 09:00, Thu 2026-11-26 17:00 to Fri 2026-11-27 09:00, "
        "Fri 2026-11-27 17:00 to Mon 2026-11-30 09:00, and 58 times more"
    )
    assert lines == [
        "Paging from Wed 2026-11-25 to Wed 2027-02-17, times in Europe/Amsterdam:",
        f"  error        escalation_policies.default: no level has anybody on it, so a page reaches nobody: {times}",
        f"  warning      schedules.office: nobody is on call, so default.levels[0] is passed over: {times}",
        "1 error: there are times at which a page would not get through as it is meant to.",
    ]


def test_a_gap_that_another_level_fills_is_a_warning(written):
    works, lines = checked(written({"schedules": ["office"], "acknowledge_within": "5m"}, {"people": ["ana"]}))
    assert works
    assert [line[:66] for line in lines[1:-1]] == ["  warning      schedules.office: nobody is on call, so default.lev"]


def test_a_gap_is_closed_by_an_override(written):
    everything = Override("office", "ana", NOW, NOW + timedelta(weeks=13), id=1)
    works, lines = checked(written({"schedules": ["office"]}), overrides=[everything])
    assert (works, lines[1:]) == (True, ["Nothing keeps a page from getting through."])


def test_levels_by_working_hours_that_leave_no_hour_out_are_no_gap(written):
    levels = (
        {"people": ["ana"], "when": "working_hours", "acknowledge_within": "5m"},
        {"people": ["ana"], "when": "outside_working_hours"},
    )
    assert checked(written(*levels))[1][1:] == ["Nothing keeps a page from getting through."]


def test_a_level_that_is_never_asked_is_an_error(written):
    """A schedule of Mondays on a level of Tuesdays."""
    mondays = {"days": ["mon"], "begin": "09:00", "end": "17:00"}
    settings = written(
        {"schedules": ["odd"], "when": "working_hours", "acknowledge_within": "5m"},
        {"people": ["ana"]},
        schedules={"odd": {"layers": [{"people": ["ana"], "restrictions": [mondays]}]}},
        organization={"timezone": "Europe/Amsterdam", "working_hours": {"days": ["tue"]}},
    )
    works, lines = checked(settings)
    assert not works
    assert lines[1] == (
        "  error        escalation_policies.default.levels[0]: is never asked: it is not for these hours, "
        "nobody is on call on odd"
    )


def test_a_level_of_phones_only_reaches_nobody_while_nobody_on_it_has_one(written):
    works, lines = checked(written({"people": ["ben"], "means": ["phone", "sms"]}))
    assert not works
    assert lines[1:] == [
        (
            "  error        escalation_policies.default.levels[0]: nobody can be reached by phone or SMS, of Ben: "
            "Wed 2026-11-25 20:27 to Wed 2027-02-17 20:27"
        ),
        "  warning      people.ben: Ben has no number, and would be reached by phone and SMS",
        "1 error: there are times at which a page would not get through as it is meant to.",
    ]


def test_a_person_without_a_phone_at_a_level_that_phones_is_a_warning_as_long_as_slack_reaches_them(written):
    works, lines = checked(written({"people": ["ben"]}))
    assert (works, lines[1:-1]) == (
        True,
        ["  warning      people.ben: Ben has no number, and would be reached by phone and SMS"],
    )


def test_a_level_of_phones_only_is_an_error_while_twilio_is_off(written):
    works, lines = checked(written({"people": ["ana"], "means": ["phone"]}, environ={}))
    assert not works
    assert "nobody can be reached by phone, of Ana" in lines[1]


def test_a_phone_that_rings_after_its_level_and_a_promise_that_ends_before_the_next_are_said(written):
    late = {"people": ["ana"], "acknowledge_within": "2m"}
    slow = {"people": ["ana"], "acknowledge_within": "10m"}
    assert checked(written(late, {"people": ["ana"]}))[1][1] == (
        "  warning      escalation_policies.default.levels[0]: waits 2m for an answer, but SEV-1 calls only after 2m: "
        "the next level is asked before this one's phones ring"
    )
    assert checked(written(slow, {"people": ["ana"]}))[1][1] == (
        "  warning      escalation_policies.default.levels[0]: waits 10m for an answer, but SEV-1 promises one within "
        "5m: until that is over nobody else is asked"
    )


def test_who_is_unknown_to_slack_or_deactivated_is_said_and_is_an_error_where_nothing_else_reaches_them(written):
    members = {"U0001": DEACTIVATED, "U0002": UNKNOWN}
    works, lines = checked(written({"people": ["ana"], "acknowledge_within": "5m"}, {"people": ["ben"]}), members)
    assert not works
    assert lines[1:5] == [
        (
            "  error        escalation_policies.default.levels[1]: nobody can be reached by Slack, phone or SMS, "
            "of Ben: Wed 2026-11-25 20:27 to Wed 2027-02-17 20:27"
        ),
        "  warning      people.ana.slack: Ana's account (U0001) is deactivated in Slack",
        "  warning      people.ben: Ben has no number, and would be reached by phone and SMS",
        "  warning      people.ben.slack: Slack knows no U0002, who is to be Ben; copy the member ID again",
    ]


def test_slack_that_gave_no_answer_is_not_taken_for_no(written):
    works, lines = checked(written({"people": ["ana"]}), {"U0001": NOT_CHECKED})
    assert (works, lines[1]) == (True, "  not checked  Slack's members: Slack gave no answer")


def test_a_call_that_no_key_can_answer_a_mail_that_is_not_sent_and_a_policy_of_nobody_s_are_said(written):
    settings = written(
        {"people": ["ana"], "means": ["slack", "phone", "email"]},
        environ=TWILIO,
        escalation_policies={
            "default": {"levels": [{"people": ["ana"], "means": ["slack", "phone", "email"]}]},
            "old": {"levels": [{"people": ["ana"]}]},
        },
    )
    assert checked(settings)[1][1:] == [
        "  warning      integrations.smtp: is off, so no e-mail is sent, as SEV-1 would want. Set SMTP_URL.",
        (
            "  warning      http.public_url: is not set, so a call cannot be acknowledged by a key. "
            "Set MUSTER_PUBLIC_URL to the address of this server."
        ),
        "  warning      escalation_policies.old: no service and no severity that pages names it",
        "Nothing keeps a page from getting through; 3 warnings.",
    ]


# plan


def test_the_plan_says_who_is_reached_when_and_by_what_and_marks_the_holes():
    settings = config.load(ROOT / "config.yaml", {})
    assert planned(settings, "Sat 03:00", "sev1", ["api"]) == [
        "SEV-1 of API, declared Sat 2026-11-28 03:00 (UTC), by escalation_policies.default:",
        "  T+0      Sat 2026-11-28 03:00  level 1  Ana: Slack ✓",
        "  T+2m     Sat 2026-11-28 03:02  level 1  Ana: phone ✗ not connected, SMS ✗ not connected",
        "  T+5m     Sat 2026-11-28 03:05  level 2  Ben: Slack ✓, phone ✗ not connected, SMS ✗ not connected",
        "  T+20m    Sat 2026-11-28 03:20  level 3  Chris: Slack ✓, phone ✗ not connected, SMS ✗ not connected",
        "  T+1h     Sat 2026-11-28 04:00  level 1  again from the top: Ana",
    ]


def test_a_level_that_nobody_is_on_is_marked_with_its_reason_and_so_is_what_a_person_lacks(written):
    settings = written({"schedules": ["office"], "acknowledge_within": "5m"}, {"people": ["ben"]})
    assert planned(settings, "Sat 03:00") == [
        "SEV-1, declared Sat 2026-11-28 03:00 (Europe/Amsterdam), by escalation_policies.default:",
        "  T+0      Sat 2026-11-28 03:00  level 1  ✗ passed over: nobody is on call on office",
        "  T+0      Sat 2026-11-28 03:00  level 2  Ben: Slack ✓",
        "  T+2m     Sat 2026-11-28 03:02  level 2  Ben: phone ✗ no number, SMS ✗ no number",
        "  T+1h     Sat 2026-11-28 04:00  level 2  again from the top: Ben",
    ]


def test_a_pager_s_vendor_rings_first_and_a_severity_that_pages_nobody_says_so():
    settings = config.load(ROOT / "config.yaml", EVERY_VENDOR)
    assert planned(settings)[1] == (
        "  T+0      Wed 2026-11-25 19:27  level 1  PagerDuty rings whom its own policy names; on call here: Ana"
    )
    assert planned(settings, severity="SEV-4") == ["SEV-4, declared Wed 2026-11-25 19:27 (UTC): pages nobody."]


def test_who_stands_in_is_in_the_plan():
    settings = config.load(ROOT / "config.yaml", {})
    override = Override("primary", "chris", NOW, NOW + timedelta(hours=4), id=1)
    assert "Chris: Slack ✓" in planned(settings, overrides=[override])[1]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"severity": "SEV-9"}, "There is no severity `SEV-9`."),
        ({"severity": "grave"}, "There is no severity `grave`."),
        ({"services": ["apj"]}, "There is no service apj. Did you mean `api`?"),
        ({"at": "noon"}, "`noon` is no time such as `22:00`"),
        ({"at": " "}, "When? Write a time such as `sat 03:00` or `2026-12-24 18:00`."),
    ],
)
def test_what_a_plan_cannot_be_made_of_is_refused(asked, words):
    with pytest.raises(Refused) as refused:
        planned(config.load(ROOT / "config.yaml", {}), **asked)
    assert words in refused.value.text


@pytest.mark.parametrize("off", [("PAGERDUTY",), ("PAGERDUTY", "TWILIO")])
@pytest.mark.parametrize("severity", ["SEV-1", "SEV-2", "SEV-4"])
def test_what_is_planned_is_what_rings(off, severity):
    """The plan beside the ladder itself, climbed in memory: the same people at the same times by the same means."""
    rules = policy(*off)
    ledger = Ledger(rules)
    ledger.declare(severity)
    ledger.wait(minutes=59)
    kinds = {"page": "slack", "call": "phone", "text": "sms"}
    rung = {(minute, kinds[kind], who) for minute, kind, who in ledger.rung if kind in paging.RINGS}

    steps = plan(Incident("", severity, "", NOW), rules, ())
    assert rung == {
        ((step.at - NOW) // timedelta(minutes=1), way.means, person.id)
        for step in steps
        if step.kind in (PAGE, PHONE, NEXT)
        for person, ways in step.people
        for way in ways
        if not way.obstacle
    }


# runbooks


def test_check_says_what_is_wrong_with_each_runbook_and_what_config_yaml_names(written):
    book = parse(
        "disk", "---\nlast updated: 2026-01-01\nowner: Ana\nseverity: SEV-9\nservices: apii\n---\n## Symptoms\nx"
    )
    shelved = Shelved((book,), (Broken("runbooks/huge.md", "is larger than 256 KB"),))
    services = {"api": {"name": "API", "runbook": "disks"}}
    settings = written({"people": ["ana"]}, services=services)
    assert terminal.runbooks(settings, shelved, NOW).splitlines() == [
        "1 runbook:",
        "  warning      runbooks/huge.md: is not used: it is larger than 256 KB",
        "  warning      runbooks/disk.md: has no diagnosis, mitigation and no prevention",
        "  warning      runbooks/disk.md: was last updated 2026-01-01, more than six months ago",
        "  warning      runbooks/disk.md: names the service apii, which is not in config.yaml",
        "  warning      runbooks/disk.md: names the severity SEV-9, which is not in config.yaml",
        "  warning      services.api.runbook: names disks, which is no runbook in the folder; did you mean disk?",
    ]
    missing = terminal.runbooks(written({"people": ["ana"]}), Shelved(missing="runbooks"), NOW)
    assert "runbooks.folder: there is no folder runbooks, so no runbook is shown" in missing
    assert terminal.runbooks(written({"people": ["ana"]}), Shelved(), NOW) == "0 runbooks; nothing is missing."
