"""The folder of runbooks. It reads files of that folder and nothing else, and never by a name that was typed."""

import asyncio
import stat
from pathlib import Path

from domain.policy import Policy
from domain.record import Record
from domain.runbooks import MOST_BYTES, NAME, Broken, Fit, Runbook, Shelved, alerts_of, fitting, parse

NO_RUNBOOKS = ("readme.md",)
"""What explains the folder."""

Mark = tuple[int, int, int]
"""What tells a changed file: its time, its size, its number on the disk."""


class Unusable(Exception):
    """The text says why a file cannot be used."""


class Shelf:
    """The runbooks of config.yaml's folder, which is meant from the checkout. Each call looks at the folder, and reads
    what has changed since the last one."""

    def __init__(self, policy: Policy, checkout: Path) -> None:
        self._policy = policy
        self._shown_as = (policy.runbook_folder or "").rstrip("/")
        self._folder = checkout / policy.runbook_folder if policy.runbook_folder else None
        self._known: dict[Path, tuple[Mark, Runbook | Broken]] = {}
        self._last = Shelved()
        self._elsewhere = Shelved()
        self._looking: asyncio.Future[Shelved] | None = None

    async def shelved(self) -> Shelved:
        """What is in the folder now; a slow disk holds up nobody else."""
        return await asyncio.to_thread(self.read)

    async def fitting(self, record: Record) -> Fit:
        """The runbooks that fit an incident: of the folder, and those of affected services that stand elsewhere."""
        return self._fit((await self.shelved()).books, record)

    async def last_fitting(self, record: Record) -> Fit:
        """The same by the last look, for cards: an edit that waits for a disk may find its room archived. The next look
        is begun."""
        self.look()
        return self._fit(self._last.books, record)

    def look(self) -> None:
        """Begin to look at the folder, and do not wait."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().run_in_executor(None, self.read)

    def _fit(self, books: tuple[Runbook, ...], record: Record) -> Fit:
        incident = record.incident
        found = fitting(books, incident, alerts_of(record), self._policy.runbook_names(incident))
        links = self._policy.runbooks(incident)
        return Fit(found, links if found or links else self._policy.runbooks_elsewhere)

    def keep(self, elsewhere: Shelved) -> None:
        """What was read at `runbooks.url`, beside the folder's: of two with one name the folder's is the one."""
        self._elsewhere = elsewhere
        self.look()

    def read(self) -> Shelved:
        """The same for whoever may wait."""
        here, there = self._read(), self._elsewhere
        names = {book.name for book in here.books}
        books = (*here.books, *(book for book in there.books if book.name not in names))
        self._last = Shelved(books, (*here.broken, *there.broken), here.missing)
        return self._last

    def _read(self) -> Shelved:
        if self._folder is None:
            return Shelved()
        try:
            root = self._folder.resolve(strict=True)
            files = sorted(each for each in root.iterdir() if each.suffix.casefold() == ".md")
        except OSError:
            return Shelved(missing=self._shown_as or "/")
        found = [self._one(root, file) for file in files if file.name.casefold() not in NO_RUNBOOKS]
        self._known = {file: kept for file, kept in self._known.items() if file in files}
        return Shelved(
            tuple(each for each in found if isinstance(each, Runbook)),
            tuple(each for each in found if isinstance(each, Broken)),
        )

    def _one(self, root: Path, file: Path) -> Runbook | Broken:
        try:
            place, mark = _placed(root, file)
            known = self._known.get(file)
            if known is None or known[0] != mark:
                known = self._known[file] = (mark, parse(file.stem, _text(place)))
            return known[1]
        except Unusable as unusable:
            return Broken(f"{self._shown_as}/{file.name}", str(unusable))


def _placed(root: Path, file: Path) -> tuple[Path, Mark]:
    """Where the file really is; a link may lead to another place within the folder only. Raises Unusable."""
    try:
        place = file.resolve(strict=True)
        seen = place.stat()
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "a link that leads to itself"
        raise Unusable(f"cannot be read ({why})") from None
    if not place.is_relative_to(root):
        raise Unusable("leads out of the folder; put the file itself there")
    if not stat.S_ISREG(seen.st_mode):
        raise Unusable("is not a file")
    if not NAME.fullmatch(file.stem):
        raise Unusable("has a name of more than 80 characters, or with others than letters, digits, `.`, `-` and `_`")
    if seen.st_size > MOST_BYTES:
        raise Unusable(f"is larger than {MOST_BYTES // 1024} KB")
    return place, (seen.st_mtime_ns, seen.st_size, seen.st_ino)


def _text(place: Path) -> str:
    try:
        with place.open("rb") as file:
            written = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unusable(f"cannot be read ({error.strerror})") from None
    if len(written) > MOST_BYTES:
        raise Unusable(f"is larger than {MOST_BYTES // 1024} KB")
    try:
        return written.decode()
    except UnicodeDecodeError:
        raise Unusable("is not UTF-8 text") from None
