"""One whole incident on the sandbox, told as a transcript. Knows nothing of the bot but what the sandbox received."""

import argparse
import asyncio
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from . import run
from .app import Sandbox
from .transcript import Missing, Transcript, moment, text_of

BOT = (sys.executable, str(Path(__file__).resolve().parent.parent / "bot.py"), "run")
ROOM = "#inc-1-db-down"
TITLE = "db down"
UPDATE = "the primary is out of disk, failing over to the replica"
MONITORING = "failed over, errors are falling"
RESOLUTION = "the replica took over; the old primary was rebuilt"
LOG_LINES = 25
UP_WITHIN_S = 60
SLOW_MS = 500
CLOCK_IS_READ_S = 0.2  # the bot looks at its clock ten times a second
CUT_SHORT = "chat.postMessage"


class Story:
    """The scenes in their order. Each does something in the sandbox and tells what the sandbox received for it."""

    def __init__(self, sandbox, child, transcript):
        self.sandbox, self._child, self.told = sandbox, child, transcript
        self.people = sandbox.people
        self.workspace = sandbox.slack.workspace
        self._phones = sandbox.vendors["twilio"].telephone

    async def tell(self):
        """Raises Missing."""
        await self.told.seen("the bot on Slack's line", lambda: self.sandbox.socket.connections, UP_WITHIN_S)
        for scene in (
            self.declared,
            self.everything_is_opened,
            self.nobody_answers,
            self.the_next_person_answers,
            self.killed_in_the_middle,
            self.the_harm_stops,
            self.resolved,
            self.archived,
            self.how_it_ended,
        ):
            await scene()

    # the scenes

    async def declared(self):
        self.told.title("Ana declares an incident; the page goes out first")
        answer = await self._say("ana", f'/incident start SEV-1 "{TITLE}"')
        alert = await self.told.seen("a page at PagerDuty", lambda: next(iter(self._alerts()), None))
        asked = next(r for r in self.sandbox.record.requests if r.service == "pagerduty")
        event, delay = alert["payload"], (asked.arrived - answer.delivery.sent) * 1000
        others = [r for r in self.sandbox.record.requests if answer.delivery.sent < r.arrived < asked.arrived]
        first = "" if others else ", before anything else"
        page = f"pages: {event['summary']} ({event['severity']}); {delay:.0f} ms after the command{first}"
        self.told.line("PagerDuty", page, asked.at)
        room = await self.told.seen("the second answer, with the room", lambda: next(iter(answer.messages), None))
        self.told.message("Muster to all", room)

    async def everything_is_opened(self):
        self.told.title("Beside it everything else is opened")
        room = await self.told.seen(
            "a war room with a pinned card", lambda: self._pinned() and self.workspace.channel(ROOM)
        )
        members = await self.told.seen("Ana in the room", lambda: "U0001" in room.members and list(room.members))
        self.told.line("War room", f"{ROOM}, with {', '.join(map(self.told.name, members))}")
        self.told.line("", f"Topic: {self.told.plain(room.topic)}")
        item = await self.told.seen("a work item at Plane", lambda: next(iter(self._items()), None))
        public = await self.told.seen("an incident on the status page", lambda: next(iter(self._public()), None))
        announced = await self.told.seen("the announcement", lambda: self._announcement("Room"))
        await self._card("✓ Announcement   ✓ Issue (Plane)   ✓ Status page", "the card with everything done")
        self.told.message("The card", self._pinned())
        self.told.message("#incidents", announced)
        labels = ", ".join(item["label_names"])
        self.told.line("Plane", f"{item['identifier']} {item['name']} ({item['priority']}; {labels})")
        self.told.line(
            "Status page", f"{public['name']} ({public['status']})\n{public['incident_updates'][-1]['body']}"
        )

    async def nobody_answers(self):
        self.told.title("Two minutes later nobody has answered: the phone rings")
        await self._move("+2m")
        call = await self._rings(0)
        text = await self.told.seen("a text to Ana", lambda: next(iter(self._texts()), None))
        self.told.line("Ana's SMS", text["body"], moment(text["date_created"]))
        heard = await self._phone("voicemail", call["to"])
        self.told.line("Ana's phone", "is answered by the voicemail, which hears:\n" + "\n".join(heard["said"]))
        await self._card("call ✗ a machine picked up", "the end of the call on the card")
        self.told.message("The card", self._pinned(), lambda line: "acknowledged" in line.lower() or "Paged" in line)

    async def the_next_person_answers(self):
        self.told.title("Five minutes: a voicemail is no answer, so the next person is called")
        await self._move("+3m")
        call = await self._rings(1)
        self.told.message(ROOM, await self._in_room("Nobody has acknowledged"))
        direct = await self.told.seen("a direct message to Ben", lambda: self._page_to("ben"))
        self.told.message("To Ben", direct, lambda line: not line.startswith("["))
        heard = await self._phone("answer", call["to"], digits="1")
        asked, answered = heard["said"]
        self.told.line("Ben's phone", asked)
        self.told.line("Ben", f"presses {heard['call']['pressed'][0]}")
        self.told.line("Ben's phone", answered)
        self.told.message(ROOM, await self._in_room("is on it"))
        room = self.workspace.channel(ROOM)
        await self.told.seen("Ben in the room", lambda: "U0002" in room.members)
        self.told.line(ROOM, f"In the room: {', '.join(map(self.told.name, room.members))}")
        acknowledged = await self.told.seen("PagerDuty acknowledged", lambda: self._happened("acknowledged"))
        self.told.line("PagerDuty", "the alert is acknowledged: it rings nobody either", moment(acknowledged["at"]))
        await self._card("Acknowledged by @Ben", "Ben on the card")
        self.told.message("The card", self._pinned(), lambda line: "Acknowledged" in line)
        self.rung = self._rung()

    def _page_to(self, who):
        """The direct message that pages; others only tell."""
        return next((each for each in self.workspace.dms(who) if "You are paged" in each.text), None)

    async def killed_in_the_middle(self):
        self.told.title("The bot is killed (SIGKILL) in the middle of an update, and comes back")
        await self._move("+1m")
        before = self._child.pid
        self.sandbox.faults.add("slack", "latency", CUT_SHORT, ms=SLOW_MS)  # the answer to the command comes first
        self.sandbox.kill.arm(1, "between", match=CUT_SHORT)
        await self._say("ben", f"/incident update {UPDATE}", ROOM)
        await self.told.seen("the kill", lambda: self.sandbox.kill.done)
        self.sandbox.faults.clear()
        cut = self.sandbox.record.to("slack", CUT_SHORT)[-1]
        self.told.line("The bot", f"is killed: Slack has done {cut.method}, but its answer never arrived", cut.at)
        await self.told.seen("another process", lambda: self._child.pid != before and self._listens_since(cut.n))
        self.told.line("The bot", "is started again, and is back on Slack's line", self.sandbox.clock.now())
        said = await self._in_room(UPDATE)
        await self._announcement_with(UPDATE)
        await self.told.seen("the update at Plane", lambda: self._comments(UPDATE))
        self.told.message(ROOM, said)
        self.told.line("Counted", self._once())

    async def the_harm_stops(self):
        self.told.title("Twenty minutes in, the harm has stopped")
        await self._move("+14m")
        await self._say("ben", f"/incident status monitoring {MONITORING}", ROOM)
        room = self.workspace.channel(ROOM)
        topic = await self.told.seen("the topic", lambda: "monitoring" in room.topic and room.topic)
        self.told.line(ROOM, f"Topic: {self.told.plain(topic)}")
        public = await self._public_with("monitoring")
        self.told.line("Status page", f"monitoring: {public['body']}", moment(public["created_at"]))

    async def resolved(self):
        self.told.title("Resolved, by the button on the card")
        await self._move("+10m")
        await self.people.click("ana", "Mark resolved", channel=ROOM)
        form = await self.told.seen("the form of the button", lambda: self.people.modal("ana"))
        self.told.line("Ana", f"presses Mark resolved; a form opens: {form.content['title']['text']}")
        errors = await self.people.submit("ana", {"What resolved it?": RESOLUTION})
        if errors:
            raise Missing(f"a form that is accepted; it says {errors}")
        self.told.message(ROOM, await self._in_room("Resolved by"))
        ended = await self.told.seen("PagerDuty resolved", lambda: self._happened("resolved"))
        self.told.line("PagerDuty", "the alert is resolved", moment(ended["at"]))
        await self._public_with("resolved")
        await self.told.seen("the item done", lambda: self._items()[0]["group"] == "completed")
        self.told.message("#incidents", await self._announcement_with(RESOLUTION))

    async def archived(self):
        self.told.title("A day later")
        await self._move("+24h")
        room = self.workspace.channel(ROOM)
        await self.told.seen("the archived room", lambda: room.archived)
        at = next(r.at for r in self.sandbox.record.requests if r.method == "conversations.archive")
        self.told.line("Slack", f"{ROOM} is archived", at)

    async def how_it_ended(self):
        self.told.title("How it ended")
        (item,), (public,) = self._items(), self._public()
        self.told.line("Plane", f"{item['identifier']} {item['name']}: {item['state_name']}")
        for comment in item["comments"]:
            self.told.line("", text_of(comment["comment_html"]))
        self.told.line("Status page", f"{public['name']}: {public['status']}")
        for update in reversed(public["incident_updates"]):
            self.told.line("", f"{moment(update['created_at']):%a %H:%M} {update['status']}: {update['body']}")
        calls, texts = self._rung()
        if self._rung() != self.rung:
            raise Missing(f"silence after the acknowledgement: {calls} calls and {texts} texts, not {self.rung}")
        if self.sandbox.record.violations:
            raise Missing("requests that every service accepts: " + "; ".join(self.sandbox.record.violations))
        self.told.line("In all", f"{self._once()}, {calls} calls, {texts} texts")
        self.told.line("", "Nobody was rung after the acknowledgement; the kill lost nothing and doubled nothing.")

    # what people do

    async def _say(self, who, text, channel="#general"):
        answer = await self.people.say(who, text, channel)
        if answer.timeout:
            raise Missing(f"an answer to {text} within 3 s")
        given = answer.delivery.envelope["payload"]
        person = self.told.name(given["user_id"])
        at = self.sandbox.clock.now()
        self.told.line(person, f"in #{given['channel_name']}: {given['command']} {given['text']}", at)
        await self.told.seen(f"an answer to {person}", lambda: answer.ephemerals)
        words = self.told.words(answer.ephemerals[0])
        self.told.line("Muster", f"to {person} alone, after {answer.ack_ms:.0f} ms: {words}")
        return answer

    async def _move(self, by):
        self.sandbox.clock.move(by)
        await asyncio.sleep(CLOCK_IS_READ_S)
        self.told.line("(the clock)", f"moved by {by.removeprefix('+')}")

    async def _phone(self, deed, number, **keys):
        done = await getattr(self._phones, deed)(number, **keys)
        if not done["ok"]:
            raise Missing(f"a ringing phone at {number}: {done['error']}")
        return done

    async def _rings(self, place):
        call = await self.told.seen(f"call {place + 1}", lambda: next(iter(self._calls()[place:]), None))
        owner = next(n for n, number in self._phones.phonebook.items() if number == call["to"])
        self.told.line("Twilio", f"{owner.capitalize()}'s phone rings ({call['to']})", moment(call["date_created"]))
        return call

    # what the sandbox received

    def _state(self, vendor, what):
        return self.sandbox.vendors[vendor].state()[what]

    def _alerts(self):
        return self._state("pagerduty", "alerts")

    def _items(self):
        return self._state("plane", "items")

    def _public(self):
        return self._state("statuspage", "incidents")

    def _calls(self):
        return self._state("twilio", "calls")

    def _texts(self):
        return self._state("twilio", "messages")

    def _rung(self):
        return len(self._calls()), len(self._texts())

    def _happened(self, what):
        return next((entry for entry in self._alerts()[0]["history"] if entry["what"] == what), None)

    def _comments(self, text):
        return [c for c in self._items()[0]["comments"] if text in text_of(c["comment_html"])]

    def _pinned(self):
        room = self.workspace.find_channel(ROOM)
        return next((message for message, _, _ in room.pins.values()), None) if room else None

    async def _card(self, words, what):
        await self.told.seen(what, lambda: words in self.told.words(self._pinned()))

    async def _in_room(self, words):
        def found():
            said = (m for m in self.workspace.messages(ROOM) if m is not self._pinned())
            return next((m for m in said if words in self.told.words(m)), None)

        return await self.told.seen(f"{words!r} in the room", found)

    def _announcement(self, words):
        said = self.workspace.messages("#incidents")
        return next((m for m in said if words in self.told.words(m)), None)

    async def _announcement_with(self, words):
        return await self.told.seen(f"{words!r} on the announcement", lambda: self._announcement(words))

    async def _public_with(self, status):
        def found():
            return next((u for u in self._public()[0]["incident_updates"] if u["status"] == status), None)

        return await self.told.seen(f"{status} on the status page", found)

    def _listens_since(self, n):
        """Whether a new process has opened its connections after request `n`."""
        opened = [r for r in self.sandbox.record.requests[n:] if r.method == "apps.connections.open"]
        return opened and self.sandbox.socket.connections

    def _once(self):
        """One of everything, and the update once at each place."""
        said = [m for m in self.workspace.messages(ROOM) if m is not self._pinned() and UPDATE in self.told.words(m)]
        rooms = [c for c in self.workspace.channels.values() if c.name.startswith("inc-")]
        found = {"alert": self._alerts(), "room": rooms, "work item": self._items(), "public incident": self._public()}
        found |= {"announcement": self.workspace.messages("#incidents"), "update in the room": said}
        found |= {"update at Plane": self._comments(UPDATE)}
        for what, things in found.items():
            if len(things) != 1:
                raise Missing(f"exactly one {what}: there are {len(things)}")
        return ", ".join(f"1 {what}" for what in found)


