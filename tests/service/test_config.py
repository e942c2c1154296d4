"""config.yaml and the environment become settings, or everything that is wrong is said at once."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.config import BadConfig, load

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SMALLEST = """
severities: {SEV-1: {label: critical, means: all is down, acknowledge_within: 5m}}
people: {ana: {name: Ana, slack: U0001}}
escalation_policies: {default: {levels: [{people: [ana]}]}}
"""


@pytest.fixture
def read(tmp_path):
    def read(text, **environ):
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, environ)

    return read


@pytest.fixture
def refused(read):
    def refused(text, **environ):
        with pytest.raises(BadConfig) as caught:
            read(text, **environ)
        return caught.value.errors

    return refused


def test_the_delivered_file_works_with_nobody_but_ana_ben_and_chris():
    settings = load(ROOT / "config.yaml", {})
    assert [(person.name, person.slack) for person in settings.people.values()] == [
        ("Ana", "U0001"),
        ("Ben", "U0002"),
        ("Chris", "U0003"),
    ]
    assert not any(vendor.on for _, vendor in settings.integrations)


def test_the_delivered_policy_is_the_promised_one():
    severities = load(ROOT / "config.yaml", {}).severities
    minutes, hours = (lambda n: timedelta(minutes=n)), (lambda n: timedelta(hours=n))
    assert [
        (s.name, s.label, s.page, s.acknowledge_within, s.call_after, s.room, s.status_page)
        for s in severities.values()
    ] == [
        ("SEV-1", "critical", True, minutes(5), minutes(2), True, "auto"),
        ("SEV-2", "high", True, minutes(15), None, True, "ask"),
        ("SEV-3", "medium", False, hours(2), None, True, "off"),
        ("SEV-4", "low", False, hours(8), None, False, "off"),
    ]
    assert [(s.postmortem, s.tracker_priority, s.tell) for s in severities.values()] == [
        ("required", "urgent", ()),
        ("required", "high", ()),
        ("optional", "medium", ("ben",)),
        ("no", "low", ()),
    ]
    assert [s.acknowledge_in_working_hours for s in severities.values()] == [False, False, False, True]


def test_the_delivered_ladder_asks_ana_then_ben_then_chris_and_begins_again_after_an_hour():
    policy = load(ROOT / "config.yaml", {}).escalation_policies["default"]
    assert [(begin.total_seconds() / 60, level.schedules, level.people) for begin, level in policy.starts()] == [
        (0, ("primary",), ()),
        (5, (), ("ben",)),
        (20, (), ("chris",)),
    ]
    assert policy.repeat_after == timedelta(hours=1)


def test_the_smallest_file_has_the_delivered_files_defaults(read):
    delivered, smallest = load(ROOT / "config.yaml", {}), read(SMALLEST)
    # User groups are somebody's, as people and services are: those that are delivered are the sandbox's.
    groups = delivered.slack.user_groups
    smallest = smallest.model_copy(update={"slack": smallest.slack.model_copy(update={"user_groups": groups})})
    for section in ("database", "http", "slack", "paging", "integrations", "status_page", "runbooks", "organization"):
        assert getattr(smallest, section) == getattr(delivered, section), section


def test_everything_that_is_wrong_is_said_at_once_with_its_path():
    with pytest.raises(BadConfig) as caught:
        load(HERE / "bad.yaml", {"MUSTER_HTTP_PORT": "eighty", "TWILIO_AUTH_TOKEN": "hidden-5f3a"})
    expected = (HERE / "bad.errors.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(caught.value.errors) == sorted(expected)


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite:////tmp/%00"])
def test_a_database_that_no_restart_survives_or_no_file_can_hold_is_refused(refused, url):
    [error] = refused(SMALLEST, DATABASE_URL=url)
    assert error.startswith(
        "database.url (from DATABASE_URL): is not a database Muster knows; write sqlite:////absolute"
    )


def test_no_error_shows_a_secret(refused):
    found = refused(
        SMALLEST + "slack: {bot_token: xoxb-hidden-5f3a}\ndatabase: {url: 'postgres://muster:hidden-5f3a@db/muster'}\n"
        "integrations: {plane: {api_key: [hidden-5f3a]}, statuspage: {api_key: 'a ${hidden-5f3a}'}}"
    )
    assert len(found) >= 4
    assert "hidden-5f3a" not in "\n".join(found)


def test_the_environment_wins_over_the_file(read):
    settings = read(
        SMALLEST + "database: {url: 'sqlite:///here.db'}\nhttp: {port: 9000}\nslack: {incidents_channel_id: C0FILE}",
        DATABASE_URL="postgresql://postgres:@/muster?host=/run/postgres",
        MUSTER_HTTP_PORT="9100",
        SLACK_INCIDENTS_CHANNEL_ID="C0ENVIRONMENT",
    )
    assert settings.database.url == "postgresql://postgres:@/muster?host=/run/postgres"
    assert settings.http.port == 9100
    assert settings.slack.incidents_channel_id == "C0ENVIRONMENT"


def test_a_token_that_could_be_guessed_is_refused_and_not_shown(read, refused):
    [error] = refused(SMALLEST, MUSTER_DASHBOARD_TOKEN="hidden-5f3a-123")
    assert error == (
        "http.dashboard_token (from MUSTER_DASHBOARD_TOKEN): "
        "has fewer than 16 characters; make one with: openssl rand -hex 24"
    )
    token = read(SMALLEST, MUSTER_DASHBOARD_TOKEN="hidden-5f3a-1234").http.dashboard_token
    assert token.get_secret_value() == "hidden-5f3a-1234"
    assert read(SMALLEST, MUSTER_DASHBOARD_TOKEN="").http.dashboard_token is None
    assert any(
        "MUSTER_DASHBOARD_TOKEN" in error for error in refused(SMALLEST + "http: {dashboard_token: plain-in-the-file}")
    )


def test_an_empty_variable_is_an_unset_one(read):
    settings = read(SMALLEST + "http: {port: 9000}", MUSTER_HTTP_PORT="", TWILIO_AUTH_TOKEN="")
    assert settings.http.port == 9000
    assert settings.integrations.twilio.auth_token is None


def test_a_secret_may_come_from_a_variable_of_another_name(read):
    text = SMALLEST + "integrations: {pagerduty: {integration_key: '${TEAM_A_KEY}'}}"
    assert read(text, TEAM_A_KEY="of-team-a").integrations.pagerduty.on
    assert not read(text).integrations.pagerduty.on


@pytest.mark.parametrize(
    ("vendor", "environ"),
    [
        ("pagerduty", {"PAGERDUTY_INTEGRATION_KEY": "x"}),
        ("twilio", {"TWILIO_ACCOUNT_SID": "x", "TWILIO_AUTH_TOKEN": "x", "TWILIO_PHONE_NUMBER": "+15550000009"}),
        ("plane", {"PLANE_API_KEY": "x", "PLANE_PROJECT_ID": "x", "PLANE_WORKSPACE": "x"}),
        ("statuspage", {"STATUSPAGE_PAGE_ID": "x", "STATUSPAGE_API_KEY": "x"}),
    ],
)
def test_a_vendor_is_switched_on_by_its_variables_alone_and_named_when_one_is_missing(read, refused, vendor, environ):
    settings = read(SMALLEST, **environ)
    assert [name for name, each in settings.integrations if each.on] == [vendor]
    insisting = SMALLEST + f"integrations: {{{vendor}: {{enabled: true}}}}"
    for missing in environ:
        others = {name: value for name, value in environ.items() if name != missing}
        [error] = refused(insisting, **others)
        assert error.startswith(f"integrations.{vendor}: enabled is true, but {missing} is not set")


def test_half_a_vendors_secrets_are_an_error_unless_it_is_switched_off(read, refused):
    [error] = refused(SMALLEST, STATUSPAGE_API_KEY="x")
    assert error == (
        "integrations.statuspage: STATUSPAGE_API_KEY is set, but STATUSPAGE_PAGE_ID is not; "
        "set what is missing or write enabled: false"
    )
    assert read(SMALLEST + "integrations: {statuspage: {enabled: false}}", STATUSPAGE_API_KEY="x")


@pytest.mark.parametrize("text", ["page_by: pagerduty", "page_by: opsgenie"])
def test_a_pager_that_is_not_there_cannot_be_chosen(refused, text):
    [error] = refused(SMALLEST + f"paging: {{{text}}}")
    assert error.startswith("paging.page_by: ")


def test_the_variable_that_a_chosen_pager_lacks_is_named(refused, read):
    [error] = refused(SMALLEST + "paging: {page_by: pagerduty}")
    assert error == ("paging.page_by: 'pagerduty' is not on; set PAGERDUTY_INTEGRATION_KEY, or write auto or muster")
    assert read(SMALLEST + "paging: {page_by: pagerduty}", PAGERDUTY_INTEGRATION_KEY="x")


def test_a_heading_with_nothing_below_it_means_the_defaults(read):
    assert read(SMALLEST + "http:\nintegrations:\n  plane:\n") == read(SMALLEST)


def test_yamls_false_is_the_word_that_was_written(read):
    row = "{label: x, means: x, acknowledge_within: 5m, status_page: off, postmortem: no}"
    severity = read(SMALLEST.replace("{label: critical, means: all is down, acknowledge_within: 5m}", row)).severities
    assert (severity["SEV-1"].status_page, severity["SEV-1"].postmortem) == ("off", "no")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "severities: is missing and has no default"),
        ("- a\n- b\n", "holds no sections"),
        ("a: [1\nb: 2\n", "config.yaml:2: is not YAML"),
        ("a: !!python/object/apply:os.getcwd []\n", "config.yaml:1: is not YAML"),
        ("\x00", "is not YAML"),
        ("a: &x [*x]", "config.yaml:1: is not YAML: something holds itself"),
        ("[" * 100_000, "config.yaml:1: is not YAML: more than 100 levels stand in each other"),
    ],
    ids=[
        "empty",
        "a list",
        "a bracket left open",
        "a tag that would run code",
        "not text",
        "an endless list",
        "a well",
    ],
)
def test_a_file_that_cannot_be_used_is_a_sentence(refused, text, error):
    assert any(error in each for each in refused(text))


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(BadConfig, match=r"nowhere\.yaml: cannot be read"):
        load(tmp_path / "nowhere.yaml", {})


def test_a_secret_that_was_copied_with_a_line_break_works_and_one_that_holds_one_is_an_error(read, refused):
    token = read(SMALLEST, SLACK_BOT_TOKEN=" xoxb-1\n").slack.bot_token
    assert token is not None
    assert token.get_secret_value() == "xoxb-1"
    assert refused(SMALLEST, SLACK_BOT_TOKEN="xoxb-1\nxapp-2") == [
        "slack.bot_token (from SLACK_BOT_TOKEN): holds a blank, a line break or a strange character; copy it again"
    ]
