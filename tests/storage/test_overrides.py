"""Who stands in, as it is kept: what is still to come, what was, and what was taken back."""

import pytest

from domain.errors import Refused
from domain.overrides import Override
from storage import incidents, overrides
from storage.db import Store
from tests.storage.values import NOW, after, declare

HOUR = 3600


def stand_in(begin, end, person="ben"):
    return Override("primary", person, after(begin * HOUR), after(end * HOUR), "U0001")


def kept(store, *wanted):
    return [store.transact_now(overrides.keep, each, NOW) for each in wanted]


def since(store, hours=0):
    return [each.id for each in store.transact_now(overrides.since, after(hours * HOUR))]


def test_an_override_is_kept_as_it_was_given_with_a_number(store):
    [first, second] = kept(store, stand_in(0, 4), stand_in(1, 2, "chris"))
    assert store.transact_now(overrides.get, first.id) == first
    assert (first.person, first.begin, first.end, first.by) == ("ben", NOW, after(4 * HOUR), "U0001")
    assert second.id > first.id


def test_what_is_over_is_not_told_any_more(store):
    [short, long] = kept(store, stand_in(0, 1), stand_in(0, 4))
    assert since(store) == [short.id, long.id]
    assert since(store, 1) == [long.id]
    assert since(store, 4) == []


def test_one_that_is_cancelled_while_it_lasts_was_in_force_until_then(store):
    [override] = kept(store, stand_in(0, 4))
    assert store.transact_now(overrides.cancel, override.id, "U0002", after(HOUR))
    assert store.transact_now(overrides.get, override.id).end == after(HOUR)
    assert since(store) == [override.id]
    assert since(store, 1) == []


def test_one_that_is_cancelled_before_it_begins_never_was(store):
    [override] = kept(store, stand_in(2, 4))
    assert store.transact_now(overrides.cancel, override.id, "U0002", after(HOUR))
    assert since(store) == []


def test_it_is_cancelled_once_and_not_after_its_end(store):
    [first, second] = kept(store, stand_in(2, 4), stand_in(0, 1))
    assert store.transact_now(overrides.cancel, first.id, "U0002", NOW)
    assert not store.transact_now(overrides.cancel, first.id, "U0002", NOW)
    assert not store.transact_now(overrides.cancel, second.id, "U0002", after(2 * HOUR))


def test_one_that_there_never_was_is_refused_with_where_to_look(store):
    with pytest.raises(Refused, match="There is no override 99"):
        store.transact_now(overrides.cancel, 99, "U0001", NOW)


def test_an_incident_s_record_knows_those_that_end_after_it_began(store):
    [_, long] = kept(store, stand_in(-2, -1), stand_in(-2, 4))
    number = store.transact_now(declare)
    assert [each.id for each in store.transact_now(incidents.record, number).overrides] == [long.id]


def test_a_number_is_never_given_out_twice(store):
    [first] = kept(store, stand_in(0, 4))
    store.transact_now(lambda: overrides.models.OnCallOverride.delete().execute())
    [second] = kept(store, stand_in(0, 4))
    assert second.id > first.id


def test_a_database_that_was_never_brought_up_to_date_holds_none(tmp_path):
    empty = Store(f"sqlite:///{tmp_path / 'empty.db'}")
    assert empty.transact_now(overrides.since_if_kept, NOW) == ()
    empty.close()
