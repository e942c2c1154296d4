"""The timeline's lines say what happened, and nothing that did not."""

import pytest

from domain.decision import MUSTER, Entry
from views.timeline import worded

PEOPLE = {"ana": "U0001", "ben": "U0002"}


def line(**data):
    return str(worded(Entry("page", MUSTER, data), PEOPLE))


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("call_status", "the phone call to <@U0001>: no-answer"),
        ("text_status", "the SMS to <@U0001>: no-answer"),
    ],
)
def test_what_became_of_a_call_does_not_read_like_a_second_page(step, told):
    assert line(step=step, person="ana", status="no-answer") == told


def test_the_next_means_are_told_by_name_with_what_they_replace_and_why():
    data = {"step": "next_means", "means": "slack-page, twilio", "people": ["U0002"], "level": 0, "round": 1}
    assert (
        line(**data, instead_of="pagerduty", why="it timed out")
        == "paged <@U0002> by Slack, Twilio instead of PagerDuty: it timed out"
    )


def test_a_level_that_muster_rings_itself_names_muster_as_people_write_it():
    assert line(step="escalated", means="muster", people=["U0002"], level=1) == "paged <@U0002> by Muster"
