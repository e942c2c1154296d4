"""The live feed: a snapshot, then what changed, for one person only and without a gap."""

import asyncio

import aiohttp
import pytest

from sandbox.slack.objects import BOT_USER
from sandbox.vendors.account import PHONE_NUMBER, Call

ANA, BEN, GUEST = "U0001", "U0002", "U0009"


class Ears:
    """One window: `snapshot`, and every change by its kind."""

    def __init__(self, ws):
        self._ws = ws
        self.frames, self.snapshot = [], None

    async def begin(self):
        self.snapshot = await self._ws.receive_json(timeout=5)
        return self

    async def hears(self, kind, fits=lambda change: True):
        """The next change of this kind that fits."""
        async with asyncio.timeout(5):
            while True:
                frame = await self._ws.receive_json()
                self.frames.append(frame)
                for change in frame["changes"]:
                    if change["kind"] == kind and fits(change):
                        return change


@pytest.fixture
async def window(sandbox):
    async with aiohttp.ClientSession() as session:

        async def window(who="ana"):
            return await Ears(await session.ws_connect(f"{sandbox.url}/control/live?as={who}")).begin()

        yield window


@pytest.fixture
async def control(sandbox):
    async with aiohttp.ClientSession() as session:

        async def control(path, given=None, **query):
            method = "GET" if given is None else "POST"
            url = f"{sandbox.url}/control/{path}"
            async with session.request(method, url, json=given, params=query) as answer:
                return await answer.json()

        yield control


async def test_the_snapshot_has_channels_in_a_line_each_and_no_message(sandbox, window):
    for number in range(300):
        sandbox.people.post("ben", "#general", f"line {number}")
    ana = await window()
    general = next(line for line in ana.snapshot["channels"] if line["name"] == "general")
    assert (general["count"], general["unread"]) == (300, 100)
    assert len(str(ana.snapshot)) < 20_000
    assert "messages" not in ana.snapshot


async def test_words_their_edit_and_their_end_are_heard_in_frames_without_a_gap(sandbox, window):
    ana = await window()
    said = sandbox.people.post("ben", "#general", "one")
    assert (await ana.hears("message"))["message"]["text"] == "one"
    sandbox.slack.workspace.react(said, "eyes", ANA)
    assert (await ana.hears("message"))["message"]["reactions"][0]["users"] == [ANA]
    sandbox.slack.workspace.edit(said, "two", [])
    assert (await ana.hears("message"))["message"]["text"] == "two"
    sandbox.slack.workspace.delete(said)
    assert (await ana.hears("message_gone"))["ts"] == said.ts
    assert [frame["seq"] for frame in ana.frames] == list(range(1, len(ana.frames) + 1))


async def test_many_words_at_once_are_one_frame(sandbox, window):
    ana = await window()
    for number in range(50):
        sandbox.people.post("ben", "#general", f"line {number}")
    await ana.hears("message", lambda change: change["message"]["text"] == "line 49")
    assert len(ana.frames) == 1


async def test_a_reply_brings_its_parent_with_the_new_count(sandbox, window):
    parent = sandbox.people.post("ana", "#general", "parent")
    ana = await window()
    sandbox.people.post("ben", "#general", "reply", thread_ts=parent.ts)
    heard = await ana.hears("message", lambda change: change["message"]["ts"] == parent.ts)
    assert heard["message"]["reply_count"] == 1


async def test_words_for_one_and_private_channels_reach_nobody_else(sandbox, window):
    workspace = sandbox.slack.workspace
    secret = workspace.add_channel("secret", ANA, (ANA,), kind="private")
    ana, ben, guest = await window("ana"), await window("ben"), await window("guest")
    workspace.whisper(workspace.channel("#general"), ANA, "for Ana", (), "ack")
    workspace.post(secret, ANA, "for members")
    workspace.post(workspace.channel("#general"), BEN, "for all but guests")
    assert (await ana.hears("whisper"))["message"]["text"] == "for Ana"
    await ben.hears("message", lambda change: change["message"]["text"] == "for all but guests")
    workspace.join(workspace.channel("#general"), GUEST)
    await guest.hears("channel", lambda change: change["channel"]["name"] == "general")
    for other in (ben, guest):
        told = str(other.frames) + str(other.snapshot)
        assert "for Ana" not in told
        assert "for members" not in told
        assert "secret" not in told
    assert "for all but guests" not in str(guest.frames)


async def test_whoever_is_removed_from_a_private_channel_loses_it(sandbox, window):
    workspace = sandbox.slack.workspace
    secret = workspace.add_channel("secret", ANA, (ANA, BEN), kind="private")
    ben = await window("ben")
    workspace.leave(secret, BEN, ANA)
    assert (await ben.hears("channel_gone"))["id"] == secret.id


