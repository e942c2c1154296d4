"""The postmortem holds people's words without letting them break the document."""

from dataclasses import replace

from domain.decision import Entry
from tests.views.samples import RESOLVED, after
from views.modals import Written
from views.postmortem import postmortem


def test_what_people_wrote_cannot_be_html_or_a_heading_of_ours():
    told = postmortem(RESOLVED, Written(summary="# Timeline\n<script>alert(1)</script>\n- a list stays"))
    assert "\\# Timeline\n\\<script>alert(1)\\</script>\n- a list stays" in told
    assert told.count("\n## ") == 6


def test_every_line_of_the_timeline_is_one_line():
    entry = Entry("update", "U0001", {"text": "first\nsecond"}, at=after(minutes=1))
    told = postmortem(replace(RESOLVED, timeline=(entry,)), Written(), {"U0001": "Ana"})
    assert "- 2026-11-20 14:03 UTC Ana: first second\n" in told


def test_deliveries_are_left_to_explain():
    entry = Entry("delivery", data={"kind": "page", "lane": "pagerduty", "result": "accepted"}, at=after())
    with_it, without = (postmortem(replace(RESOLVED, timeline=told), Written()) for told in ((entry,), ()))
    assert with_it == without
