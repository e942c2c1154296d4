"""What a family of verbs offers: what its commands do, and which buttons, shortcuts and forms are its own."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.slack.answering import Answer, Body, Listener
from service.ports import Replies
from views import actions, answers, modals

FORM_FAILED = (
    "Slack does not open the form just now. Everything can be typed: `/incident help` shows how, "
    'for example `/incident start SEV-1 "db down"`.'
)

Outcome = Answer | None
"""None where a form was opened, or where something changes that everybody sees."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who said it and where. `key` makes a repeat harmless; `trigger_id` opens forms; `response_url` answers later;
    `room` is the incident in whose room it was said, `typed` what followed the command."""

    by: str
    key: str = ""
    trigger_id: str = ""
    response_url: str = ""
    means: str = "command"
    room: int | None = None
    typed: str = ""


Deed = Callable[[Any, Said], Awaitable[Outcome]]
"""Carries out one kind of command."""

Press = Callable[[int, Said], Awaitable[Outcome]]
"""What a button does whose value is an incident's number."""

Form = tuple[str, Listener]
"""The field at which a refusal is shown, and what a submission does."""

Hearing = Callable[[dict[str, Any], Body], Awaitable[None]]
"""What an event that Slack tells leads to: the event itself, and the payload that it came in. Slack may give up on
one: nothing important may hang on it."""


class Family:
    """Verbs about one subject. What it has nothing of it leaves out."""

    def deeds(self) -> Mapping[type, Deed]:
        """By the command's class."""
        return {}

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        """By action_id."""
        return {}

    def shortcuts(self) -> Mapping[str, Listener]:
        """By callback_id."""
        return {}

    def forms(self) -> Mapping[str, Form]:
        """By callback_id."""
        return {}

    def hearings(self) -> Mapping[str, Hearing]:
        """By the event's type. Several families may hear the same."""
        return {}

    def answered(self, body: Body) -> None:
        """Called after anything that somebody pressed or submitted was answered."""


async def opened(replies: Replies, view: Mapping[str, Any], said: Said) -> Outcome:
    """Show a form; where Slack does not, what can be typed instead."""
    return None if await replies.open_form(said.trigger_id, view) else answers.refusal(FORM_FAILED)


def about_one(press: Press) -> Listener:
    """The listener of a button that carries an incident's number."""

    async def listener(body: Body) -> Outcome:
        return await press(actions.read_number(value_of(body)), said_by(body, "button"))

    return listener


def value_of(body: Body) -> str:
    """What the pressed button carries."""
    return body["actions"][0].get("value") or ""


def about_form(body: Body) -> tuple[int, str, str]:
    """Of a form that is about one incident: its number, who submitted it, and the key that makes a repeat harmless."""
    number, _ = modals.read_about(body["view"])
    return number, body["user"]["id"], body["view"]["id"]


def ourselves(body: Body) -> list[str]:
    """Muster's own user id, as every event names it."""
    return [str(each.get("user_id")) for each in body.get("authorizations") or ()]


def said_by(body: Body, means: str = "command") -> Said:
    """What a menu or a shortcut says is what a command says."""
    trigger = body.get("trigger_id", "")
    return Said(body["user"]["id"], trigger, trigger, body.get("response_url", ""), means)
