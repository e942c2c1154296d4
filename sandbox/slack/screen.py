"""A person's screen: elements touched by their ids, forms submitted and closed. Finding them by words is people's."""

import asyncio
from dataclasses import dataclass, field

from . import envelopes, forms
from .composition import Check
from .errors import SlackError
from .objects import Ephemeral
from .views import View
from .workspace import Impossible

TROUBLE = "We had some trouble connecting. Try again?"
MOST_OFFERED = 100


@dataclass
class Outcome:
    """Of a submission: errors by block_id; `trouble` where Slack shows a line instead."""

    errors: dict = field(default_factory=dict)
    timeout: bool = False
    trouble: str | None = None


class Screen:
    def __init__(self, slack, record, sender):
        self._slack, self._record, self._sender = slack, record, sender

    def holder(self, who, place):
        """The Message, Ephemeral or View at {channel, ts}, {view_id} or {home: true}, if this person sees it.

        Raises Impossible."""
        person = self._slack.workspace.user(who)
        if "ts" not in place:
            return self._view(person, place)
        room = self._slack.workspace.channel(place["channel"])
        whispers = self._slack.workspace.ephemerals.get(person.id, ())
        found = room.index.get(place["ts"]) or next((e for e in whispers if e.ts == place["ts"]), None)
        if found is None or (room.private and person.id not in room.members):
            raise Impossible(f"{person.name} sees no such message in {place['channel']}")
        return found

    def _view(self, person, place):
        home = self._slack.views.homes.get(person.id)
        if home and (place.get("home") or place.get("view_id") == home.id):
            return home
        for view in self._slack.views.stack(person.id):
            if view.id == place.get("view_id"):
                return view
        raise Impossible(f"{person.name} has no such view on the screen")

    # elements

    async def act(self, who, place, block_id, action_id, value=None, state=None):
        """Touch one element. `value` in Slack's shape ({type, selected_option} ...) or by a word; nothing for buttons.
        `state`: what the person's client holds of the other elements, {block_id: {action_id: shape}}."""
        holder, blocks = self._at(who, place)
        block, element = forms.exactly(blocks, block_id, action_id)
        shape = forms.given(element, value, self._slack.workspace)
        action = forms.action(block, element, shape, self._slack.workspace.next_ts())
        sent = forms.touched(blocks, state or {}, self._slack.workspace)
        return await self.touched(self._slack.workspace.user(who), holder, action, sent)

    def _at(self, who, place):
        holder = self.holder(who, place)
        return holder, _blocks(holder)

    async def touched(self, person, holder, action, state=None):
        """Send the action of an element of this holder."""
        kept = _merged(state or {}, _state_of(action))
        if isinstance(holder, View):
            return await self._touched_in_view(person, holder, action, kept)
        values, ephemeral = forms.state(holder.blocks, kept), isinstance(holder, Ephemeral)
        return await self._sender.send(
            person,
            holder.channel,
            "interactive",
            lambda trigger, url: envelopes.message_action(person, action, holder, values, trigger, url, ephemeral),
            source=holder,
        )

    async def _touched_in_view(self, person, view, action, kept):
        view.state = _merged(view.state, kept)
        values = forms.state(view.content["blocks"], view.state)
        return await self._sender.send(
            person,
            None,
            "interactive",
            lambda trigger, _url: envelopes.view_action(person, action, view, values, trigger),
            view=view.id,
        )

    async def options(self, who, place, block_id, action_id, query):
        """What the bot offers in an external menu: {options} or {option_groups}, {timeout: true} or {error}."""
        holder, blocks = self._at(who, place)
        block = [b for b in blocks if b["block_id"] == block_id]
        found = [e["type"] for _, e in forms.stateful(block) if e.get("action_id", "") == action_id]
        if not found or not found[0].endswith("external_select"):
            raise Impossible(f"there is no external menu at {block_id!r}, {action_id!r}")
        person = self._slack.workspace.user(who)
        payload = envelopes.suggestion(person, holder, block_id, action_id, query)
        delivery = await self._slack.socket.send("interactive", payload, accepts=True)
        if not await delivery.ack():
            return {"timeout": True}
        return self._offered(action_id, delivery.payload)

    def _offered(self, action_id, payload):
        payload, check = payload if isinstance(payload, dict) else {}, Check()
        for group, where in check.items(payload, "option_groups", 0, MOST_OFFERED, "") if _grouped(payload) else ():
            check.text(group, "label", 75, where, required=True, plain=True)
            check.options(group, 0, MOST_OFFERED, where)
        if not _grouped(payload):
            check.options(payload, 0, MOST_OFFERED, "")
        if not check.problems:
            return {k: payload[k] for k in ("options", "option_groups") if k in payload}
        self._record.violate(f"block_suggestion {action_id}: {'; '.join(check.problems)}")
        return {"error": "The options could not be loaded."}

    # modals

    async def submit(self, who, view_id, values):
        """Submit the modal in front, `values` in Slack's shape by block_id and action_id: an Outcome.

        Raises Impossible."""
        person, view = self._slack.workspace.user(who), self._slack.views.top(self._slack.workspace.user(who).id)
        if view is None or view.id != view_id:
            raise Impossible(f"{person.name} has no such form in front")
        blocks = view.content["blocks"]
        view.state = _merged(view.state, forms.touched(blocks, values, self._slack.workspace))
        filled = forms.state(blocks, view.state)
        if errors := forms.errors(blocks, filled):
            return Outcome(errors)
        return await self.submitted(person, view, filled)

    async def submitted(self, person, view, values):
        """Send a form that the client has nothing against, and do what the acknowledgement asks for."""
        outcome = Outcome()
        answer = await self._sender.send(
            person,
            None,
            "interactive",
            lambda trigger, _url: envelopes.submission(person, view, values, trigger, self._urls(person, view, values)),
            view=view.id,
            accepts=True,
            on_ack=lambda payload: self._react_to(view, payload, outcome),
        )
        outcome.timeout = answer.timeout
        if not answer.timeout and not answer.ack_payload and view is self._slack.views.top(person.id):
            self._slack.views.close(person.id)
        return outcome

    def _urls(self, person, view, values):
        """One response_url for each chosen conversation of a menu that asked for one."""
        urls = []
        for block, element in forms.stateful(view.content["blocks"]):
            if not element.get("response_url_enabled"):
                continue
            ids = block["block_id"], element["action_id"]
            state = values[ids[0]][ids[1]]
            if chosen := state.get("selected_conversation") or state.get("selected_channel"):
                begun = self._slack.responses.begin(person.id, self._slack.workspace.channel(chosen))
                place = {"block_id": ids[0], "action_id": ids[1], "channel_id": chosen}
                urls.append(place | {"response_url": self._slack.responses.url(begun)})
        return urls

    def _react_to(self, view, payload, outcome):
        """Do what the acknowledgement of a submission asks for."""
        views = self._slack.views
        try:
            match payload.get("response_action"):
                case "errors":
                    self._show(view, payload["errors"], outcome)
                case "update":
                    views.update(view, payload["view"])
                case "push":
                    views.push_on(view.user, payload["view"])
                case "clear":
                    views.close(view.user, everything=True)
                case other:
                    outcome.trouble = TROUBLE
                    self._record.violate(f"view_submission: unknown response_action {other!r}")
        except SlackError as error:
            outcome.trouble = TROUBLE
            self._record.violate(f"view_submission: {error.code} {error.body}")

    def _show(self, view, errors, outcome):
        """Only what names an input block can be shown under one."""
        inputs = {b["block_id"] for b in view.content["blocks"] if b["type"] == "input"}
        outcome.errors = dict(errors)
        for name in set(errors) - inputs:
            outcome.trouble = TROUBLE
            self._record.violate(f"view_submission: an error for {name!r}, which is no input block")

    async def close(self, who, view_id=None, everything=False):
        """Close the modal in front, or all; the bot hears of those that ask for it (notify_on_close)."""
        person = self._slack.workspace.user(who)
        front = self._slack.views.top(person.id)
        if front is None or view_id not in (None, front.id):
            return
        everything = everything or bool(front.content.get("clear_on_close"))
        gone = self._slack.views.close(person.id, everything)
        told = [envelopes.closed(person, view, everything) for view in gone if view.content.get("notify_on_close")]
        deliveries = [await self._slack.socket.send("interactive", payload) for payload in told]
        await asyncio.gather(*(delivery.ack() for delivery in deliveries))

    def open_home(self, who, tab="home"):
        """Open the app's Home (or its messages): the bot hears of it if its manifest asks. The View, or None."""
        user = self._slack.workspace.user(who).id
        channel, home = self._slack.workspace.dm(user), self._slack.views.homes.get(user)
        event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab}
        event |= {"view": home.json()} if home and tab == "home" else {}
        self._slack.emit(event | {"event_ts": self._slack.workspace.next_ts()}, channel)
        return home


def _blocks(holder):
    return holder.content["blocks"] if isinstance(holder, View) else holder.blocks


def _grouped(payload):
    return "option_groups" in payload


def _merged(state, more):
    """Both, the later winning; neither is changed."""
    return {block: {**state.get(block, {}), **more.get(block, {})} for block in {**state, **more}}


def _state_of(action):
    """What a touched element holds from now on; buttons and overflow menus hold nothing."""
    if action["type"] in (*forms.BUTTONS, "overflow"):
        return {}
    kept = {k: v for k, v in action.items() if k in ("type", "value", "rich_text_value") or k.startswith("selected_")}
    return {action["block_id"]: {action["action_id"]: kept}}
