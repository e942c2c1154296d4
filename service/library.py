"""The runbooks at an address: read now and then, so that nobody waits for the web at night. It shows none."""

import asyncio
import logging
from dataclasses import replace

from domain.errors import Permanent, Temporary
from domain.runbooks import Broken, Runbook, Shelved, linked_from, parse
from service.ports import Pages
from service.runbooks import Shelf

log = logging.getLogger("muster.runbooks")

EVERY_S = 300.0
READ_MOST = 100
"""Files; a page that links to more is no index of runbooks."""


class Library:
    """`address` is that of a page which links to Markdown files beside it. What cannot be read now stays as it was."""

    def __init__(self, pages: Pages, shelf: Shelf, address: str) -> None:
        self._pages = pages
        self._shelf = shelf
        self._address = address
        self._known: dict[str, Runbook] = {}

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.read()
            await asyncio.sleep(EVERY_S)

    async def read(self) -> None:
        """Read all, and hand them to the shelf."""
        try:
            index = await self._pages.text(self._address)
        except (Temporary, Permanent) as failure:
            where = self._address.partition("?")[0]
            log.warning("the runbooks at %s cannot be read and stay as they were: %s", where, failure)
            return
        found = [await self._one(name, place) for name, place in linked_from(index, self._address)[:READ_MOST]]
        books = tuple(each for each in found if isinstance(each, Runbook))
        self._known = {book.name: book for book in books}
        self._shelf.keep(Shelved(books, tuple(each for each in found if isinstance(each, Broken))))

    async def _one(self, name: str, place: str) -> Runbook | Broken:
        try:
            book = parse(name, await self._pages.text(place))
        except (Temporary, Permanent) as failure:
            return self._known.get(name) or Broken(place, f"cannot be read ({failure})")
        return book if book.url else replace(book, url=place)
