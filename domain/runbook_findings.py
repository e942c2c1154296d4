"""What is wrong with the runbooks, found before somebody needs them at night. None of it keeps Muster from working."""

from collections.abc import Iterator
from datetime import date

from domain.nearest import nearest
from domain.people import is_address
from domain.readiness import Finding
from domain.runbooks import Runbook, Shelved
from domain.settings import Settings


def findings(settings: Settings, shelved: Shelved, today: date) -> tuple[Finding, ...]:
    """All of them: the folder, its files one by one, and what config.yaml names."""
    folder = settings.runbooks.folder or ""
    missing = [Finding("runbooks_missing", "runbooks.folder", data={"folder": folder})] if shelved.missing else []
    broken = [Finding("runbook_broken", each.path, data={"why": each.why}) for each in shelved.broken]
    of_books = [found for book in shelved.books for found in _of_book(settings, folder.rstrip("/"), book, today)]
    return (*missing, *broken, *of_books, *_of_services(settings, shelved))


def _of_book(settings: Settings, folder: str, book: Runbook, today: date) -> Iterator[Finding]:
    where = f"{folder}/{book.name}.md"
    for why in book.wrong:
        yield Finding("runbook_wrong", where, data={"why": why})
    if book.lacks:
        yield Finding("runbook_lacks", where, data={"lacks": book.lacks})
    if book.old(today):
        yield Finding("runbook_old", where, data={"updated": book.updated})
    known = {
        "service": (book.services, list(settings.services)),
        "severity": (book.severities, list(settings.severities)),
    }
    for what, (names, section) in known.items():
        for name in names:
            if name.casefold() not in [each.casefold() for each in section]:
                yield Finding("runbook_names", where, data={"what": what, "name": name})


def _of_services(settings: Settings, shelved: Shelved) -> Iterator[Finding]:
    names = [book.name for book in shelved.books]
    for id, service in settings.services.items():
        if service.runbook and not is_address(service.runbook) and service.runbook not in names:
            like = nearest(service.runbook, names)
            meant = f"; did you mean {like}?" if like else ""
            yield Finding("runbook_unknown", f"services.{id}.runbook", data={"name": service.runbook, "meant": meant})
