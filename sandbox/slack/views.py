"""Modals and Home tabs as Slack keeps them: triggers that die in 3 s, a stack of three, hashes."""

import json
import secrets
import time
from dataclasses import dataclass, field

from . import forms
from .blocks import view_breaches
from .errors import SlackError, invalid_arguments
from .naming import named
from .objects import APP, BOT, TEAM

TRIGGER_SECONDS = 3
DEEPEST = 3
LARGEST = 250_000


@dataclass(eq=False)
class Trigger:
    id: str
    user: str
    born: float
    view: str | None = None  # the modal in which it was pulled
    used: bool = False


@dataclass(eq=False)
class View:
    id: str
    user: str
    content: dict
    hash: str
    root: str
    previous: str | None = None
    state: dict = field(default_factory=dict)  # block_id -> action_id -> what was chosen before the submission

    def json(self, values=None):
        """As Slack shows it; `values`: state.values in place of what was chosen so far."""
        keys = ("type", "title", "submit", "close", "callback_id", "private_metadata", "external_id")
        content = {key: self.content.get(key) for key in keys}
        return {
            "id": self.id,
            "team_id": TEAM,
            **content,
            "private_metadata": content["private_metadata"] or "",
            "callback_id": content["callback_id"] or "",
            "external_id": content["external_id"] or "",
            "blocks": self.content["blocks"],
            "state": {"values": self.state if values is None else values},
            "hash": self.hash,
            "clear_on_close": bool(self.content.get("clear_on_close")),
            "notify_on_close": bool(self.content.get("notify_on_close")),
            "previous_view_id": self.previous,
            "root_view_id": self.root,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }


class Views:
    """`monotonic` in seconds: triggers age by real time, whatever the sandbox's clock says."""

    def __init__(self, workspace, monotonic=time.monotonic):
        self._workspace = workspace
        self._monotonic = monotonic
        self._triggers = {}
        self._serial = 0
        self.views, self._external = {}, {}
        self.stacks = {}  # user id -> view ids, the one on top last
        self.homes = {}  # user id -> View

    def pull_trigger(self, user, view=None):
        trigger = Trigger(f"{len(self._triggers) + 1}.{secrets.randbits(36)}.{secrets.token_hex(16)}", user, 0, view)
        trigger.born = self._monotonic()
        self._triggers[trigger.id] = trigger
        return trigger.id

    def top(self, user):
        """The modal in front of a person, or None."""
        stack = self.stacks.get(user)
        return self.views[stack[-1]] if stack else None

    def stack(self, user):
        """The modals of a person, the one in front last."""
        return [self.views[id] for id in self.stacks.get(user, ())]

    def open(self, trigger_id, content):
        self._checked(content, "modal")
        trigger = self._exchanged(trigger_id)
        return self._add(trigger.user, content, [])

    def push(self, trigger_id, content):
        self._checked(content, "modal")
        trigger = self._exchanged(trigger_id)
        if trigger.view is None or trigger.view not in self.stacks.get(trigger.user, ()):
            raise SlackError("not_found")
        return self.push_on(trigger.user, content)

    def push_on(self, user, content):
        self._checked(content, "modal")
        stack = self.stacks[user]
        if len(stack) >= DEEPEST:
            raise SlackError("push_limit_reached")
        return self._add(user, content, stack)

    def update(self, view, content, hash=None):
        """`view`: a View. Raises SlackError."""
        self._checked(content, "modal")
        self._same(view, hash)
        self._claim(content, view.id)
        view.content, view.hash = self._numbered(content), self._hash()
        view.state = _kept(view.state, view.content["blocks"])
        self._workspace.changed()
        return view

    def find(self, view_id=None, external_id=None):
        found = self.views.get(view_id or self._external.get(external_id))
        if found is None:
            raise SlackError("not_found")
        return found

    def publish(self, user, content, hash=None):
        self._checked(content, "home")
        if (home := self.homes.get(user)) is not None:
            self._same(home, hash)
        id = home.id if home else self._workspace.new_id("V")
        self.homes[user] = View(id, user, self._numbered(content), self._hash(), id)
        self._workspace.changed()
        return self.homes[user]

    def close(self, user, everything=False):
        """Take the top modal, or all of them, off the person's screen; says which."""
        stack = self.stacks.get(user, [])
        gone = [self.views[v] for v in (stack if everything else stack[-1:])]
        self.stacks[user] = [] if everything else stack[:-1]
        for view in gone:
            self._external.pop(view.content.get("external_id"), None)
            del self.views[view.id]
        self._workspace.changed()
        return gone

    def _add(self, user, content, stack):
        id = self._workspace.new_id("V")
        self._claim(content, id)
        root = stack[0] if stack else id
        view = View(id, user, self._numbered(content), self._hash(), root, stack[-1] if stack else None)
        if not stack:
            self.close(user, everything=True)
        self.views[id] = view
        self.stacks[user] = [*stack, id]
        self._workspace.changed()
        return view

    def _exchanged(self, trigger_id):
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._monotonic() - trigger.born > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def _checked(self, content, kind):
        if not isinstance(content, dict):
            raise invalid_arguments("must be an object [json-pointer:/view]")
        if len(json.dumps(content).encode()) > LARGEST:
            raise SlackError("view_too_large")
        problems = view_breaches(content)
        if content.get("type") != kind:
            problems.append(f"must be a {kind} [json-pointer:/view/type]")
        if problems:
            raise invalid_arguments(*problems)

    def _same(self, view, hash):
        if hash is not None and hash != view.hash:
            raise SlackError("hash_conflict")

    def _claim(self, content, view_id):
        external = content.get("external_id")
        if external and self._external.setdefault(external, view_id) != view_id:
            raise SlackError("duplicate_external_id")

    def _hash(self):
        self._serial += 1
        return f"{self._workspace.seconds()}.{self._serial:08x}"

    def _numbered(self, content):
        return {**content, "blocks": named(content["blocks"], self._workspace.new_id)}


def _kept(state, blocks):
    """An update keeps what was entered in elements of the same block_id, action_id and type as before."""
    there = {(block["block_id"], e.get("action_id", "")): e["type"] for block, e in forms.stateful(blocks)}
    kept = {}
    for block_id, elements in state.items():
        for action_id, value in elements.items():
            if there.get((block_id, action_id)) == value["type"]:
                kept.setdefault(block_id, {})[action_id] = value
    return kept
