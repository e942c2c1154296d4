"""Runbooks shown in the room by command and button, and read anew when a file changes."""

import os

import pytest

from tests.flows.asking import ask, last_words
from tests.world import BOT, ROOT, World

BOOK = """---
last updated: 2020-01-01
owner: Platform team
severity: SEV-1
---
# Cold cache

## Symptoms
Slow <!channel>.

## Mitigation
{mitigation}
"""


@pytest.fixture
async def own(tmp_path):
    """A world whose runbooks are in a folder of its own."""
    folder = tmp_path / "books"
    folder.mkdir()
    config = (ROOT / "config.yaml").read_text().replace("  folder: runbooks\n", f"  folder: {folder}\n")
    (tmp_path / "config.yaml").write_text(config)
    async with World(tmp_path, command=(*BOT, "--config", str(tmp_path / "config.yaml"))) as started:
        started.books = folder
        await started.boot()
        yield started
        assert not started.sandbox.record.violations
        assert "Traceback" not in started.log.read_text(errors="replace"), started.tail(60)


async def test_what_fits_the_title_is_on_the_card_and_its_button_shows_it_to_all(world):
    room = await world.declare("SEV-1", "db1: no space left on device")
    assert "Runbook: Disk full" in world.card(room)
    await world.people.click("ben", "Runbooks", channel=room)
    await world.until(lambda: "📖 *Disk full*" in world.room_text(room))
    told = world.room_text(room)
    assert "*Symptoms*" in told
    assert "*Mitigation*" in told
    assert "Shown by <@U0002>" in told
    assert "*Prevention*" not in told
    await world.people.click("ana", "Whole runbook", channel=room)
    await world.until(lambda: "*Prevention*" in last_words(world))
    assert "<@U0002> showed the runbook: Disk full" in await ask(world, "show", room)


async def test_where_none_fits_a_menu_asks_and_what_is_picked_goes_into_the_room(world):
    room = await world.declare()
    assert "No runbook says that it fits for INC-1." in await ask(world, "runbook", room)
    await world.people.select("ana", "Choose a runbook", "Alert storm", channel=room)
    await world.until(lambda: "📖 *Alert storm*" in world.room_text(room))
    assert "The runbook *Rate limit exceeded* is shown in the room." in await ask(world, "runbook rate limit", room)


async def test_outside_a_room_it_is_for_whoever_asks(world):
    assert "📖 *Disk full*" in await ask(world, "runbook disk full")
    assert "Choose a runbook" in str(world.workspace.ephemerals["U0001"]) or await ask(world, "runbook")
    assert "There is no such runbook." in await ask(world, "runbook ../../config")
    await world.people.select("ana", "Choose a runbook", "Deployment failed", channel="#general")
    await world.until(lambda: "📖 *Deployment failed*" in last_words(world))


async def test_a_file_is_read_anew_an_old_one_warned_of_and_nothing_outside_the_folder_is_shown(own):
    assert "No runbook is known." in await ask(own, "runbook")
    file = own.books / "cold-cache.md"
    file.write_text(BOOK.format(mitigation="Warm it."))
    told = await ask(own, "runbook cache")
    assert "Warm it." in told
    assert "⚠ Older than six months (last updated 2020-01-01)" in told
    assert "Slow &lt;!channel&gt;." in told
    file.write_text(BOOK.format(mitigation="Wait until it is warm."))
    os.utime(file, (1, 1))
    assert "Wait until it is warm." in await ask(own, "runbook cold-cache")

    (own.folder / "secret.md").write_text("# Secret\n\n## Mitigation\nhidden")
    (own.books / "link.md").symlink_to(own.folder / "secret.md")
    (own.books / "huge.md").write_text("x" * 300_000)
    (own.books / "bytes.md").write_bytes(b"\xff\xfe")
    for typed in ("link", "../secret", "secret"):
        assert "hidden" not in await ask(own, f"runbook {typed}")
    assert "huge.md cannot be used: it is larger than 256 KB." in await ask(own, "runbook huge")
    assert "bytes.md cannot be used: it is not UTF-8 text." in await ask(own, "runbook bytes")
    assert "link.md cannot be used: it leads out of the folder" in await ask(own, "runbook link")
