"""Runbooks at an address: what its page links to is read and shown like the folder's, and what was read stays."""

import pytest

from domain.errors import Permanent, Temporary
from domain.policy import Policy
from domain.runbooks import linked_from
from integrations.web_pages import MOST_BYTES, WebPages
from service import config
from service.library import Library
from service.runbooks import Shelf
from tests.integrations.edge import reply, reset
from tests.world import ROOT

BOOK = b"---\nlast updated: 2026-11-01\nseverity: SEV-1\n---\n# %s\n\n## Symptoms\nslow\n\n## Mitigation\nwarm it\n"
INDEX = (
    b"# Runbooks\n\n* [Cold cache](cold-cache.md)\n* [Disk](./disk-full.md#top)\n* [Else](https://example.com/x.md)\n"
)


@pytest.fixture
def shelf():
    return Shelf(Policy(config.load(ROOT / "config.yaml", {})), ROOT)


@pytest.fixture
def library(edge, session, shelf):
    edge.on("GET", "/books/index.md", reply(200, INDEX))
    edge.on("GET", "/books/cold-cache.md", reply(200, BOOK % b"Cold cache"))
    edge.on("GET", "/books/disk-full.md", reply(200, BOOK % b"Another disk"))
    return Library(WebPages(session), shelf, f"{edge.url}/books/index.md")


def found(shelf):
    return {book.name: book for book in shelf.read().books}


async def test_what_the_page_links_to_is_read_and_the_folders_own_wins(library, shelf, edge):
    await library.read()
    book = found(shelf)["cold-cache"]
    assert (book.title, book.sections["mitigation"], book.severities) == ("Cold cache", "warm it", ("SEV-1",))
    assert book.url == f"{edge.url}/books/cold-cache.md"
    assert found(shelf)["disk-full"].title == "Disk full"
    assert all(asked.path.startswith("/books/") for asked in edge.asked)


@pytest.mark.parametrize("trouble", [reset, reply(503), reply(404)])
async def test_what_cannot_be_read_now_stays_as_it_was(library, shelf, edge, trouble):
    await library.read()
    edge.on("GET", "/books/cold-cache.md", trouble)
    await library.read()
    assert found(shelf)["cold-cache"].title == "Cold cache"
    edge.on("GET", "/books/index.md", trouble)
    await library.read()
    assert found(shelf)["cold-cache"].title == "Cold cache"


async def test_what_could_never_be_read_is_named_with_its_reason(library, shelf, edge):
    edge.on("GET", "/books/cold-cache.md", reply(200, b"\xff\xfe"))
    await library.read()
    [broken] = shelf.read().broken
    assert broken.path.endswith("/books/cold-cache.md")
    assert broken.why == "cannot be read (not UTF-8 text)"


@pytest.mark.parametrize(
    ("answer", "why"),
    [(reply(200, b"x" * (MOST_BYTES + 1)), Permanent), (reply(302, b""), Permanent), (reply(429, b""), Temporary)],
)
async def test_a_page_is_small_and_where_it_should_be(edge, session, answer, why):
    edge.on("GET", "/page.md", answer)
    with pytest.raises(why):
        await WebPages(session).text(f"{edge.url}/page.md")


@pytest.mark.parametrize(
    ("link", "names"),
    [
        ("[a](a.md)", ["a"]),
        ("[a](sub/disk%20full.md?raw=1)", ["disk full"]),
        ('<a href="/r/a.md">a</a>', ["a"]),
        ("[up](../a.md) [other](/other/a.md) [host](//example.com/r/a.md) [read](README.md) [html](a.html)", []),
    ],
)
def test_only_markdown_in_the_pages_own_folder_is_a_runbook(link, names):
    assert [name for name, _ in linked_from(link, "https://wiki.example.com/r/index.md")] == names
