"""Rows that are read when somebody looks at them: at most of an incident, most of the time, nobody does."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

T = TypeVar("T")


class Later(Sequence[T]):
    """As a tuple of what `read` makes of each row that `fetch` gets; each is done once, at the first look."""

    __hash__ = None  # type: ignore[assignment]
    __slots__ = ("_fetch", "_read", "_values")

    def __init__(self, fetch: Callable[[], Sequence[Any]], read: Callable[[Any], T]) -> None:
        self._fetch = fetch
        self._read = read
        self._values: tuple[T, ...] | None = None

    @property
    def _all(self) -> tuple[T, ...]:
        if self._values is None:
            self._values = tuple(map(self._read, self._fetch()))
        return self._values

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[T]:
        return iter(self._all)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        return self._all[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all == tuple(other)

    def __repr__(self) -> str:
        return repr(self._all)
