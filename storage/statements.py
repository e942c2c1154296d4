"""What every event asks of the database, each statement's text made once. It names no table.

Building a query costs peewee ten times what running it costs the database: a declaration took 9 ms of CPU so.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import peewee

from storage.db import database
from storage.models import milliseconds

Table = Any
"""A model of storage/models.py."""

Convert = Callable[[Any], Any]


def insert(table: Table, **values: Any) -> Any:
    """The new row's primary key."""
    values = {**_meta(table).get_default_dict(), **values}
    return run(_insert(table, tuple(values)), *_bound(table, values)).fetchone()[0]


def update(table: Table, tail: str, *params: Any, **values: Any) -> int:
    """How many rows were changed; `tail` is what follows SET."""
    return int(run(_update(table, tuple(values), tail), *_bound(table, values), *params).rowcount)


def select(table: Table, tail: str, *params: Any) -> list[Any]:
    """Rows as values with the table's fields; `tail` is what follows FROM."""
    return rows(table, f'SELECT {columns(table)} FROM "{_meta(table).table_name}" {tail}', *params)  # noqa: S608


def rows(table: Table, text: str, *params: Any) -> list[Any]:
    """The same for any statement that answers with `columns(table)`."""
    names, converts = _fields(table)
    found = run(text, *params).fetchall()
    return [SimpleNamespace(**dict(zip(names, map(_converted, converts, row), strict=True))) for row in found]


def run(text: str, *params: Any) -> Any:
    """The cursor of a statement in which ? stands for each of `params`."""
    kept = [milliseconds(each) if isinstance(each, datetime) else each for each in params]
    return database.execute_sql(text if database.param == "?" else text.replace("?", database.param), kept)


def marks(values: Any) -> str:
    """As many ? as there are values, to stand in IN (…)."""
    return ", ".join("?" * len(values))


@lru_cache
def columns(table: Table) -> str:
    """All columns of the table."""
    return ", ".join(f'"{field.column_name}"' for field in _meta(table).sorted_fields)


def _converted(convert: Convert | None, value: Any) -> Any:
    return value if convert is None else convert(value)


def _bound(table: Table, values: dict[str, Any]) -> list[Any]:
    fields = _meta(table).fields
    return [fields[name].db_value(value) for name, value in values.items()]


@lru_cache
def _insert(table: Table, names: tuple[str, ...]) -> str:
    fields, key = _meta(table).fields, _meta(table).primary_key.column_name
    chosen = ", ".join(f'"{fields[name].column_name}"' for name in names)
    return f'INSERT INTO "{_meta(table).table_name}" ({chosen}) VALUES ({marks(names)}) RETURNING "{key}"'  # noqa: S608


@lru_cache
def _update(table: Table, names: tuple[str, ...], tail: str) -> str:
    fields = _meta(table).fields
    chosen = ", ".join(f'"{fields[name].column_name}" = ?' for name in names)
    return f'UPDATE "{_meta(table).table_name}" SET {chosen} {tail}'  # noqa: S608


@lru_cache
def _fields(table: Table) -> tuple[tuple[str, ...], tuple[Convert | None, ...]]:
    fields = _meta(table).sorted_fields
    return tuple(field.name for field in fields), tuple(map(_convert, fields))


def _convert(field: peewee.Field) -> Convert | None:
    """Numbers and text come as they are."""
    plain = (peewee.TextField, peewee.IntegerField, peewee.BigIntegerField, peewee.ForeignKeyField)
    as_it_is = type(field) in plain or isinstance(field, peewee.AutoField | peewee.BigAutoField)
    return None if as_it_is else field.python_value


def _meta(table: Table) -> Any:
    return table._meta  # noqa: SLF001 - peewee's documented name for what it knows of a model
