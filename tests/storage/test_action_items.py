"""Action items as rows: what is due first stands first, and nobody sees those of a private incident by owning one."""

from datetime import date

import pytest

from domain.action_items import DONE, OPEN, WITHDRAWN, ActionItem
from domain.errors import Refused
from storage import action_items
from tests.storage.values import NOW, after, declare


def keep(number, text, **values):
    return action_items.keep(ActionItem(number, text, **{"owner": "U0002", "created_by": "U0001", **values}), NOW)


def texts(found):
    return [item.text for item in found]


def test_one_is_read_back_as_it_was_written(store):
    def work():
        number = declare()
        made = keep(number, "x", due=date(2026, 12, 1), permalink="http://127.0.0.1/p", source="C1:1.2")
        return number, made, action_items.of_source(number, "C1:1.2")

    number, made, found = store.transact_now(work)
    assert made == found
    assert (made.incident, made.due, made.state, made.created_at) == (number, date(2026, 12, 1), OPEN, NOW)
    with pytest.raises(Refused):
        store.transact_now(action_items.get, made.id + 1)


def test_what_is_due_first_stands_first_and_what_has_no_day_last(store):
    def work():
        number = declare()
        keep(number, "whenever")
        keep(number, "later", due=date(2027, 1, 1))
        keep(number, "sooner", due=date(2026, 12, 1))
        return number

    number = store.transact_now(work)
    assert texts(store.transact_now(action_items.of_incident, number)) == ["sooner", "later", "whenever"]
    assert texts(store.transact_now(action_items.open_of, "U0002")) == ["sooner", "later", "whenever"]
    assert store.transact_now(action_items.open_of, "U0001") == ()


def test_done_is_kept_with_who_and_when_until_it_is_open_again(store):
    def work():
        made = keep(declare(), "x")
        action_items.move(made.id, DONE, "U0003", after(60))
        return made.id, action_items.get(made.id)

    id, done = store.transact_now(work)
    assert (done.state, done.done_by, done.done_at) == (DONE, "U0003", after(60))
    assert store.transact_now(action_items.open_of, "U0002") == ()
    store.transact_now(action_items.move, id, OPEN, "U0003", after(61))
    again = store.transact_now(action_items.get, id)
    assert (again.state, again.done_by, again.done_at) == (OPEN, "", None)


def test_what_was_taken_back_is_in_no_list_and_its_message_may_make_another(store):
    def work():
        made = keep(declare(), "x", source="C1:1.2")
        action_items.move(made.id, WITHDRAWN, "U0001", NOW)
        return made.incident, action_items.of_source(made.incident, "C1:1.2")

    number, found = store.transact_now(work)
    assert found is None
    assert store.transact_now(action_items.of_incident, number) == ()


def test_those_of_a_private_incident_are_for_the_people_who_see_it(store):
    def work():
        keep(declare(private=True, reporter="U0001", commander="U0001"), "secret", owner="U0002")
        keep(declare(private=True, reporter="U0002", commander="U0002"), "known", owner="U0002")

    store.transact_now(work)
    assert texts(store.transact_now(action_items.open_of, "U0002")) == ["known"]
