"""Small helpers of the stories that ask much and wait little."""

import re
import sqlite3
from itertools import count

from tests.world import shown, words

FRESH = count(1)
"""The same title by the same person within a minute would be the same incident."""

OPEN, RESOLVED, CLOSED = "open", "resolved", "closed"


async def ask(world, text, channel="#general", who="ana"):
    """The answer's words; it came in time."""
    answer = await world.say(who, f"/incident {text}".strip(), channel=channel)
    assert not answer.timeout, world.tail()
    assert answer.ack_ms < 3000
    return shown(answer)


async def begin(world, state=OPEN, severity="SEV-4"):
    """The key of a fresh incident in that state. SEV-4 has no room, and so is there at once."""
    title = f"slow {next(FRESH)}"
    key = re.search(r"INC-\d+", await ask(world, f'start {severity} "{title}"'))[0]
    if state != OPEN:
        await ask(world, f"resolve {key} restarted it")
    if state == CLOSED:
        await ask(world, f"close {key}")
    return key


async def room_of(world, key):
    """The channel of a key's war room, once its issue is known too."""
    wanted = re.compile(f"#{key.lower()}(-.*)?")
    room = await world.until(lambda: next(filter(wanted.fullmatch, world.rooms()), None))
    await world.until(lambda: "ROOSE-" in world.card(room))
    return room


def last_words(world, who="U0001"):
    """What stands last among what only this person sees."""
    return "".join(words(said) for said in world.workspace.ephemerals.get(who, ())[-1:])


def written(world):
    """How much people have written: unchanged where nothing was changed. What Muster delivers is not theirs."""
    theirs = "SELECT (SELECT count(*) FROM incident), (SELECT count(*) FROM timeline WHERE author <> 'muster')"
    with sqlite3.connect(f"file:{world.folder / 'muster.db'}?mode=ro", uri=True) as database:
        return database.execute(theirs).fetchone()
