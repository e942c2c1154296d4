"""The databases that other tests rest on are real, empty and their own."""

import psycopg
import pytest

pytestmark = pytest.mark.postgres


def test_a_test_gets_a_real_postgresql_that_knows_skip_locked_and_returning(create_database):
    with psycopg.connect(create_database()) as connection:
        assert connection.info.server_version >= 160000
        connection.execute("CREATE TABLE timer (id int)")
        inserted = connection.execute("INSERT INTO timer VALUES (1), (2) RETURNING id").fetchall()
        locked = connection.execute("SELECT id FROM timer ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED").fetchall()
    assert (inserted, locked) == ([(1,), (2,)], [(1,)])


def test_two_databases_of_one_test_share_nothing(create_database):
    with psycopg.connect(create_database()) as one, psycopg.connect(create_database()) as other:
        one.execute("CREATE TABLE incident (number int)")
        one.commit()
        assert other.execute("SELECT to_regclass('incident')").fetchone() == (None,)


def test_a_database_may_be_left_while_a_connection_is_open(create_database):
    left_open = psycopg.connect(create_database())
    assert left_open.execute("SELECT 1").fetchone() == (1,)
