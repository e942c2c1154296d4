"""Plain statements, each built once: peewee takes ten times longer to build one than SQLite to carry it out.

Equality only; whatever needs more is peewee's, or text where it is asked for at every delivery.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar

from peewee import BooleanField

from storage.db import database
from storage.later import Later
from storage.models import Json, Moment

T = TypeVar("T")
Model = Any
"""A class of storage.models; what peewee's metaclass does to it, no type can say."""

_moment = Moment()


def insert(model: Model, **values: Any) -> Any:
    """Write a row, with the model's defaults for what is not named; its key."""
    text, fields = _insert(model, frozenset(values), database.param)
    stored = [store(values.get(name, default)) for name, store, default in fields]
    return database.execute_sql(text, stored).fetchone()[0]


def insert_all(model: Model, found: Sequence[Mapping[str, Any]]) -> None:
    """Write rows in one statement; all name the same fields."""
    if not found:
        return
    text, fields = _insert(model, frozenset(found[0]), database.param, len(found))
    stored = [store(values.get(name, default)) for values in found for name, store, default in fields]
    database.execute_sql(text, stored)


def keys(model: Model, how_many: int) -> Sequence[int]:
    """Keys that no other row has or gets, in order, for rows that name each other before they are written."""
    name = _name(model)
    if database.for_update:
        serial = f"SELECT nextval(pg_get_serial_sequence('{name}', 'id')) FROM generate_series(1, {database.param})"
        return sorted(key for (key,) in database.execute_sql(serial, [how_many]).fetchall())
    last = database.execute_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", [name]).fetchone()
    first = (last[0] if last else 0) + 1
    return range(first, first + how_many)


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


def select_later(model: Model, make: Callable[[Any], T], order: str, now: bool, **where: Any) -> Later[T]:
    """What `make` makes of the rows that are like `where`, once somebody looks; with `now` they are fetched already,
    and may be looked at outside the transaction too."""
    read = _reader(model, tuple(field.column_name for field in model._meta.sorted_fields))
    text = _select(model, tuple(where), order, False, database.param)

    def fetch() -> list[Any]:
        found: list[Any] = database.execute_sql(text, _stored(model, where.items())).fetchall()
        return found

    fetched = fetch() if now else None
    return Later(fetch if fetched is None else lambda: fetched, lambda values: make(read(values)))


def ask(model: Model, text: str, *values: Any) -> list[Any]:
    """Whole rows by a statement in words of its own, with ? for each value."""
    return _rows(model, _carried_out(text, values))


def tuples(text: str, *values: Any) -> list[tuple[Any, ...]]:
    """The same for a few columns, as they are stored."""
    return list(_carried_out(text, values).fetchall())


def carry_out(text: str, *values: Any) -> None:
    """A statement in words of its own that answers nothing."""
    _carried_out(text, values)


def _carried_out(text: str, values: Iterable[Any]) -> Any:
    stored = [_moment.db_value(value) for value in values]
    return database.execute_sql(text.replace("?", database.param), stored)


def figures(text: str, *values: Any) -> list[tuple[Any, ...]]:
    """Counts and sums by a statement in words of its own, with ? for each value: as the database gives them."""
    stored = [_moment.db_value(value) for value in values]
    return list(database.execute_sql(text.replace("?", database.param), stored).fetchall())


@cache
def _insert(
    model: Model, named: frozenset[str], mark: str, rows: int = 0
) -> tuple[str, list[tuple[str, Callable[[Any], Any], Any]]]:
    """The statement, for so many rows or for one whose key is asked for; then of each column its field, how to store
    it, and what it is unless somebody says."""
    meta = model._meta
    fields = [field for field in meta.sorted_fields if field.name in named or not field.primary_key]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = f"({', '.join([mark] * len(fields))})"
    values = ", ".join([marks] * rows) if rows else f'{marks} RETURNING "{meta.primary_key.column_name}"'
    text = f'INSERT INTO "{_name(model)}" ({columns}) VALUES {values}'
    return text, [(field.name, field.db_value, field.default) for field in fields]


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
    read = _reader(model, tuple(column[0] for column in cursor.description))
    return [read(values) for values in cursor.fetchall()]


@cache
def _reader(model: Model, columns: tuple[str, ...]) -> Callable[[Any], Any]:
    """Makes a row of these columns' values, each read unless it is stored as what it is."""
    fields = [model._meta.columns[column] for column in columns]
    names = [field.name for field in fields]
    readers = [(field.name, field.python_value) for field in fields if isinstance(field, Moment | Json | BooleanField)]

    def read(values: Iterable[Any]) -> Any:
        row = dict(zip(names, values, strict=True))
        for name, reader in readers:
            row[name] = reader(row[name])
        return SimpleNamespace(**row)

    return read
