"""Who stands in on a schedule, from when to when. Every function runs inside Store.transact."""

from datetime import datetime

from domain.errors import Refused
from domain.overrides import Override
from storage import models, rows
from storage.statements import ask, insert, select, update


def since(moment: datetime) -> tuple[Override, ...]:
    """All that are, were or will be in force after that moment, the oldest first."""
    wanted = """SELECT * FROM on_call_override WHERE ends_at > ? AND (cancelled_at IS NULL OR cancelled_at > begins_at)
    ORDER BY id"""
    return tuple(map(rows.override, ask(models.OnCallOverride, wanted, moment)))


def get(id: int) -> Override:
    """The override, cancelled or not. Raises Refused when unknown."""
    found = select(models.OnCallOverride, id=id)
    if not found:
        raise Refused(f"There is no override {id}. `/incident override list` shows those there are.")
    return rows.override(found[0])


def keep(new: Override, now: datetime) -> Override:
    """Write it; the override with its id."""
    id = insert(
        models.OnCallOverride,
        schedule=new.schedule,
        person=new.person,
        begins_at=new.begin,
        ends_at=new.end,
        author=new.by,
        created_at=now,
    )
    return get(int(id))


def cancel(id: int, by: str, now: datetime) -> bool:
    """End it now; one that has not begun never will. False where it was over or cancelled already."""
    get(id)
    [row] = select(models.OnCallOverride, lock=True, id=id)
    override = rows.override(row)
    if override.end <= now or row.cancelled_at:
        return False
    # What was true until now stays true: who was on call then.
    end = {"ends_at": now} if override.begin < now else {}
    update(models.OnCallOverride, {"id": id}, cancelled_at=now, cancelled_by=by, **end)
    return True


def since_if_kept(moment: datetime) -> tuple[Override, ...]:
    """The same for whoever only looks: a database that was never brought up to date holds none."""
    return since(moment) if models.OnCallOverride.table_exists() else ()
