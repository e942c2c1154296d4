"""The record as people read it: in the order in which things happened, short, with who and when."""

from dataclasses import replace
from datetime import date

from domain.action_items import DONE, ActionItem, Mine
from domain.decision import Entry, Timer
from domain.publishing import Preview
from domain.recording import Message
from tests.policies import policy
from tests.views.samples import ACKNOWLEDGED, CLOSED, DECLARED, PEOPLE, RESOLVED, ROOM, after
from tests.views.test_modals import submitted
from views import action_items, modals, publish, record
from views.catchup import catchup
from views.room import room_message
from views.submitted import carry, message

SAID = Message("C0042", "1795183440.000100", "U0003", "the disk of db1 is full", "http://127.0.0.1:9000/p1")
KEPT = replace(
    ACKNOWLEDGED,
    timeline=(
        *ACKNOWLEDGED.timeline,
        Entry("note", "U0001", {"text": "a deploy went out at noon"}, at=after(minutes=10), id=5),
        Entry("message", "U0001", {"text": SAID.text, "people": ["U0003"]}, at=SAID.at, permalink=SAID.permalink, id=6),
        Entry(
            "correction", "U0002", {"text": "db2 is full", "before": SAID.text}, corrects=6, at=after(minutes=12), id=7
        ),
    ),
    refs=(*ACKNOWLEDGED.refs, replace(ROOM, kind="checklist", name="triage", value="1.2")),
    timers=RESOLVED.timers,
)
ITEMS = (
    ActionItem(42, "alert at 80 % of the disk", "U0002", "U0001", date(2026, 11, 27), id=1),
    ActionItem(42, "write the runbook", "U0001", "U0001", date(2026, 11, 19), SAID.permalink, id=2),
    ActionItem(42, "clean up db1", "U0003", "U0001", state=DONE, done_by="U0003", id=3),
)
TODAY = date(2026, 11, 20)


def test_the_timeline(golden):
    golden("timeline.md", record.timeline(KEPT, people=PEOPLE)["text"] + "\n")


def test_what_a_late_joiner_reads(golden):
    told = catchup(
        KEPT,
        after(minutes=35),
        badge="🔴",
        people=PEOPLE,
        services={"api": "API"},
        checklists=policy().checklists,
        items=ITEMS,
    )
    golden("catchup.md", told["text"] + "\n")


def test_action_items(golden):
    golden("action-items.json", action_items.listing(DECLARED, ITEMS, TODAY))
    golden("mine.json", action_items.mine(Mine("U0001", (ACKNOWLEDGED.incident,), ITEMS[:2], TODAY)))


def test_the_forms_of_the_record(golden):
    golden("modal-note.json", record.note_form(DECLARED))
    golden("modal-correct.json", record.correct_form(KEPT, {"U0002": "Ben"}, "Europe/Amsterdam", "U0002"))
    golden("modal-action.json", action_items.form("U0001", DECLARED, (), SAID.text, SAID))
    golden("modal-update-public.json", modals.update(DECLARED, ["identified"], public=True))
    preview = Preview("API: outage", "identified", "Logins fail for some.\nWe are on it.", (("API", "major_outage"),))
    golden("modal-publish.json", publish.form(DECLARED, preview, preview.text))


def test_without_words_the_form_shows_no_empty_lines_for_them():
    view = publish.form(DECLARED, Preview("API: outage", "identified", "", (("API", "major_outage"),)), "")
    assert "Exactly this" not in str(view)
    assert "with your words" in view["blocks"][0]["text"]["text"]
    assert view["blocks"][1]["text"]["text"] == "```\nAPI: outage\nIdentified\n\nAPI: major outage\n```"


def test_a_draft_for_the_public(golden):
    golden("draft.json", room_message("draft", {"by": "U0001", "source": SAID.source, "body": "We restore."}, KEPT))


def test_a_page_that_is_not_there_is_the_last_one_that_is():
    assert record.timeline(KEPT, 99, PEOPLE) == record.timeline(KEPT, 0, PEOPLE)


def test_a_timeline_of_several_days_names_them():
    told = record.timeline(
        replace(CLOSED, timeline=(*CLOSED.timeline, Entry("note", "U0001", {"text": "x"}, at=after(days=2))))
    )
    assert "{date_short_pretty}" in told["text"]
    assert "{date_short_pretty}" not in record.timeline(KEPT)["text"]


def test_what_a_form_carries_along_comes_back_as_it_was():
    assert message({"private_metadata": carry(0, "http://127.0.0.1:9000/response/1", SAID)}) == SAID
    long = message({"private_metadata": carry(0, "", replace(SAID, text='"\n' * 1500))})
    assert long.permalink == SAID.permalink
    assert long.text.startswith('"\n"')
    assert len(carry(0, "", replace(SAID, text='"\n' * 1500))) <= 3000


def test_an_action_item_is_read_back():
    view = action_items.form("U0001", DECLARED)
    assert action_items.read(submitted(view, action_text="drill it"))[0] == "drill it"
    assert record.read_incident(view) == 42


def test_a_publication_is_read_back_with_what_was_seen():
    preview = Preview("", "investigating", "Logins fail.")
    view = submitted(publish.form(DECLARED, preview, "Logins fail.", status="identified"))
    assert publish.read(view) == ("Logins fail.", "identified", preview.mark)


def test_of_what_the_clock_will_call_the_next_of_each_kind_is_told():
    kinds = ("page_overdue", "notice", "acknowledge_timeout", "notice")
    timers = tuple(Timer(kind, after(minutes=n + 1)) for n, kind in enumerate(kinds))
    told = catchup(replace(KEPT, timers=timers), after(minutes=0))["text"]
    assert told.count("a notice goes out") == 1
    assert told.index("in 2 min: a notice goes out") < told.index("in 3 min: the next level is paged")
    assert "did not get through" not in told
