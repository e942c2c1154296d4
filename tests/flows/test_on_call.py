"""Who is on call, asked and changed from Slack: what is said, and whom the next page rings."""

import asyncio
import re

import pytest

from tests.flows.asking import ask, last_words

DATE = re.compile(r"<!date\^(\d+)\^[^|]*\|([^>]*)>")


def plain(words):
    """The fallback of Slack's dates, as somebody without them reads it."""
    return DATE.sub(r"\2", words)


def first_line(words):
    return plain(words).splitlines()[0]


async def test_an_override_is_said_with_whom_it_relieves_rings_the_next_page_and_is_undone_by_its_button(world):
    told = await ask(world, "override @ben 4h")
    line = first_line(told)
    begin, end = re.search(r"from (.*) UTC until (.*) UTC", line).groups()
    assert line == f"<@U0002> is on call on *primary* from {begin} UTC until {end} UTC, instead of <@U0001>."

    assert first_line(await ask(world, "oncall")) == (
        f"*primary*: <@U0002> (override 1) until {end} UTC, then <@U0001>"
    )
    assert "Paging Ben by PagerDuty" in await ask(world, 'start SEV-1 "db down"', who="chris")

    await world.people.click("ana", "Undo", channel="#general")
    await world.until(lambda: "ends now" in last_words(world))
    assert first_line(await ask(world, "oncall primary")) == "*primary*: <@U0001>, with no change in sight"
    assert "Paging Ana by PagerDuty" in await ask(world, 'start SEV-1 "cache down"')


async def test_who_is_on_call_at_pagerduty_is_said_beside_and_nothing_waits_for_it(world):
    told = plain(await ask(world, "oncall"))
    assert "PagerDuty *" in told
    assert "level 1: <@U0001>" in told
    assert "PagerDuty" not in plain(await ask(world, "oncall primary"))

    world.sandbox.faults.add("pagerduty", "hang", match="/oncalls")
    told = plain(await ask(world, "oncall"))
    assert told.startswith("*primary*: <@U0001>")
    assert "PagerDuty cannot be asked who is on call: no answer within 1.5 s." in told
    world.sandbox.faults.clear("pagerduty")


async def test_overrides_that_overlap_are_said_the_newest_wins_and_the_list_shows_all(world):
    await ask(world, "override @ben 8h")
    told = plain(await ask(world, "override <@U0003|chris> 2h primary", who="ben"))
    assert "instead of <@U0002>" in told.splitlines()[0]
    overlap = r"Where it overlaps override 1 \(<@U0002> on \*primary\*, .* UTC to .* UTC\), the newer one wins\."
    assert re.search(overlap, told)

    listed = plain(await ask(world, "override list"))
    assert re.search(r"1: <@U0002> on \*primary\*, .*, by <@U0001>", listed)
    assert re.search(r"2: <@U0003> on \*primary\*, .*, by <@U0002>", listed)

    assert "Override 2 " in await ask(world, "override cancel 2")
    assert "nothing changed" in await ask(world, "override cancel 2")
    assert "<@U0002> (override 1)" in await ask(world, "oncall")

    world.move("+9h")
    async with asyncio.timeout(10):  # the bot looks at the moved clock a moment later
        while "Nobody stands in" not in await ask(world, "override list"):
            pass


async def test_an_override_outlives_a_kill(world):
    await ask(world, "override @ben 4h")
    await world.restart()
    assert "<@U0002> (override 1)" in await ask(world, "oncall")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("override @dana 4h", "Muster cannot page `dana`, who is not among `people` in config.yaml."),
        ("override me 4h premiary", "There is no schedule `premiary`. Did you mean `primary`? There are: primary."),
        ("override @ben 40d", "That is 40d, longer than 4 weeks. If it is meant, write the same again with the word"),
        ("override @ben 0h", "'0h' is not a duration"),
        ("override @ben from 2020-01-01 10:00 to 11:00", "is past."),
        ("override cancel 99", "There is no override 99."),
        ("oncall nights", "There is no schedule `nights`."),
    ],
)
async def test_what_cannot_be_is_answered_with_what_to_do(shared_world, typed, words):
    assert words in await ask(shared_world, typed)
    assert "no change in sight" in await ask(shared_world, "oncall")
