"""What endings need of the tables beside the incident itself. Every function runs inside Store.transact."""

from collections.abc import Iterable

from storage import models
from storage.statements import insert, select, tuples


def take_services(number: int, services: Iterable[str]) -> None:
    """Those that it does not have yet are affected from now on."""
    for service in services:
        if not select(models.AffectedService, incident=number, service=service):
            insert(models.AffectedService, incident=number, service=service)


def declared_last(by: str) -> int | None:
    """The newest incident that this person declared, test pages left out."""
    newest = "SELECT number FROM incident WHERE reporter = ? AND NOT test ORDER BY number DESC LIMIT 1"
    return next((int(number) for (number,) in tuples(newest, by)), None)
