"""The live feed: a WebSocket on which a window of the page hears what changes for the person it belongs to.

GET /control/live?as=ana. The first frame is a snapshot (no messages: those are fetched by the page of a channel), every
later one {"seq", "changes": [...]}, numbered from 1 without a gap. A change has a `kind`:

    message, whisper                    `channel`, `message`: new or different words
    message_gone, whisper_gone          `channel`, `ts`
    channel                             `channel`: the line of the sidebar
    channel_gone                        `id`: deleted, or no longer seen
    clock modals home bot trouble violations phone ringing vendors people usergroups
                                        `value`: the whole of it, as in the snapshot

For a person who is not there, the one frame is {"refused": why}.

What waits for a slow window are the things that changed, not frames: it may miss what lay between, never the end.
"""

import asyncio
import json
import time

from aiohttp import web

from .slack.objects import BOT_USER, Channel, Ephemeral, Message
from .slack.workspace import Impossible

GATHER_S = 0.015  # what happens within a blink goes in one frame
LOOK_AGAIN_S = 1.0  # for what does not ring: a call that rang out, a fault that ended, a mail
HEARTBEAT_S = 10.0
PHONE_CALLS, PHONE_TEXTS, TOLD_VIOLATIONS = 10, 40, 20


class Live:
    def __init__(self, sandbox, sight):
        self._sandbox, self._sight = sandbox, sight
        self._windows = set()
        self._marks = dict.fromkeys(sandbox.vendors, 0)  # how often each vendor changed
        self._stopped = False
        sandbox.bell.listen(self._heard)

    def routes(self):
        return [web.get("/control/live", self._handler)]

    def _heard(self, what):
        name = getattr(what, "service", None) or getattr(what, "name", None)  # a request to a vendor, or the vendor
        if name in self._marks:
            self._marks[name] += 1
        for window in self._windows:
            window.hear(what)

    async def _handler(self, request):
        ws = web.WebSocketResponse(heartbeat=HEARTBEAT_S, timeout=1)
        await ws.prepare(request)
        try:
            user = self._sandbox.slack.workspace.user(request.query.get("as", "ana"))
        except Impossible as error:
            await ws.send_json({"refused": str(error)})
            await ws.close()
            return ws
        window = Window(user, self._sight, self._surroundings)
        self._windows.add(window)
        listening = asyncio.create_task(_until_closed(ws))
        try:
            await window.tell(ws)
        except ConnectionError:
            pass  # the window went while something was told
        finally:
            self._windows.discard(window)
            listening.cancel()
            await ws.close()
        return ws

    async def stop(self):
        for window in self._windows:
            window.end()

    # what is told besides channels and messages, compared as a whole each time

    def _surroundings(self, user):
        sandbox = self._sandbox
        views = sandbox.slack.views
        return {
            "people": self._sight.people(),
            "usergroups": self._sight.usergroups(),
            "clock": self._clock(),
            "modals": [views.views[id].json() for id in views.stacks.get(user.id, ())],
            "home": views.homes[user.id].json() if user.id in views.homes else None,
            "bot": self.bot(),
            "trouble": self._trouble(),
            "violations": {
                "count": len(sandbox.record.violations),
                "latest": sandbox.record.violations[-TOLD_VIOLATIONS:],
            },
            "phone": self._phone(user),
            "ringing": self._ringing(),
            "vendors": dict(self._marks),
        }

    def _clock(self):
        clock = self._sandbox.clock
        seen = clock.seen_before
        return {"offset": clock.offset.total_seconds(), "seen_before": seen and seen.isoformat()}

    def bot(self):
        """`alive` None: nobody here keeps the bot's process."""
        child = self._sandbox.child
        own = {"alive": child.alive, "held": child.held, "pid": child.pid} if child else {"alive": None}
        return {"connections": len(self._sandbox.socket.connections), **own}

    def _trouble(self):
        faults, socket = self._sandbox.faults, self._sandbox.socket
        return {"faults": [f.told() for f in faults.standing()], "tiers": faults.tiers, "deaf": socket.is_deaf}

    def _phone(self, user):
        telephone = self._telephone
        number = telephone and telephone.phonebook.get(user.name)
        if not number:
            return None
        telephone.age()
        calls = [call.to_state() for call in telephone.calls if call.to == number][-PHONE_CALLS:]
        texts = [text for text in telephone.messages if number in (text.to, text.from_) and text.arrived]
        return {"number": number, "calls": calls, "texts": [text.to_json() for text in texts[-PHONE_TEXTS:]]}

    def _ringing(self):
        """The handles of everybody whose phone rings."""
        if not (telephone := self._telephone):
            return []
        names = {number: name for name, number in telephone.phonebook.items()}
        return sorted({names[c.to] for c in telephone.calls if c.status == "ringing" and c.to in names})

    @property
    def _telephone(self):
        return getattr(self._sandbox.vendors.get("twilio"), "telephone", None)


