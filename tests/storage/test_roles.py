"""Who had which role from when to when, the commander always as the incident says."""

from dataclasses import replace

import pytest
from peewee import IntegrityError
from playhouse.migrations import Runner

from domain.decision import Decision, Handing
from storage import incidents, migrate, models, roles
from tests.storage.values import NOW, after, declare


def change(number, now, *roles, **changes):
    incidents.apply(Decision(replace(incidents.get(number), **changes), roles=roles), now)


def tenures(number):
    return [(each.role, each.person, each.began, each.ended, each.by) for each in incidents.record(number).roles]


def test_whatever_changes_the_commander_ends_one_tenure_and_begins_the_next(store):
    number = store.transact_now(declare, commander="U0001")
    store.transact_now(change, number, after(60), title="db still down")
    store.transact_now(change, number, after(120), commander="U0002")
    store.transact_now(change, number, after(180), Handing("commander", "U0003", "U0002"), commander="U0003")
    store.transact_now(change, number, after(240), commander=None)
    assert store.transact_now(tenures, number) == [
        ("commander", "U0001", NOW, after(120), "U0001"),
        ("commander", "U0002", after(120), after(180), "U0002"),
        ("commander", "U0003", after(180), after(240), "U0002"),
    ]


def test_a_role_that_is_handed_leaves_the_others_alone(store):
    number = store.transact_now(declare, commander="U0001")
    store.transact_now(change, number, after(1), Handing("tech", "U0002", "U0001"), Handing("scribe", "U0003", "U0003"))
    store.transact_now(change, number, after(2), Handing("tech", None, "U0002"))
    record = store.transact_now(incidents.record, number)
    assert record.holders == {"commander": "U0001", "scribe": "U0003"}
    assert [each.ended for each in record.roles] == [None, after(2), None]


def test_the_database_lets_nobody_share_a_role(store):
    number = store.transact_now(declare, commander="U0001")
    with pytest.raises(IntegrityError):
        store.transact_now(
            lambda: models.Role.insert(
                incident=number, role="commander", person="U0002", began_at=NOW, author="U0002"
            ).execute()
        )


def test_incidents_from_before_there_were_roles_keep_their_commander(opened):
    store = opened()
    before = sorted(path.stem for path in migrate.MIGRATIONS.glob("[0-9]*.py") if path.stem < "0009")[-1]
    store.migrate(lambda db: Runner(db, str(migrate.MIGRATIONS)).up(before))
    columns = "title, description, impact, severity, rank, status, private, drill, reporter, commander, detected_at"
    values = "'db down', '', '', 'SEV-1', 0, 'identified', FALSE, FALSE, 'U0001', 'U0002', 1000"
    store.migrate(
        lambda db: db.execute_sql(
            f"INSERT INTO incident ({columns}, sla_breached, root_cause, resolution) VALUES ({values}, FALSE, '', '')"
        )
    )
    store.migrate(migrate.upgrade)
    record = store.transact_now(incidents.record, 1)
    assert [(each.role, each.person, each.ended) for each in record.roles] == [("commander", "U0002", None)]


def test_what_somebody_is_leaves_the_commander_to_the_incident_which_says_so_itself(store):
    number = store.transact_now(declare, commander="U0001")
    store.transact_now(change, number, after(1), Handing("tech", "U0001", "U0001"), commander="U0001")
    assert store.transact_now(roles.of_person, "U0001") == {number: ["tech"]}
