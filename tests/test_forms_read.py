"""Each input of each form makes a difference to what its submission does: none is shown in vain."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from domain.action_items import ActionItem
from domain.decision import Decision, Entry
from storage import action_items, incidents, migrate
from storage.db import Store
from tests.test_handlers_complete import EVERYTHING, interaction
from tests.views import samples
from tests.wired import NOW, Silent, wired

ONE, OTHER = 0, 1


def inputs():
    """(callback_id, block_id) of every input of every form in every state, with a view that has it; of a row of inputs
    that differ by what stands behind a colon the first."""
    found = {}
    for payload in EVERYTHING:
        if payload.get("type") == "modal":
            for block in payload["blocks"]:
                if block["type"] == "input":
                    kind = (payload["callback_id"], block["block_id"].partition(":")[0])
                    found.setdefault(kind, (block["block_id"], payload))
    return {(form, block): payload for (form, _), (block, payload) in found.items()}


INPUTS = inputs()


def filled(element, which):
    """The state of an input in which somebody gave one answer, or another."""
    kind = element["type"]  # words that are an address too: some fields take nothing else
    options = [dict(option) for option in element.get("options", ())]
    # One in the middle: the first and the last are often what is so already, or too old.
    chosen = options[len(options) // 2] if options else {}
    if which == OTHER and options:
        differs = (option for option in options if option["value"] != chosen["value"])
        chosen = next(differs, {**chosen, "value": f"{chosen['value']}-other"})
    plain = {
        "plain_text_input": ("value", ("https://example.com/some", "https://example.com/other")),
        "number_input": ("value", ("1", "2")),
        "email_text_input": ("value", ("ana@example.com", "ben@example.com")),
        "url_text_input": ("value", ("http://127.0.0.1:9000/a", "http://127.0.0.1:9000/b")),
        "datepicker": ("selected_date", ("2026-12-01", "2026-12-02")),
        "timepicker": ("selected_time", ("10:00", "11:00")),
        "datetimepicker": ("selected_date_time", (1796108400, 1796112000)),
        "users_select": ("selected_user", ("U0001", "U0002")),
        "multi_users_select": ("selected_users", (["U0001"], ["U0002"])),
        "conversations_select": ("selected_conversation", ("C0001", "C0002")),
        "channels_select": ("selected_channel", ("C0001", "C0002")),
        "static_select": ("selected_option", (chosen, chosen)),
        "radio_buttons": ("selected_option", (chosen, chosen)),
        "multi_static_select": ("selected_options", ([chosen], [chosen])),
        "checkboxes": ("selected_options", ([], options[:1])),
    }
    name, answers = plain[kind]
    return {"type": kind, name: answers[which]}


def submission(view, other=None):
    """The form filled in; at the block `other` with another answer."""
    values = {
        block["block_id"]: {
            block["element"]["action_id"]: filled(block["element"], OTHER if block["block_id"] == other else ONE)
        }
        for block in view["blocks"]
        if block["type"] == "input"
    }
    return interaction("view_submission", view={**view, "id": "V1", "state": {"values": values}})


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    """A database with the incident that the samples are about, and an action item of it."""
    file = tmp_path_factory.mktemp("blank") / "muster.db"
    store = Store(f"sqlite:///{file}")
    store.migrate(migrate.upgrade)

    def work():
        written = (Entry("note", "U0001", {"text": f"note {n}"}) for n in range(20))
        entries = (Entry("detected", "U0001"), *written)
        number = incidents.apply(Decision(samples.DECLARED_NEW, entries), NOW).number
        assert number == samples.DECLARED.number
        incidents.remember(number, (samples.ROOM,))
        action_items.keep(ActionItem(number, "alert at 80 %", "U0003", "U0001"), NOW)

    # Numbers and ids as the samples have them.
    store.migrate(lambda db: db.execute_sql("INSERT INTO sqlite_sequence VALUES ('incident', 41), ('timeline', 99)"))
    store.transact_now(work)
    store.close()
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the file alone is copied
    return file


async def came_of(body, blank, folder):
    """What was answered and what the database holds afterwards."""
    folder.mkdir()
    shutil.copy(blank, folder / "muster.db")
    store, replies = Store(f"sqlite:///{folder / 'muster.db'}"), Silent()
    try:
        answer = await wired(replies, store).async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    finally:
        store.close()
    with closing(sqlite3.connect(folder / "muster.db")) as database:
        return answer.body, "\n".join(database.iterdump())


@pytest.mark.parametrize(("form", "block"), INPUTS)
async def test_every_input_of_every_form_is_read(form, block, blank, tmp_path):
    view = INPUTS[form, block]
    once = await came_of(submission(view), blank, tmp_path / "once")
    again = await came_of(submission(view), blank, tmp_path / "again")
    other = await came_of(submission(view, block), blank, tmp_path / "other")

    assert once == again, "the same twice is the same"
    assert other != once, f"what is answered in {block} changes nothing; {json.dumps(once[0])}"
