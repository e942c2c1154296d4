"""The timeline in words: each step of a page says what was done, and why."""

import pytest

from domain.decision import Entry
from views.timeline import quiet, worded

PEOPLE = {"ana": "U0001"}
STEPS = {
    "page": ({"means": "muster"}, "paged <@U0001> by Slack"),
    "call": ({"means": "twilio"}, "nobody had acknowledged: call and text to <@U0001> by Twilio"),
    "escalated": ({"means": "muster", "level": 1}, "nobody acknowledged in time: paged level 2, <@U0001> by Slack"),
    "next_means": (
        {"means": ["slack-page", "twilio"], "instead_of": "pagerduty", "why": "PagerDuty refused (403)"},
        "the page by PagerDuty did not get through (PagerDuty refused (403)): rang <@U0001> by Slack and Twilio",
    ),
    "held": (
        {"ring": "text", "until": "2026-11-20T03:05:00+00:00", "with": "INC-1"},
        "the SMS to <@U0001> waits until 03:05 UTC: they were rung for INC-1 just now",
    ),
    "call_status": ({"status": "in-progress"}, "the call to <@U0001>: picked up"),
    "text_status": ({"status": "undelivered"}, "the text to <@U0001>: could not be delivered"),
}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_of_a_page_has_its_own_wording(step):
    data, told = STEPS[step]
    assert worded(Entry("page", data={"step": step, "people": ["ana"], **data}), PEOPLE) == told


def test_where_no_means_is_left_that_is_said():
    data = {"step": "next_means", "people": ["ana"], "means": [], "instead_of": "slack-page", "why": "no such person"}
    assert worded(Entry("page", data=data), PEOPLE).endswith("(no such person): nothing else can ring <@U0001> at once")


def test_only_explain_tells_deliveries_and_the_stages_of_a_call():
    assert quiet(Entry("delivery"))
    assert quiet(Entry("page", data={"step": "call_status"}))
    assert not quiet(Entry("page", data={"step": "call"}))
