"""What is kept comes back as it was; the timeline only grows; each lookup finds its own."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import alerts
from domain.decision import Decision, Effect, Entry, Timer
from domain.errors import Refused
from domain.incidents import STATUSES, Incident
from domain.record import Ref
from storage import incidents, models, postmortems, seen
from storage.db import database
from tests.storage.values import NOW, after, declare, incident
from tests.world import ROOT

EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# PostgreSQL's text holds anything but NUL, which nobody can type into Slack.
texts = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=60)
moments = st.integers(0, 4_000_000_000_000).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
maybe = lambda values: st.none() | values  # noqa: E731
json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
data = st.dictionaries(texts, json, max_size=4)
some_incidents = st.builds(
    Incident,
    title=texts,
    severity=texts,
    reporter=texts,
    detected_at=moments,
    rank=st.integers(0, 100),
    status=st.sampled_from(STATUSES),
    description=texts,
    impact=texts,
    services=st.lists(texts, unique=True, max_size=4).map(tuple),
    private=st.booleans(),
    drill=st.booleans(),
    commander=maybe(texts),
    acknowledged_at=maybe(moments),
    acknowledged_by=maybe(texts),
    acknowledged_means=maybe(texts),
    mitigated_at=maybe(moments),
    resolved_at=maybe(moments),
    closed_at=maybe(moments),
    sla_due_at=maybe(moments),
    sla_breached=st.booleans(),
    root_cause=texts,
    resolution=texts,
)
entries = st.builds(
    Entry, texts, texts, data, public=st.booleans(), at=moments, permalink=maybe(texts), corrects=maybe(st.integers(1))
).map(lambda entry: replace(entry, corrects=entry.corrects and entry.corrects % 2**60))
effects = st.builds(Effect, texts, texts, texts, data)
timers = st.builds(Timer, texts, moments, data)
refs = st.builds(Ref, texts, texts, texts, texts, data)


@pytest.fixture
def do(store):
    return store.transact_now


@EXAMPLES
@given(value=some_incidents)
def test_an_incident_comes_back_as_it_was_written_and_as_it_was_changed(do, value):
    kept = do(incidents.apply, Decision(value), NOW)
    assert do(incidents.get, kept.number) == kept == replace(value, number=kept.number)

    changed = replace(kept, title=value.title[::-1], status="closed", private=not value.private, commander=None)
    do(incidents.apply, Decision(changed), NOW)
    assert do(incidents.get, kept.number) == changed


@EXAMPLES
@given(
    line=st.lists(entries, max_size=3),
    owed=st.lists(effects, max_size=3, unique_by=lambda effect: effect.target),
    due=st.lists(timers, max_size=3),
    known=st.lists(refs, max_size=3, unique_by=lambda ref: (ref.kind, ref.name, ref.value)),
)
def test_all_that_hangs_on_an_incident_comes_back_as_it_was(do, line, owed, due, known):
    def work():
        number = incidents.apply(Decision(incident(), tuple(line), tuple(owed), tuple(due)), NOW).number
        incidents.remember(number, known)
        return incidents.record(number)

    record = do(work)
    assert [replace(entry, id=0) for entry in record.timeline] == line
    assert [(o.lane, o.kind, o.target, o.data) for o in record.owed] == [
        (e.lane, e.kind, e.target, e.data) for e in owed
    ]
    assert sorted(record.timers, key=repr) == sorted(due, key=repr)
    assert list(record.refs) == known


def test_a_pages_key_is_kept_when_it_is_owed_and_outlives_the_outbox(do):
    page = Effect("pagerduty", "page", "1")
    number = do(declare, page, Effect("slack-page", "page", "U0001:1:0", {"user": "U0001"}))
    do(lambda: incidents.apply(Decision(incidents.get(number), effects=(replace(page, target="2"),)), NOW))
    do(lambda: models.Outbox.delete().execute())
    record = do(incidents.record, number)
    kept = [(ref.name, ref.value) for ref in record.refs if ref.kind == alerts.KEY]
    assert kept == [("pagerduty", record.key), ("pagerduty", f"{record.key}-2")]
    assert alerts.next_target(record, "pagerduty") == "3"


def test_numbers_grow_and_are_never_reused(do):
    first, second = do(declare), do(declare)
    do(lambda: models.Incident.delete().where(models.Incident.number == second).execute())
    assert do(declare) > second > first


@pytest.mark.parametrize("table", [models.Outbox, models.Timer, models.Timeline, models.ExternalRef])
def test_no_row_gets_the_number_of_one_that_is_gone(do, table):
    """A frozen process may still hold a timer's number, a message in Slack an outbox row's."""

    def work():
        timers = [Timer("archive_channel", NOW)]
        number = declare(Effect("slack", "post", "room"), timers=timers)
        incidents.write(number, [Entry("note")], NOW)
        incidents.remember(number, [Ref("channel", "C1")])
        [row] = table.select()
        return row.id

    first = do(work)
    do(lambda: table.delete().execute())
    assert do(work) > first


def test_the_key_carries_the_installation(do):
    number = do(declare)
    assert do(incidents.record, number).key == f"muster-{do(incidents.installation)}-{number}"


def test_the_timeline_is_in_order_of_writing_and_keeps_both_times(do):
    number = do(declare)
    do(incidents.write, number, [Entry("note", "U0001", {"n": 1}, at=after(-60))], after(5))
    do(incidents.write, number, [Entry("note", "U0001", {"n": 2})], after(6))
    rows = do(lambda: [(row.at, row.recorded_at) for row in models.Timeline.select().order_by(models.Timeline.id)])
    assert rows == [(after(-60), after(5)), (after(6), after(6))]
    assert [entry.data["n"] for entry in do(incidents.record, number).timeline] == [1, 2]


def test_an_unknown_incident_is_refused_in_words(do):
    with pytest.raises(Refused, match="no incident INC-77"):
        do(incidents.get, 77)
    with pytest.raises(Refused, match="no incident INC-77"):
        do(incidents.record, 77, lock=True)


def test_the_listing_has_the_newest_first_of_the_statuses_and_the_severity_asked_for(do):
    first, second, third = do(declare), do(declare, status="resolved"), do(declare, services=("api", "web"))
    fourth = do(declare, severity="SEV-3")
    going_on = do(incidents.listing, "U0001", ("investigating",), "", 10)
    assert [each.number for each in going_on] == [fourth, third, first]
    assert [each.services for each in going_on] == [(), ("api", "web"), ()]
    assert [each.number for each in do(incidents.listing, "U0001", STATUSES, "SEV-3", 10)] == [fourth]
    assert [each.number for each in do(incidents.listing, "U0001", STATUSES, "", 3)] == [fourth, third, second]


def test_the_listing_knows_the_newest_room_of_each(do):
    one, other, _ = do(declare), do(declare), do(declare)
    do(incidents.remember, one, [Ref("channel", "C1"), Ref("channel", "C2")])
    do(incidents.remember, other, [Ref("channel", "C3")])
    assert do(incidents.rooms, [one, other]) == {one: "C2", other: "C3"}


def test_a_private_incident_is_seen_by_whoever_has_a_part_in_it_and_nobody_else(do):
    number = do(declare, private=True, reporter="U0001", commander="U0002", acknowledged_by="U0003")
    do(incidents.remember, number, [Ref(incidents.MEMBER, "C1", name="U0004")])
    for inside in ("U0001", "U0002", "U0003", "U0004"):
        do(incidents.must_see, number, inside)
        assert do(incidents.listing, inside, STATUSES, "", 10)
    with pytest.raises(Refused, match="is private"):
        do(incidents.must_see, number, "U0005")
    assert do(incidents.listing, "U0005", STATUSES, "", 10) == []
    with pytest.raises(Refused, match="no incident INC-77"):
        do(incidents.must_see, 77, "U0001")


def test_the_same_title_by_the_same_person_lately_is_found(do):
    number = do(declare)
    assert do(incidents.find_same, "U0001", "db down", after(-60)).number == number
    assert do(incidents.find_same, "U0002", "db down", after(-60)) is None
    assert do(incidents.find_same, "U0001", "DB down", after(-60)).number == number  # phones capitalise
    assert do(incidents.find_same, "U0001", "db down again", after(-60)) is None
    assert do(incidents.find_same, "U0001", "db down", after(1)) is None


def test_an_incident_is_found_by_its_room_and_by_its_issue(do):
    one, other = do(declare), do(declare)
    do(incidents.remember, one, [Ref("channel", "C1"), Ref("issue", "9f", data={"key": "ROOSE-1"})])
    do(incidents.remember, other, [Ref("issue", "9e", data={"key": "ROOSE-17", "note": "ROOSE-1"})])
    assert do(incidents.find_by_ref, "channel", "C1") == one
    assert do(incidents.find_by_ref, "channel", "C2") is None
    assert [do(incidents.find_by_issue, key) for key in ("ROOSE-1", "ROOSE-17", "ROOSE-9")] == [one, other, None]


def test_the_same_name_elsewhere_is_kept_once_with_its_newest_data_and_can_be_forgotten(do):
    number = do(declare)
    do(incidents.remember, number, [Ref("channel", "C1", data={"archived": False})])
    do(incidents.remember, number, [Ref("channel", "C1", url="http://127.0.0.1/", data={"archived": True})])
    assert do(incidents.record, number).refs == (Ref("channel", "C1", "", "http://127.0.0.1/", {"archived": True}),)
    do(incidents.forget, number, Ref("channel", "C2"))
    assert len(do(incidents.record, number).refs) == 1
    do(incidents.forget, number, Ref("channel", "C1"))
    assert do(incidents.record, number).refs == ()


def test_a_request_is_done_once_and_its_repeat_learns_to_what_it_led(do):
    number = do(declare)
    assert do(seen.first_time, "trigger", NOW)
    do(seen.about, "trigger", number)
    assert not do(seen.first_time, "trigger", after(1))
    assert do(seen.led_to, "trigger") == number
    assert do(seen.led_to, "another") is None


def test_a_request_whose_work_failed_was_not_done(do):
    def work():
        seen.first_time("trigger", NOW)
        raise KeyError

    with pytest.raises(KeyError):
        do(work)
    assert do(seen.first_time, "trigger", NOW)


def test_keys_older_than_any_retry_are_forgotten(do):
    do(seen.first_time, "old", NOW)
    do(seen.first_time, "new", after(10))
    assert do(seen.sweep, after(5)) == 1
    assert not do(seen.first_time, "new", after(11))
    assert do(seen.first_time, "old", after(11))


def test_the_newest_postmortem_draft_wins(do):
    number = do(declare)
    assert do(postmortems.find, number) is None
    do(postmortems.keep, number, {"summary": "first"}, "U0001", NOW)
    do(postmortems.keep, number, {"summary": "second"}, "U0002", after(1))
    assert do(postmortems.find, number) == {"summary": "second"}


def test_a_restored_copy_skips_numbers_by_the_statement_in_the_documents(store):
    before = store.transact_now(declare)
    store.transact_now(skip_numbers)
    assert store.transact_now(declare) == before + 1001


def skip_numbers():
    kind = "PostgreSQL" if database.for_update else "SQLite"
    [statement] = re.findall(rf"^\* {kind}: `(.+)`$", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    database.execute_sql(statement)
