"""The control API: what people, vendors and fate do, as JSON over HTTP. For the terminal client and for tests."""

import contextlib

from aiohttp import web

from . import asked
from .asked import refusal as _no
from .deeds import Deeds
from .faults import KINDS
from .slack import shapes
from .slack.workspace import Impossible
from .touch import Touch

HAPPENS = ("cut", "deaf", "hear", "abort")
REASONS = ("warning", "refresh_requested", "link_disabled")


class Control:
    def __init__(self, sandbox):
        self._sandbox = sandbox
        self._touch = Touch(sandbox.slack, self._shown)
        self._last_channel = "#general"
        self._deeds = {
            "say": self._say,
            "click": self._click,
            "select": self._select,
            "submit": self._submit,
            "shortcut": self._shortcut,
            "message_shortcut": self._message_shortcut,
            "react": self._react,
            "room": self._room,
            "clock": self._clock,
            "faults": self._fault,
            "kill": self._kill,
            "socket": self._socket,
            **Deeds(sandbox, sandbox.sight).all(),
            **self._touch.deeds,
        }

    def routes(self):
        return [
            web.post("/control/{deed}", self._do),
            web.post("/control/{vendor}/{action}", self._vendor),
            web.get("/control/state", self._state),
            web.get("/control/vendors", self._vendors),
            web.get("/control/channel", self._channel),
            web.get("/control/requests", self._requests),
            web.get("/control/violations", self._violations),
            web.get("/control/log", self._log),
            web.get("/control/seen", self._seen),
            web.get("/control/view", self._view),
            web.get("/control/app", self._app),
            web.get("/control/history", self._history),
            web.get("/control/thread", self._thread),
            *self._touch.routes(),
        ]

    # doing

    async def _do(self, request):
        deed = self._deeds.get(request.match_info["deed"])
        if deed is None:
            return _no(f"there is no {request.match_info['deed']!r}; there are {', '.join(self._deeds)}", 404)
        answer = await self._answered(deed, await asked.given(request))
        self._sandbox.bell.ring()
        return answer

    async def _vendor(self, request):
        vendor = self._sandbox.vendors.get(request.match_info["vendor"])
        action = vendor and vendor.actions.get(request.match_info["action"])
        if action is None:
            return _no(f"no vendor does {request.path.removeprefix('/control/')!r}", 404)
        answer = await self._answered(lambda given: action(**given), await asked.given(request))
        self._sandbox.bell.ring(vendor)
        return answer

    async def _answered(self, deed, given):
        try:
            return web.json_response(await deed(given) or {})
        except KeyError as error:
            return _no(f"{error} is missing")
        except (Impossible, ValueError, TypeError, LookupError) as error:
            return _no(str(error))

    def _where(self, given):
        self._last_channel = given.get("channel") or self._last_channel
        return self._last_channel

    async def _say(self, given):
        answer = await self._sandbox.people.say(given.get("as", "ana"), given["text"], self._where(given))
        return self._shown(answer) if hasattr(answer, "delivery") else {"ts": answer.ts}

    async def _click(self, given):
        who, where = given.get("as", "ana"), given.get("channel")
        wanted = (given.get("label"), where, given.get("ts"), given.get("action_id"))
        return self._shown(await self._sandbox.people.click(who, *wanted))

    async def _select(self, given):
        who = given.get("as", "ana")
        answer = await self._sandbox.people.select(who, given["menu"], given["option"], given.get("channel"))
        return self._shown(answer)

    async def _submit(self, given):
        who = given.get("as", "ana")
        errors = await self._sandbox.people.submit(who, given.get("values", {}))
        return {"errors": errors, "modal": self._modal(who)}

    async def _shortcut(self, given):
        return self._shown(await self._sandbox.people.shortcut(given.get("as", "ana"), given["callback_id"]))

    async def _message_shortcut(self, given):
        people, who = self._sandbox.people, given.get("as", "ana")
        return self._shown(
            await people.message_shortcut(who, given["callback_id"], self._where(given), given.get("ts"))
        )

    async def _react(self, given):
        """Once each: a second click of the same person changes nothing."""
        people, who = self._sandbox.people, given.get("as", "ana")
        message = people.message(self._where(given), given.get("ts"))
        if message.channel.archived:
            raise Impossible(f"#{message.channel.name} is archived")
        if self._sandbox.slack.workspace.user(who).id not in message.reactions.get(given["name"], ()):
            people.react(who, given["name"], message.channel.id, message.ts)

    async def _room(self, given):
        """What a person does to a channel: archive, unarchive, delete, remove_bot, rename."""
        deeds = ("archive", "unarchive", "delete", "remove_bot", "rename")
        if given["do"] not in deeds:
            raise Impossible(f"nobody can {given['do']!r} a channel; there are {', '.join(deeds)}")
        name = (given["name"],) if given["do"] == "rename" else ()
        getattr(self._sandbox.people, given["do"])(given["channel"], *name, who=given.get("as", "ana"))

    async def _clock(self, given):
        if "move" in given:
            self._sandbox.clock.move(given["move"])
        return self._time()

    async def _fault(self, given):
        faults = self._sandbox.faults
        if given.pop("clear", False):
            faults.clear(given.get("service"))
        elif "tiers" in given:
            faults.tiers = given["tiers"]
        elif given and "kind" not in given:
            raise Impossible(f"say what ails it: one of {', '.join(KINDS)}")
        elif given:
            faults.add(**given)
        return {"active": [f"{f.service} {f.kind} {f.match or ''}".strip() for f in faults.active]}

    async def _kill(self, given):
        if "n" in given:
            self._sandbox.kill.arm(given["n"], given.get("moment", "between"))
        else:
            self._sandbox.kill.now()

    async def _socket(self, given):
        socket, do = self._sandbox.socket, given.get("do")
        if do in HAPPENS:
            getattr(socket, do)()
        elif do in REASONS:
            await socket.disconnect(do)
        elif do == "redeliver":
            await socket.redeliver(given.get("envelope_id"))
        else:
            raise Impossible(f"say what happens to the socket: one of {', '.join((*HAPPENS, *REASONS, 'redeliver'))}")
        return {"connections": len(socket.connections)}

    # looking

    def _shown(self, answer):
        user = answer.interaction.user
        return {
            "envelope_id": answer.envelope_id,
            "interaction": answer.interaction.id,
            "timeout": answer.timeout,
            "ack_ms": answer.ack_ms,
            "ack_payload": answer.ack_payload,
            "ephemerals": [shapes.message(e) for e in answer.ephemerals],
            "messages": [shapes.message(m) for m in answer.messages],
            "modal": self._modal(user),
        }

    async def _seen(self, request):
        """The answer to the latest deed, once it shows more than `known` things or after so many seconds."""
        last = self._sandbox.people.last
        if last is None:
            return _no("nobody has done anything yet")
        known, seconds = asked.number(request.query, "known", -1), asked.number(request.query, "seconds", 0, float)
        with contextlib.suppress(TimeoutError):
            await self._sandbox.until(lambda: len(last.ephemerals) + len(last.messages) > known, seconds)
        return web.json_response(self._shown(last))

    async def _view(self, request):
        who = request.query.get("who", "ana")
        view = getattr(self._sandbox.people, "home" if request.query.get("what") == "home" else "modal")(who)
        return web.json_response(view.json()) if view else _no(f"{who} has nothing like that on the screen", 404)

    def _modal(self, who):
        view = self._sandbox.people.modal(who)
        return view.json() if view else None

    def _time(self):
        clock = self._sandbox.clock
        seen = clock.seen_before
        return {
            "now": clock.now().isoformat(),
            "offset": clock.offset.total_seconds(),
            "seen_before": seen and seen.isoformat(),
        }

    async def _state(self, _request):
        workspace = self._sandbox.slack.workspace
        rooms = [c for c in workspace.channels.values() if c.kind != "im"]
        return web.json_response(
            {
                "clock": self._time(),
                "connections": len(self._sandbox.socket.connections),
                "bot": self._sandbox.live.bot(),
                "requests": len(self._sandbox.record.requests),
                "last_channel": self._last_channel,
                "users": {u.id: u.name for u in workspace.users.values()},
                "channels": [shapes.channel(c, num_members=True) | {"messages": len(c.order)} for c in rooms],
                "dms": {u.name: _said(workspace.dms(u.id)) for u in workspace.users.values() if workspace.dms(u.id)},
                "modals": {u.name: self._modal(u.id) for u in workspace.users.values()},
                "vendors": {name: vendor.state() for name, vendor in self._sandbox.vendors.items()},
            }
        )

    async def _vendors(self, _request):
        """What each vendor received, in words (sandbox/vendors/words.py has the shape)."""
        return web.json_response([vendor.told() for vendor in self._sandbox.vendors.values()])

    async def _channel(self, request):
        workspace = self._sandbox.slack.workspace
        try:
            room = workspace.channel(request.query.get("name") or self._last_channel)
        except Impossible as error:
            return _no(str(error), 404)
        return web.json_response(
            {
                "channel": shapes.channel(room, num_members=True),
                "members": [workspace.users[u].name for u in room.members],
                "pins": [m.ts for m, _, _ in room.pins.values()],
                "bookmarks": list(room.bookmarks.values()),
                "messages": _said(room.messages),
            }
        )

    async def _app(self, _request):
        """The bot's slash commands and shortcuts, as the manifest words them."""
        return web.json_response(self._sandbox.slack.manifest.told)

    async def _history(self, request):
        """One page of a channel as a person sees it; before, after and around are a message's ts."""
        asked = {name: request.query[name] for name in ("before", "after", "around") if name in request.query}
        return self._looked(request, lambda who, room: self._sandbox.sight.history(who, room, **asked))

    async def _thread(self, request):
        return self._looked(request, lambda _who, room: self._sandbox.sight.thread(room, request.query.get("ts")))

    def _looked(self, request, look):
        try:
            who = self._sandbox.slack.workspace.user(request.query.get("as", "ana")).id
            room = self._sandbox.sight.channel(who, request.query.get("channel"))
            return web.json_response(look(who, room))
        except Impossible as error:
            return _no(str(error), 404)

    async def _requests(self, request):
        since = asked.number(request.query, "since", 0)
        return web.json_response([r.json() for r in self._sandbox.record.requests[since:]])

    async def _violations(self, _request):
        return web.json_response(self._sandbox.record.violations)

    async def _log(self, request):
        """One line for each request the bot made."""
        since = asked.number(request.query, "since", 0)
        return web.json_response([_line(r) for r in self._sandbox.record.requests[since:]])


def _said(messages):
    return [shapes.message(m) | {"revisions": len(m.revisions)} for m in messages]


def _line(request):
    outcome = request.status or "no answer"
    if isinstance(request.response, dict) and request.response.get("ok") is False:
        outcome = request.response["error"]
    name = request.method if request.service == "slack" else f"{request.method} {request.path}"
    return f"{request.n} {request.at:%H:%M:%S} {request.service} {name} -> {outcome}"
