"""Who is on call on a schedule, at a moment or over a span of time. It knows no phones, no levels and no incident."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from domain.overrides import Override, standing
from domain.wall_clock import Cycle

SINCE_EVER = datetime.min.replace(tzinfo=UTC)
FOR_EVER = datetime.max.replace(tzinfo=UTC)
INSTANT = timedelta(microseconds=1)

HORIZON = timedelta(weeks=26)
"""How far a change is looked for: a schedule on which nobody else follows so long counts as one that never changes."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's unbroken time on call; `person` is a key in config.yaml, or None where nobody is on call.

    Times are UTC. None as `since` or `until`: it was, or will be, no other for half a year at least.
    """

    person: str | None
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns. `turns` marks their hand-overs; `behind` is by how many turns they are later than listed;
    `hours` marks when the layer's hours begin and end in turn, None where they never end."""

    people: tuple[str, ...]
    turns: Cycle
    behind: int = 0
    hours: Cycle | None = None

    def person(self, at: datetime) -> str | None:
        """Whose turn it is; None outside the layer's hours."""
        if self.hours and self.hours.number(at) % 2:
            return None
        return self.whose(self.turns.number(at))

    def whose(self, turn: int) -> str:
        """Who has this turn."""
        return self.people[(turn - self.behind) % len(self.people)]

    def piece(self, at: datetime) -> Shift:
        """The same with a span around the moment in which it stays so; it may stay so for longer."""
        begin, end = SINCE_EVER, FOR_EVER
        if self.hours:
            number = self.hours.number(at)
            begin, end = self.hours.begin(number), self.hours.begin(number + 1)
            if number % 2:
                return Shift(None, begin, end)
        turn = self.turns.number(at)
        person = self.whose(turn)
        if len(self.people) == 1:
            return Shift(person, begin, end)
        return Shift(person, max(begin, self.turns.begin(turn)), min(end, self.turns.begin(turn + 1)))


@dataclass(frozen=True, slots=True)
class Rota:
    """A schedule as it is computed: where a later layer has somebody, it wins. `id` is the key in config.yaml."""

    id: str
    layers: tuple[Layer, ...]

    @property
    def everyone(self) -> tuple[str, ...]:
        """Everybody who takes turns on it, in the order listed, none twice."""
        return tuple(dict.fromkeys(person for layer in self.layers for person in layer.people))

    def following(self, id: str, by: int) -> "Rota":
        """Another schedule with the same people, each `by` turns later."""
        return Rota(id, tuple(replace(layer, behind=layer.behind + by) for layer in self.layers))


def who(rota: Rota, overrides: Iterable[Override], at: datetime) -> str | None:
    """The person on call, or None: the quick answer, for whoever needs no span."""
    override = standing([each for each in overrides if each.schedule == rota.id], at)
    if override:
        return override.person
    for layer in reversed(rota.layers):
        person = layer.person(at)
        if person:
            return person
    return None


def duty(rota: Rota, overrides: Iterable[Override], at: datetime) -> tuple[Shift, Shift | None]:
    """Who is on call, since when, and until the next change, overrides included; and the shift after it, where a
    change is to come."""
    own = _own(rota, overrides)
    quick = _by_turns(rota.layers[0], at) if len(rota.layers) == 1 and not own else None
    if quick:
        return quick
    piece = _piece(rota, own, at)
    until = _until(rota, own, piece, at)
    shift = Shift(piece.person, _since(rota, own, piece, at), until)
    if until is None:
        return shift, None
    piece = _piece(rota, own, until)
    return shift, Shift(piece.person, until, _until(rota, own, piece, until))


def _by_turns(layer: Layer, at: datetime) -> tuple[Shift, Shift | None] | None:
    """The duty of a layer that has no hours and counts alone: by arithmetic, as each turn is a shift of its own. None
    where it is not: somebody follows themselves, the clocks leave a turn out, or turns are longer than is looked."""
    if layer.hours:
        return None
    if len(layer.people) == 1:
        return Shift(layer.people[0], None, None), None
    turn = layer.turns.number(at)
    people = [layer.whose(turn + n) for n in (-1, 0, 1, 2)]
    begins = [layer.turns.begin(turn + n) for n in (-1, 0, 1, 2)]
    if any(one == other for values in (people, begins) for one, other in pairwise(values)):
        return None
    _, begin, end, over = begins
    if max(at - begin, end - at, over - end) >= HORIZON:
        return None
    return Shift(people[1], begin, end), Shift(people[2], end, over)


def shifts(rota: Rota, overrides: Iterable[Override], begin: datetime, end: datetime) -> tuple[Shift, ...]:
    """All of the time from begin to end, each moment in one shift; gaps are shifts of nobody."""
    return tuple(_merged(_pieces(rota, _own(rota, overrides), begin, end)))


def _own(rota: Rota, overrides: Iterable[Override]) -> tuple[Override, ...]:
    return tuple(each for each in overrides if each.schedule == rota.id)


def _pieces(rota: Rota, own: Sequence[Override], begin: datetime, end: datetime) -> Iterator[Shift]:
    while begin < end:
        piece = _piece(rota, own, begin)
        yield Shift(piece.person, begin, min(piece.until or FOR_EVER, end))
        begin = piece.until or FOR_EVER


def _merged(pieces: Iterable[Shift]) -> Iterator[Shift]:
    last: Shift | None = None
    for piece in pieces:
        if last and last.person == piece.person:
            last = replace(last, until=piece.until)
        else:
            if last:
                yield last
            last = piece
    if last:
        yield last


def _piece(rota: Rota, own: Sequence[Override], at: datetime) -> Shift:
    """Who it is, with a span in which neither an override nor a layer that counts says anything else."""
    begin, end = SINCE_EVER, FOR_EVER
    if own:
        edges = [edge for each in own for edge in (each.begin, each.end)]
        begin = max((edge for edge in edges if edge <= at), default=begin)
        end = min((edge for edge in edges if edge > at), default=end)
        override = standing(own, at)
        if override:
            return Shift(override.person, begin, end)
    person = None
    for layer in reversed(rota.layers):
        piece = layer.piece(at)
        person = piece.person
        begin, end = max(begin, piece.since or begin), min(end, piece.until or end)
        if person:
            break
    return Shift(person, begin, end)


def _until(rota: Rota, own: Sequence[Override], piece: Shift, at: datetime) -> datetime | None:
    end = piece.until or FOR_EVER
    while end < at + HORIZON:
        if who(rota, own, end) != piece.person:
            return end
        end = _piece(rota, own, end).until or FOR_EVER
    return None


def _since(rota: Rota, own: Sequence[Override], piece: Shift, at: datetime) -> datetime | None:
    begin = piece.since or SINCE_EVER
    while begin > at - HORIZON:
        if who(rota, own, begin - INSTANT) != piece.person:
            return begin
        begin = _piece(rota, own, begin - INSTANT).since or SINCE_EVER
    return None
