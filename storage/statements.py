"""Plain statements, each built once: peewee takes ten times longer to build one than SQLite to carry it out.

Equality only; whatever needs more is peewee's, or text where it is asked for at every delivery.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from peewee import BooleanField

from storage.db import database
from storage.models import Json, Moment

Model = Any
"""A class of storage.models; what peewee's metaclass does to it, no type can say."""

_moment = Moment()


def insert(model: Model, **values: Any) -> Any:
    """Write a row, with the model's defaults for what is not named; its key."""
    text, fields = _insert(model, frozenset(values), database.param)
    stored = [store(values.get(name, default)) for name, store, default in fields]
    return database.execute_sql(text, stored).fetchone()[0]


def insert_all(model: Model, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that name the same fields, in one statement."""
    names = tuple(rows[0])
    values = [stored for row in rows for stored in _stored(model, row.items())]
    database.execute_sql(_insert_all(model, names, len(rows), database.param), values)


def update(model: Model, where: Mapping[str, Any], **values: Any) -> int:
    """Change the rows that are like `where`; how many."""
    text = _update(model, tuple(values), tuple(where), database.param)
    return int(database.execute_sql(text, _stored(model, [*values.items(), *where.items()])).rowcount)


def delete(model: Model, **where: Any) -> int:
    """Delete the rows that are like `where`; how many."""
    text = _delete(model, tuple(where), database.param)
    return int(database.execute_sql(text, _stored(model, where.items())).rowcount)


def select(model: Model, order: str = "", lock: bool = False, **where: Any) -> list[Any]:
    """The rows that are like `where`; with `lock` nobody else changes them until the transaction ends."""
    text = _select(model, tuple(where), order, lock and database.for_update, database.param)
    return _rows(model, database.execute_sql(text, _stored(model, where.items())))


def ask(model: Model, text: str, *values: Any) -> list[Any]:
    """Whole rows by a statement in words of its own, with ? for each value."""
    return _rows(model, _carried_out(text, values))


def tuples(text: str, *values: Any) -> list[tuple[Any, ...]]:
    """The same for a few columns, as they are stored."""
    return list(_carried_out(text, values).fetchall())


def _carried_out(text: str, values: Iterable[Any]) -> Any:
    stored = [_moment.db_value(value) for value in values]
    return database.execute_sql(text.replace("?", database.param), stored)


def figures(text: str, *values: Any) -> list[tuple[Any, ...]]:
    """Counts and sums by a statement in words of its own, with ? for each value: as the database gives them."""
    stored = [_moment.db_value(value) for value in values]
    return list(database.execute_sql(text.replace("?", database.param), stored).fetchall())


@cache
def _insert(model: Model, named: frozenset[str], mark: str) -> tuple[str, list[tuple[str, Callable[[Any], Any], Any]]]:
    """The statement; then of each column its field, how to store it, and what it is unless somebody says."""
    meta = model._meta
    fields = [field for field in meta.sorted_fields if field.name in named or not field.primary_key]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join([mark] * len(fields))
    text = f'INSERT INTO "{_name(model)}" ({columns}) VALUES ({marks}) RETURNING "{meta.primary_key.column_name}"'
    return text, [(field.name, field.db_value, field.default) for field in fields]


@cache
def _insert_all(model: Model, names: tuple[str, ...], count: int, mark: str) -> str:
    columns = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in names)
    marks = ", ".join([f"({', '.join([mark] * len(names))})"] * count)
    return f'INSERT INTO "{_name(model)}" ({columns}) VALUES {marks}'


@cache
def _update(model: Model, changed: tuple[str, ...], where: tuple[str, ...], mark: str) -> str:
    return f'UPDATE "{_name(model)}" SET {_equal(model, changed, mark, ", ")} WHERE {_equal(model, where, mark)}'


@cache
def _delete(model: Model, where: tuple[str, ...], mark: str) -> str:
    return f'DELETE FROM "{_name(model)}" WHERE {_equal(model, where, mark)}'


@cache
def _select(model: Model, where: tuple[str, ...], order: str, lock: bool, mark: str) -> str:
    columns = ", ".join(f'"{field.column_name}"' for field in model._meta.sorted_fields)
    chosen = f'SELECT {columns} FROM "{_name(model)}" WHERE {_equal(model, where, mark)}'
    return chosen + (f" ORDER BY {order}" if order else "") + (" FOR UPDATE" if lock else "")


def _name(model: Model) -> str:
    return str(model._meta.table_name)


def _equal(model: Model, names: Iterable[str], mark: str, between: str = " AND ") -> str:
    return between.join(f'"{model._meta.fields[name].column_name}" = {mark}' for name in names)


def _stored(model: Model, values: Iterable[tuple[str, Any]]) -> list[Any]:
    return [model._meta.fields[name].db_value(value) for name, value in values]


def _rows(model: Model, cursor: Any) -> list[Any]:
    names, readers = _readers(model, tuple(column[0] for column in cursor.description))
    found = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    for row in found:
        row.update({name: read(row[name]) for name, read in readers})
    return [SimpleNamespace(**row) for row in found]


@cache
def _readers(model: Model, columns: tuple[str, ...]) -> tuple[list[str], list[tuple[str, Callable[[Any], Any]]]]:
    """The fields of these columns, and how to read those that are not stored as what they are."""
    fields = [model._meta.columns[column] for column in columns]
    read = [(field.name, field.python_value) for field in fields if isinstance(field, Moment | Json | BooleanField)]
    return [field.name for field in fields], read
