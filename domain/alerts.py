"""A page's alerts with the pagers' vendors: by which keys they are known there, and who must hear of an answer.

A key is kept when the page is owed, as a reference: the outbox forgets what was done, an alert over there does not.
"""

from collections.abc import Iterable

from domain.decision import Effect
from domain.paging import step_of
from domain.policy import PAGERS, Policy
from domain.record import Record, Ref

KEY = "page_key"
"""The kind of reference that keeps a page's key: `name` the vendor's lane, `value` the key, `target` in the data."""

FIRST = "1"


def key_of(record: Record, target: str) -> str:
    """A page's key at its vendor: the first one carries the incident's bare key, later ones `-2`, `-3` …"""
    return _key(record.key, target)


def kept(key: str, effects: Iterable[Effect]) -> tuple[Ref, ...]:
    """The references that keep the keys of these pages; `key` is the incident's."""
    pages = (each for each in effects if each.kind == "page" and each.lane in PAGERS)
    return tuple(Ref(KEY, _key(key, page.target), page.lane, data={"target": page.target}) for page in pages)


def known(record: Record) -> tuple[tuple[str, str], ...]:
    """(lane, number) of each that a vendor was asked for, in that order."""
    keys = [(ref.name, str(ref.data.get("target"))) for ref in record.refs if ref.kind == KEY]
    owed = [(each.lane, each.target) for each in record.owed if each.kind == "page" and each.lane in PAGERS]
    return tuple(dict.fromkeys((*keys, *owed)))


def next_target(record: Record, lane: str) -> str:
    """The number of the next page with this vendor: 1, 2 …"""
    had = [int(target) for name, target in known(record) if name == lane and target.isdecimal()]
    return str(max(had, default=0) + 1)


def told(record: Record, policy: Policy, verb: str, means: str = "", key: str = "") -> tuple[Effect, ...]:
    """An acknowledgement or a resolution goes to all alerts of the vendors that are on; not back to the one in whose
    app it was given (`means` is its lane, `key` the alert's; without a key none of that lane is told)."""
    return tuple(
        Effect(lane, verb, target)
        for lane, target in known(record)
        if lane in policy.pagers and not (lane == means and key in ("", key_of(record, target)))
    )


def asked_for_later(record: Record, policy: Policy) -> tuple[Effect, ...]:
    """Whoever comes answers what was asked for after the acknowledgement."""
    return tuple(effect for effect in told(record, policy, "acknowledge") if effect.target != FIRST)


def spare(record: Record, policy: Policy, round: int) -> tuple[str, ...]:
    """The vendors that are left when nobody was reached in this round of the ladder: those that are on, do not page
    first, and were not asked in it yet."""
    asked = {o.lane for o in record.owed if o.kind == "page" and step_of(o.data).round == round}
    return tuple(lane for lane in policy.pagers if lane != policy.pager and lane not in asked)


def _key(of_incident: str, target: str) -> str:
    return of_incident if target in ("", FIRST) else f"{of_incident}-{target}"
