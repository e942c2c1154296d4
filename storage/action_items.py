"""Action items. Every function runs inside Store.transact."""

from datetime import datetime
from typing import Any

from domain.action_items import DONE, OPEN, WITHDRAWN, ActionItem
from domain.errors import Refused
from storage import incidents, models, rows
from storage.statements import ask, insert, select, update

LISTED_MOST = 100
_OF_INCIDENT = """SELECT * FROM action_item WHERE incident = ? AND state <> ?
    ORDER BY due IS NULL, due, id LIMIT ?"""
_OF_OWNER = "SELECT * FROM action_item WHERE owner = ? AND state = ? ORDER BY due IS NULL, due, id LIMIT ?"
"""What is due first stands first; what has no day stands last."""


def keep(new: ActionItem, now: datetime) -> ActionItem:
    """Write it; the item with its id."""
    id = insert(
        models.ActionItem,
        incident=new.incident,
        text=new.text,
        owner=new.owner,
        due=_day(new),
        state=new.state,
        permalink=new.permalink,
        source=new.source,
        created_at=now,
        created_by=new.created_by,
    )
    return get(int(id))


def get(id: int) -> ActionItem:
    """Raises Refused when unknown."""
    found = find(id)
    if found is None:
        raise Refused("There is no such action item. `/incident action` shows those there are.")
    return found


def find(id: int) -> ActionItem | None:
    """The same, or None."""
    found = select(models.ActionItem, id=id)
    return rows.action_item(found[0]) if found else None


def move(id: int, state: str, by: str, now: datetime) -> None:
    """To another state; who did it and when is kept while it is not open."""
    ended: dict[str, Any] = {"done_at": None, "done_by": ""} if state == OPEN else {"done_at": now, "done_by": by}
    update(models.ActionItem, {"id": id}, state=state, **ended)


def change(item: ActionItem) -> None:
    """Keep its text, owner and day as they are here."""
    update(models.ActionItem, {"id": item.id}, text=item.text, owner=item.owner, due=_day(item))


def of_incident(number: int) -> tuple[ActionItem, ...]:
    """All but those that were taken back; what is due first stands first, 100 at most."""
    return tuple(map(rows.action_item, ask(models.ActionItem, _OF_INCIDENT, number, WITHDRAWN, LISTED_MOST)))


def of_source(number: int, source: str) -> ActionItem | None:
    """The one that was made of this message and not taken back."""
    wanted = "SELECT * FROM action_item WHERE incident = ? AND source = ? AND state <> ? ORDER BY id DESC LIMIT 1"
    found = ask(models.ActionItem, wanted, number, source, WITHDRAWN)
    return rows.action_item(found[0]) if found else None


def newest_like(wanted: ActionItem) -> ActionItem | None:
    """The newest of the same text that the same person made for the same owner."""
    same = {"incident": wanted.incident, "created_by": wanted.created_by, "owner": wanted.owner, "text": wanted.text}
    found = select(models.ActionItem, "id DESC", **same)  # type: ignore[arg-type]
    return rows.action_item(found[0]) if found else None


def open_of(owner: str) -> tuple[ActionItem, ...]:
    """What somebody still has to do, of the incidents that they may see; what is due first stands first."""
    return _seen(owner, ask(models.ActionItem, _OF_OWNER, owner, OPEN, LISTED_MOST))


def done_by_owner(owner: str, since: datetime) -> tuple[ActionItem, ...]:
    """What of theirs was done since then, the last first, of the incidents that they may see."""
    lately = (
        "SELECT * FROM action_item WHERE owner = ? AND state = ? AND done_at >= ? ORDER BY done_at DESC, id LIMIT ?"
    )
    return _seen(owner, ask(models.ActionItem, lately, owner, DONE, since, LISTED_MOST))


def _day(item: ActionItem) -> str | None:
    return item.due.isoformat() if item.due else None


def _seen(who: str, found: list[Any]) -> tuple[ActionItem, ...]:
    theirs = incidents.visible(who, {row.incident for row in found})
    return tuple(rows.action_item(row) for row in found if row.incident in theirs)
