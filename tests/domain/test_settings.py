"""The settings as values: what they answer, and that they keep secrets."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.fields import secrets_of, sections, variable_of
from domain.settings import Settings
from domain.vendors import Integration, PagerDuty, Twilio


def settings(**more):
    return Settings.model_validate(
        {
            "severities": {"SEV-1": {"label": "critical", "means": "all is down", "acknowledge_within": "5m"}},
            "people": {"ana": {"name": "Ana", "slack": "U0001"}, "ben": {"name": "Ben", "slack": "U0002"}},
            "services": {"api": {"name": "API"}, "web": {"name": "Web app"}, "db": {"name": "Database"}},
            "escalation_policies": {"default": {"levels": [{"people": ["ana"]}]}},
            **more,
        }
    )


def announcing(*channels):
    row = {"label": "x", "means": "x", "acknowledge_within": "5m", "announce": channels}
    return settings(severities={"SEV-1": row}, slack={"incidents_channel_id": "C0INCIDENTS"})


@pytest.mark.parametrize(
    ("written", "announced"),
    [
        (["incidents"], ("C0INCIDENTS",)),
        (["incidents", "C0DEVTEAM"], ("C0INCIDENTS", "C0DEVTEAM")),
        (["C0INCIDENTS", "incidents"], ("C0INCIDENTS",)),
        ([], ()),
    ],
)
def test_an_incident_is_announced_in_its_severitys_channels_and_in_none_twice(written, announced):
    found = announcing(*written)
    assert found.announced_in(found.severities["SEV-1"]) == announced


def test_without_an_incidents_channel_there_is_nowhere_to_announce():
    found = settings()
    assert found.announced_in(found.severities["SEV-1"]) == ()


@pytest.mark.parametrize(
    ("services", "words"),
    [
        ([], "Our service: problem"),
        (["api"], "API: problem"),
        (["api", "web"], "API and Web app: problem"),
        (["api", "web", "db"], "API, Web app and Database: problem"),
        (["gone", "api"], "API: problem"),
    ],
)
def test_public_words_are_made_of_the_names_of_services(services, words):
    found = settings()
    assert found.public_text("title", found.severities["SEV-1"], services) == words


@pytest.mark.parametrize("status", ["investigating", "identified", "monitoring", "resolved"])
def test_every_public_status_has_words(status):
    found = settings()
    assert found.public_text(status, found.severities["SEV-1"], ["api"]).startswith("API: ")


def test_a_person_is_found_by_slack_id():
    assert settings().person_of("U0002").id == "ben"
    assert settings().person_of("U9999") is None


def test_the_ladder_says_when_each_level_is_asked():
    levels = [{"people": ["ana"], "acknowledge_within": "5m"}, {"people": ["ben"], "acknowledge_within": "15m"}]
    policy = settings(escalation_policies={"default": {"levels": [*levels, {"people": ["ana"]}]}})
    starts = [(begin, level.people) for begin, level in policy.escalation_policies["default"].starts()]
    assert starts == [
        (timedelta(0), ("ana",)),
        (timedelta(minutes=5), ("ben",)),
        (timedelta(minutes=20), ("ana",)),
    ]


def test_a_vendor_is_on_when_all_that_it_needs_is_there_unless_switched_off():
    whole = {"account_sid": "AC1", "auth_token": "x", "phone_number": "+15550000009"}
    assert Twilio.model_validate(whole).on
    assert Twilio.model_validate({**whole, "enabled": True}).on
    assert not Twilio.model_validate({**whole, "enabled": False}).on
    assert not Twilio.model_validate({**whole, "auth_token": None}).on
    assert not PagerDuty().on


def test_no_secret_is_shown():
    hidden = "hidden-5f3a"
    found = settings(
        database={"url": f"postgresql://muster:{hidden}@127.0.0.1/muster"},
        slack={"bot_token": hidden, "app_token": hidden},
        integrations={
            "pagerduty": {"integration_key": hidden, "webhook_secret": hidden},
            "twilio": {"auth_token": hidden},
            "plane": {"api_key": hidden},
            "statuspage": {"api_key": hidden},
        },
    )
    assert hidden not in f"{found!r} {found} {found.database!r} {found.integrations.twilio}"
    assert found.integrations.pagerduty.integration_key.get_secret_value() == hidden


def test_what_is_named_as_a_secret_is_kept_as_one():
    for trail, section in sections(Settings):
        for name in section.model_fields:
            if name.endswith(("_token", "_key", "_secret")):
                assert name in secrets_of(section), (*trail, name)


def test_every_need_of_a_vendor_can_be_met_by_the_environment():
    vendors = [section for _, section in sections(Settings) if issubclass(section, Integration)]
    assert len(vendors) == 6
    for vendor in vendors:
        assert [variable_of(vendor, name) for name in vendor.needs] == vendor.lacks({})


def test_settings_do_not_change_while_muster_runs():
    found = settings()
    with pytest.raises(ValidationError):
        found.paging.page_by = "muster"
