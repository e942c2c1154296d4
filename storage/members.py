"""What Slack has said of people and of user groups, with when. Every function runs inside Store.transact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage import models
from storage.statements import ask


@dataclass(frozen=True, slots=True)
class Known:
    """How somebody stands in the workspace, as of then."""

    standing: str
    at: datetime


def people() -> dict[str, Known]:
    """All that were ever asked about, by Slack id."""
    return {row.slack: Known(row.standing, row.learned_at) for row in ask(models.Member, "SELECT * FROM member")}


def keep(slack: str, standing: str, now: datetime) -> None:
    """The newest counts."""
    newest = {"standing": standing, "learned_at": now}
    models.Member.insert(slack=slack, **newest).on_conflict(
        conflict_target=[models.Member.slack], update=newest
    ).execute()


def groups() -> dict[str, frozenset[str]]:
    """The people of each user group, by its id."""
    return {row.slack: frozenset(row.people) for row in ask(models.UserGroup, "SELECT * FROM user_group")}


def keep_group(slack: str, members: Iterable[str], now: datetime) -> None:
    """The newest counts."""
    newest = {"people": sorted(members), "learned_at": now}
    models.UserGroup.insert(slack=slack, **newest).on_conflict(
        conflict_target=[models.UserGroup.slack], update=newest
    ).execute()