def _to_three_in_the_morning(now: datetime):
    """Until the next Monday, 03:00 UTC."""
    night = (now + timedelta(days=7 - now.weekday())).replace(hour=3, minute=0, second=0, microsecond=0)
    return night - now


async def tell(sandbox, folder, patience=20.0, out=print, command=BOT):
    """The exit code: 0, or 1 when a line is missing. The bot lives in `folder`, an absolute path."""
    sandbox.clock.move(_to_three_in_the_morning(sandbox.clock.now()))
    with (folder / "bot.log").open("w") as log:
        child = run.inhabit(sandbox, command, run.free_port(), log)
        running = asyncio.create_task(child.run())
        try:
            await Story(sandbox, child, Transcript(sandbox, patience, out)).tell()
        except Missing as missing:
            out(f"\nMISSING: {missing}\nThe bot's last lines:\n{_last_lines(folder / 'bot.log')}")
            return 1
        finally:
            running.cancel()
            await child.stop()
    return 0


def _last_lines(file):
    return "\n".join(file.read_text(errors="replace").splitlines()[-LOG_LINES:])


async def main():
    """In a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="muster-story-") as folder:
        async with Sandbox(0, Path(folder) / "clock") as sandbox:
            return await tell(sandbox, Path(folder))


if __name__ == "__main__":
    argparse.ArgumentParser(
        "python -m sandbox.story",
        description="Tell one whole incident, from the command to the archived channel, on a sandbox of its own. "
        "Every line is made of what the sandbox received. The exit code is 1 when one is missing.",
    ).parse_args()
    sys.exit(asyncio.run(main()))
