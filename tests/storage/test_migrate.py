"""The database is brought to the newest shape from nothing, from every released version, once, by however many."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playhouse.migrations import Runner

from domain.doctor import Books
from domain.errors import Unavailable
from domain.incidents import STATUSES
from storage import incidents, migrate, models
from storage.db import Store
from tests.storage.values import declare

NAMES = sorted(path.stem for path in migrate.MIGRATIONS.glob("[0-9]*.py"))
UPGRADE = "import sys; from storage import db, migrate; print(db.Store(sys.argv[1]).migrate(migrate.upgrade))"
RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql"))
"""One dump a released version, in SQLite's words: `sqlite3 muster.db .dump` with an incident of every status."""


def columns(db):
    """{table: {column: null allowed}} as the database has it."""
    tables = [name for name in db.get_tables() if name not in ("schema_migration", "sqlite_sequence")]
    return {name: {column.name: column.null for column in db.get_columns(name)} for name in tables}


def as_in_models():
    return {
        model._meta.table_name: {field.column_name: field.null for field in model._meta.sorted_fields}
        for model in models.MODELS
    }


def test_from_nothing_the_tables_are_as_the_models_say(opened):
    store = opened()
    assert store.migrate(migrate.upgrade) == NAMES
    assert store.migrate(columns) == as_in_models()


def test_a_second_time_nothing_is_applied_and_nothing_is_lost(store):
    number = store.transact_now(declare)
    installation = store.transact_now(incidents.installation)
    assert store.migrate(migrate.upgrade) == []
    assert store.transact_now(incidents.get, number).title == "db down"
    assert store.transact_now(incidents.installation) == installation


def test_every_database_has_an_installation_of_its_own(store, tmp_path):
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate(migrate.upgrade)
    names = [store.transact_now(incidents.installation), other.transact_now(incidents.installation)]
    other.close()
    assert len(set(names)) == 2
    assert all(len(name) == 8 and int(name, 16) >= 0 for name in names)


def test_processes_that_start_at_once_migrate_once(url):
    command = [sys.executable, "-c", UPGRADE, url]
    starting = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = sorted(process.communicate(timeout=60)[0].strip() for process in starting)

    assert [process.returncode for process in starting] == [0, 0, 0]
    assert said == sorted([str(NAMES), "[]", "[]"])


@pytest.mark.parametrize("name", NAMES)
def test_a_database_as_any_migration_left_it_is_brought_up_to_date(opened, name):
    store = opened()
    store.migrate(lambda db: Runner(db, str(migrate.MIGRATIONS)).up(name))
    store.migrate(migrate.upgrade)
    assert store.migrate(columns) == as_in_models()
    assert store.transact_now(declare) == 1


@pytest.mark.skipif(not RELEASED, reason="no version is released yet")
@pytest.mark.parametrize("dump", RELEASED or [Path("none")], ids=lambda path: path.stem)
def test_a_database_of_a_released_version_keeps_its_incidents(dump, tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'muster.db'}")
    store.migrate(lambda db: db.connection().executescript(dump.read_text()))
    store.migrate(migrate.upgrade)
    try:
        assert store.migrate(columns) == as_in_models()
        found = store.transact_now(incidents.listing, "U0001", STATUSES, "", 100)
        assert found
        assert all(store.transact_now(incidents.record, each.number).timeline for each in found)
    finally:
        store.close()


def test_a_migration_that_breaks_leaves_the_database_as_it_was(opened, tmp_path, monkeypatch):
    store = opened()
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder)
    (folder / "9999_broken.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE half (id int)')\n    raise KeyError('broken')\n"
    )
    store.migrate(migrate.upgrade)
    before = store.migrate(columns)
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)

    with pytest.raises(KeyError, match="broken"):
        store.migrate(migrate.upgrade)
    assert store.migrate(columns) == before


def test_a_look_tells_what_is_still_to_be_applied_and_what_a_newer_muster_applied_and_changes_nothing(opened):
    store = opened()
    assert store.migrate(migrate.look) == Books(pending=tuple(NAMES), foreign=())
    assert store.migrate(lambda db: db.get_tables()) == []

    store.migrate(migrate.upgrade)
    before = store.migrate(columns)
    assert store.migrate(migrate.look) == Books(pending=(), foreign=())
    store.migrate(lambda db: Runner(db, str(migrate.MIGRATIONS)).History.create(name="9999_later"))
    assert store.migrate(migrate.look) == Books(pending=(), foreign=("9999_later",))
    assert store.migrate(columns) == before


def test_a_database_that_a_newer_muster_has_changed_is_refused_with_what_to_do_and_left_as_it_is(opened):
    store = opened()
    store.migrate(migrate.upgrade)
    store.migrate(lambda db: Runner(db, str(migrate.MIGRATIONS)).History.create(name="9999_later"))
    before = store.migrate(columns)
    with pytest.raises(
        Unavailable, match=r"^it is newer than this Muster: 9999_later; install the version that wrote it$"
    ):
        store.migrate(migrate.upgrade)
    assert store.migrate(columns) == before


def test_a_look_sees_a_database_that_cannot_be_written(opened):
    store, other = opened(), opened()
    store.migrate(migrate.upgrade)
    if store.postgres:
        other.migrate(lambda db: db.execute_sql("SET default_transaction_read_only = on"))
    else:
        other.migrate(lambda db: db.pragma("query_only", 1, permanent=True))
    with pytest.raises(Unavailable):
        other.migrate(migrate.look)
