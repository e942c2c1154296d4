"""The work item: every word people typed is text, and everything worth reading is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from domain.decision import Entry
from domain.incidents import Incident
from domain.record import Record
from views import plane

T0 = datetime(2026, 11, 20, 3, 4, tzinfo=UTC)
INCIDENT = Incident("db down", "SEV-1", "U0001", T0, number=42, services=("api", "web"))
words = st.text(st.characters(), max_size=200)


class Read(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        assert not attrs

    def handle_data(self, data):
        self.text += data


def test_the_name_is_cut_on_characters():
    assert plane.name(INCIDENT) == "[INCIDENT] SEV-1: db down"
    assert len(plane.name(replace(INCIDENT, title="\N{FIRE}" * 1000))) == 255


def test_an_acknowledgement_is_commented_with_its_means_in_words():
    for means, told in (("slack", "in Slack"), ("pagerduty", "in PagerDuty"), ("phone", "by phone")):
        assert Read(plane.comment("acknowledged", "U0001", f"by {means}", T0, {})).text.endswith(told)
    assert Read(plane.comment("update", "U0001", "by slack", T0, {})).text.endswith("by slack")


@given(words, words, words)
def test_no_word_of_a_person_becomes_an_element(title, text, name):
    incident = replace(INCIDENT, title=title, description=text, resolution=text, root_cause=text, impact=text)
    record = Record(incident, "k", timeline=(Entry("update", "U0001", {"text": text}, at=T0),))
    for page in (
        plane.description(record, {"U0001": name}),
        plane.comment("update", "U0001", text, T0, {"U0001": name}),
    ):
        assert set(Read(page).elements) <= {"div", "p", "br", "h3", "ul", "li", "strong"}


def test_markup_is_shown_as_it_was_typed():
    page = plane.comment("update", "U0002", "<b>1 & 2</b>", T0, {})
    assert "<b>1 & 2</b>" in Read(page).text
    assert "U0002" in Read(page).text


def test_an_open_incident_has_no_empty_headings():
    page = plane.description(Record(INCIDENT, "k"), {"U0001": "Ana"})
    assert "h3" not in Read(page).elements
    assert "Reporter: Ana" in Read(page).text
    assert "Services: api, web" in Read(page).text
    assert "Duration" not in page


def test_a_resolved_incident_tells_how_long_and_how():
    ended = replace(INCIDENT, resolved_at=T0 + timedelta(minutes=5), resolution="restarted", root_cause="full disk")
    text = Read(plane.description(Record(ended, "k"), {})).text
    for part in ("Resolved: 2026-11-20 03:09 UTC", "Duration: 5 min", "restarted", "full disk"):
        assert part in text


def test_a_long_timeline_keeps_its_newest_entries():
    timeline = tuple(Entry("note", data={"text": f"entry {n}."}, at=T0) for n in range(500))
    text = Read(plane.description(Record(INCIDENT, "k", timeline=timeline), {})).text
    assert "entry 499." in text
    assert "entry 299." not in text
    assert "Muster" in text