async def _until_closed(ws):
    """A window only listens; reading is how its end is noticed."""
    async for _frame in ws:
        pass


def _prints(surroundings):
    """Each value as it is at this moment: what is in it may be the living thing, which changes with time."""
    return {kind: json.dumps(value) for kind, value in surroundings.items()}


class Window:
    """One open page. `surroundings(user)` is a dict of JSON values by kind."""

    def __init__(self, user, sight, surroundings):
        self._user, self._sight, self._surroundings = user, sight, surroundings
        self._changed = {}  # an ordered set of things
        self._wake = asyncio.Event()
        self._known, self._told = set(), {}
        self._seq = 0
        self._over = False

    def hear(self, what):
        if isinstance(what, Message | Ephemeral | Channel):
            self._changed[what] = None
        self._wake.set()

    def end(self):
        self._over = True
        self._wake.set()

    async def tell(self, ws):
        """Until the window closes or `end` is called."""
        await ws.send_str(json.dumps(self._snapshot()))
        while not ws.closed:
            try:
                await asyncio.wait_for(self._wake.wait(), LOOK_AGAIN_S)
                await asyncio.sleep(GATHER_S)
            except TimeoutError:
                pass
            self._wake.clear()
            if self._over:
                await ws.close(code=1001)
                return
            if changes := self._changes():
                self._seq += 1
                await ws.send_str(json.dumps({"seq": self._seq, "changes": changes}))

    def _snapshot(self):
        channels = self._sight.channels(self._user.id)
        self._known = {line["id"] for line in channels}
        surroundings = self._surroundings(self._user)
        self._told = _prints(surroundings)
        return {
            "seq": 0,
            "me": self._user.id,
            "bot_user": BOT_USER,
            "now": time.time() * 1000,
            "channels": channels,
            **surroundings,
        }

    def _changes(self):
        things, self._changed = list(self._changed), {}
        touched = dict.fromkeys(thing if isinstance(thing, Channel) else thing.channel for thing in things)
        changes = [change for channel in touched for change in self._line(channel)]  # first: words may name them
        changes += [change for thing in things if not isinstance(thing, Channel) for change in self._words(thing)]
        now = self._surroundings(self._user)
        prints = _prints(now)
        changes += [{"kind": kind, "value": now[kind]} for kind in now if prints[kind] != self._told[kind]]
        self._told = prints
        return changes

    def _words(self, words):
        channel, whisper = words.channel, isinstance(words, Ephemeral)
        if not self._sight.sees(self._user.id, channel) or (whisper and words.user != self._user.id):
            return
        kind, place = "whisper" if whisper else "message", {"channel": channel.id}
        if self._sight.stands(words):
            yield {"kind": kind, **place, "message": self._sight.message(words)}
        else:
            yield {"kind": f"{kind}_gone", **place, "ts": words.ts, "thread_ts": getattr(words, "thread_ts", None)}
        if not whisper and words.thread_ts in channel.index and words.thread_ts != words.ts:
            parent = channel.index[words.thread_ts]  # its count of replies
            yield {"kind": "message", **place, "message": self._sight.message(parent)}

    def _line(self, channel):
        if self._sight.sees(self._user.id, channel):
            self._known.add(channel.id)
            yield {"kind": "channel", "channel": self._sight.line(self._user.id, channel)}
        elif channel.id in self._known:
            self._known.discard(channel.id)
            yield {"kind": "channel_gone", "id": channel.id}
