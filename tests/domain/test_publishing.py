"""What goes to the public is what was previewed, and nothing of a private incident or of a drill."""

from dataclasses import replace

import pytest

from domain import decisions, publishing
from domain.errors import Refused
from domain.record import FAILED
from tests.policies import policy
from tests.views.samples import ACKNOWLEDGED, CLOSED, FRESH, RESOLVED, after, owed

POLICY = policy()
NOW = after(minutes=10)
WORDS = "Payments work again for most customers."


def outside(decision):
    return [effect for effect in decision.effects if effect.lane == "statuspage"]


@pytest.mark.parametrize("record", [FRESH, ACKNOWLEDGED])
@pytest.mark.parametrize("status", ["", "monitoring"])
def test_what_goes_out_is_what_the_preview_said(record, status):
    seen = publishing.preview(record, POLICY, WORDS, status)
    done = publishing.publish(record, POLICY, "U0001", WORDS, NOW, status)
    [sent] = outside(done)
    assert (sent.data.get("name", ""), sent.data["status"], sent.data["body"]) == (seen.title, seen.status, seen.text)
    assert sent.kind == ("update_status" if record is ACKNOWLEDGED else "create_status")
    assert seen.text == WORDS
    assert seen.components == (("API", "major_outage"),)
    assert list(sent.data["components"].values()) == ["major_outage"]
    assert done.entries[0].public
    assert done.entries[0].data["text"] == WORDS
    [posted] = [each.data for each in done.effects if each.kind == "post"]
    assert posted["public"]


def test_a_creation_that_is_on_its_way_is_followed_by_the_words():
    coming = replace(FRESH, owed=(*FRESH.owed, owed(9, "statuspage", "create_status", target="status")))
    [sent] = outside(publishing.publish(coming, POLICY, "U0001", WORDS, NOW))
    assert sent.kind == "update_status"


def test_a_preview_that_reads_otherwise_has_another_mark():
    marks = {
        publishing.preview(FRESH, POLICY, WORDS).mark,
        publishing.preview(FRESH, POLICY, WORDS + "!").mark,
        publishing.preview(FRESH, POLICY, WORDS, "identified").mark,
        publishing.preview(ACKNOWLEDGED, POLICY, WORDS).mark,
    }
    assert len(marks) == 4


@pytest.mark.parametrize(
    ("record", "known", "why"),
    [
        (replace(FRESH, incident=replace(FRESH.incident, private=True)), POLICY, "INC-42 is private: nothing of it"),
        (replace(FRESH, incident=replace(FRESH.incident, drill=True)), POLICY, "INC-42 is a drill: nothing of it"),
        (FRESH, policy("STATUSPAGE"), "No status page is connected"),
        (
            replace(FRESH, owed=(owed(9, "statuspage", "create_status", state=FAILED, error="HTTP 401"),)),
            POLICY,
            "The status page did not take INC-42 (HTTP 401). Press *Retry*",
        ),
        (CLOSED, POLICY, "INC-42 is closed."),
    ],
)
def test_where_nothing_may_or_can_go_out_that_is_said(record, known, why):
    with pytest.raises(Refused) as refused:
        publishing.publish(record, known, "U0001", WORDS, NOW)
    assert why in refused.value.text


def test_nothing_is_published_without_words():
    with pytest.raises(Refused, match="What may the public read"):
        publishing.publish(FRESH, POLICY, "U0001", "", NOW)


@pytest.mark.parametrize("secret", ["private", "drill"])
def test_a_draft_of_what_became_secret_is_not_published(secret):
    hidden = replace(FRESH, incident=replace(FRESH.incident, **{secret: True}))
    with pytest.raises(Refused, match="not for the public"):
        decisions.publish_status(hidden, POLICY, "U0001")


@pytest.mark.parametrize("record", [RESOLVED, CLOSED])
def test_the_question_whether_the_public_should_know_is_over_when_the_incident_is(record):
    untold = replace(record, refs=tuple(ref for ref in record.refs if ref.kind != "status_incident"))
    with pytest.raises(
        Refused, match=rf"INC-42 is over \({record.incident.state}\): there is nothing to tell the public any more"
    ):
        decisions.publish_status(untold, POLICY, "U0001")