async def test_what_surrounds_the_workspace_is_heard_when_it_changes(sandbox, window, control):
    ana = await window()
    await control("clock", {"move": "+2m"})
    assert (await ana.hears("clock"))["value"]["offset"] == 120
    await control("faults", {"service": "plane", "kind": "hang"})
    [fault] = (await ana.hears("trouble"))["value"]["faults"]
    await control("end_fault", {"as": "ana", "id": fault["id"]})
    assert (await ana.hears("trouble"))["value"]["faults"] == []
    sandbox.record.violate("a thing")
    assert (await ana.hears("violations"))["value"]["count"] == 1
    sandbox.slack.workspace.channels["C0GENERAL"].bookmarks["Bk1"] = {"id": "Bk1"}
    await control("topic", {"as": "ben", "channel": "C0GENERAL", "text": "news"})
    line = await ana.hears("channel", lambda change: change["channel"]["topic"] == "news")
    assert line["channel"]["bookmarks"] == [{"id": "Bk1"}]


async def test_what_is_said_and_pressed_on_the_line_is_heard_while_the_call_goes_on(sandbox, window, control):
    telephone, twiml = sandbox.vendors["twilio"].telephone, "<Response><Say>Press 1.</Say><Gather/></Response>"
    ana = await window()
    telephone.dial(Call(telephone.phonebook["ana"], PHONE_NUMBER, sandbox.clock.now(), twiml))
    await control("twilio/hear", {"to": "ana"})
    [call] = (await ana.hears("phone", lambda change: change["value"]["calls"][0]["said"]))["value"]["calls"]
    assert (call["status"], call["said"]) == ("in-progress", ["Press 1."])
    telephone.calls[0].said.append("That key means nothing here.")
    sandbox.bell.ring()
    assert (await ana.hears("phone"))["value"]["calls"][0]["said"] == ["Press 1.", "That key means nothing here."]


async def test_a_fault_that_has_done_its_work_is_not_told_any_more(sandbox, window, control):
    ana = await window()
    await control("faults", {"service": "slack", "kind": "status", "times": 1})
    await ana.hears("trouble")
    async with aiohttp.ClientSession() as session, session.post(f"{sandbox.url}/slack/api/auth.test") as answer:
        assert answer.status == 500
    assert (await ana.hears("trouble"))["value"]["faults"] == []


async def test_what_one_window_has_read_is_read_in_all_of_that_person(sandbox, window, control):
    sandbox.people.post("ben", "#general", "one")
    last = sandbox.people.post("ben", "#general", "two")
    one, other, ben = await window("ana"), await window("ana"), await window("ben")
    await control("read", {"as": "ana", "channel": "C0GENERAL", "ts": last.ts})
    for mine in (one, other):
        assert (await mine.hears("channel"))["channel"]["unread"] == 0
    assert (
        next(line for line in ben.snapshot["channels"] if line["name"] == "general")["unread"] == 0
    )  # Ben's own words


async def test_history_comes_by_the_page_in_both_directions(sandbox, control):
    posted = [sandbox.people.post("ben", "#general", f"{number}") for number in range(120)]
    sandbox.slack.workspace.whisper(sandbox.slack.workspace.channel("#general"), ANA, "mine", (), "ack")
    newest = await control("history", channel="C0GENERAL")
    assert [said["text"] for said in newest["messages"]] == [*map(str, range(70, 120)), "mine"]
    assert (newest["more_before"], newest["more_after"]) == (True, False)
    older = await control("history", channel="C0GENERAL", before=posted[70].ts)
    assert [said["text"] for said in older["messages"]] == [*map(str, range(20, 70))]
    around = await control("history", channel="C0GENERAL", around=posted[30].ts)
    assert [said["text"] for said in around["messages"]][25] == "30"
    newer = await control("history", channel="C0GENERAL", after=posted[69].ts)
    assert newer["messages"][0]["text"] == "70"


async def test_nobody_looks_into_a_channel_that_they_do_not_see(sandbox, control):
    secret = sandbox.slack.workspace.add_channel("secret", ANA, (ANA, BOT_USER), kind="private")
    said = sandbox.people.post("ana", "#secret", "hidden")
    for path, query in (("history", {}), ("thread", {"ts": said.ts})):
        answer = await control(path, **{"as": "ben", "channel": secret.id, **query})
        assert answer == {"error": f"you see no channel {secret.id!r}"}
    for deed in ("post", "pin", "join", "topic", "read"):
        given = {"as": "ben", "channel": secret.id, "ts": said.ts, "text": "in"}
        assert "error" in await control(deed, given), deed
    assert BEN not in secret.members


async def test_whoever_writes_in_a_public_channel_joins_it_and_nobody_writes_in_an_archived_one(sandbox, control):
    room = sandbox.slack.workspace.add_channel("open", ANA, (ANA,))
    assert "ts" in await control("post", {"as": "ben", "channel": room.id, "text": "hello"})
    assert BEN in room.members
    sandbox.slack.workspace.archive(room, ANA)
    assert await control("post", {"as": "ben", "channel": room.id, "text": "late"}) == {"error": "#open is archived"}


async def test_windows_that_close_are_forgotten_and_a_stopped_sandbox_closes_them(sandbox, window):
    ana = await window()
    await ana._ws.close()
    await sandbox.until(lambda: not sandbox.live._windows)
    other = await window("ben")
    await sandbox.live.stop()
    frame = await other._ws.receive(timeout=5)
    assert frame.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
