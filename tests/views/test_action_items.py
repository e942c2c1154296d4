"""The form that changes an action item tells only what somebody changed in it."""

from datetime import date

from domain.action_items import ActionItem
from tests.views.samples import ACKNOWLEDGED
from views import action_items, actions

ITEM = ActionItem(42, "alert at 80 %", "U0001", "U0003", date(2026, 12, 1), id=7)


def submitted(text="alert at 80 %", owner="U0001", day="2026-12-01"):
    form = action_items.change_form(ITEM, ACKNOWLEDGED.incident, actions.EDIT_MINE)
    state = {
        "action_text": {"action_text": {"value": text}},
        "action_owner": {"action_owner": {"selected_user": owner}},
        "action_due": {"action_due": {"selected_date": day}},
    }
    return action_items.read_change({**form, "state": {"values": state}})


def test_what_was_left_alone_is_not_written_over_what_another_has_changed_meanwhile():
    assert submitted() == (7, actions.EDIT_MINE, {})
    assert submitted(owner="U0002") == (7, actions.EDIT_MINE, {"owner": "U0002"})
    assert submitted(day=None, text="alert at 70 %")[2] == {"text": "alert at 70 %", "due": ""}
