"""Words for the public: nothing goes out that somebody has not seen exactly as it would be."""

import re
from collections.abc import Mapping
from typing import Any

from domain.errors import Refused
from domain.incidents import CLOSED, STATUSES
from domain.policy import Policy
from domain.recording import DRAFT, kept, text_of
from domain.words import prose
from handlers.slack.answering import Body, Listener
from handlers.slack.family import Family, Form, Outcome, Said, about_one, opened, said_by, value_of
from service.incidents import Incidents
from service.ports import Replies
from views import actions, modals, publish, quoted
from views.blocks import instead
from views.record import no_incident, read_incident


class PublishingVerbs(Family):
    """The form with the preview, from a message, from a draft and from an update."""

    def __init__(self, incidents: Incidents, replies: Replies, policy: Policy) -> None:
        self._incidents = incidents
        self._replies = replies
        self._policy = policy

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {actions.REVIEW_DRAFT: self._review, actions.ADD_PUBLIC: about_one(self.form)}

    def shortcuts(self) -> Mapping[str, Listener]:
        return {"publish_update": self._of_message}

    def forms(self) -> Mapping[str, Form]:
        return {publish.PUBLISH: (publish.WORDS, self._submitted)}

    async def _of_message(self, body: Body) -> Outcome:
        """The shortcut: of the room's incident, or of one that is chosen."""
        said, message = said_by(body), quoted.message(body, self._policy.names, "")
        number, _ = await self._incidents.named(message.channel, None)
        if number is not None:
            view = await publish_form(self._incidents, number, message.text, said.response_url)
            return await opened(self._replies, view, said)
        statuses = [status for status in STATUSES if status != CLOSED]
        found = (await self._incidents.listing(said.by, statuses)).incidents
        if not found:
            return no_incident()
        return await opened(self._replies, publish.ask(found, message.text, said.response_url), said)

    async def form(self, number: int, said: Said) -> Outcome:
        """Ask for words for the public."""
        return await opened(self._replies, await publish_form(self._incidents, number, "", said.response_url), said)

    async def _review(self, body: Body) -> Outcome:
        """A draft, in the words that it has by now."""
        (number, source), said = actions.read_draft(value_of(body)), said_by(body, "button")
        record = await self._incidents.record(number)
        draft = kept(record, DRAFT, source)
        if draft is None:
            raise Refused("This draft was taken back: the reaction is gone. `/incident update --public …` publishes.")
        view = await publish_form(self._incidents, number, text_of(record, draft), said.response_url)
        return await opened(self._replies, view, said)

    async def _submitted(self, body: Body) -> Outcome:
        """Published where it is what was seen; else shown again. Raises Refused."""
        view, by = body["view"], body["user"]["id"]
        number, (words, status, seen) = read_incident(view), publish.read(view)
        _, response_url = modals.read_about(view)
        text = prose(words)
        await self._incidents.must_see(number, by)
        if not await self._incidents.was_done(view["id"]) and not await self._was_seen(number, text, status, seen):
            return await looked_at_once_more(self._incidents, number, text, status, response_url, again=bool(seen))
        await self._incidents.publish(number, by, text, status, view["id"])
        return publish.published(await self._incidents.record(number))

    async def _was_seen(self, number: int, text: str, status: str, mark: str) -> bool:
        return (await self._incidents.preview(number, text, status)).mark == mark


async def publish_form(
    incidents: Incidents, number: int, text: str, response_url: str, status: str = "", again: bool = False
) -> Mapping[str, Any]:
    """The form, with exactly what would go out. Raises Refused where nothing may."""
    incident = (await incidents.record(number)).incident
    preview = await incidents.preview(number, text, status)
    return publish.form(incident, preview, text, response_url, status, again)


async def looked_at_once_more(
    incidents: Incidents, number: int, text: str, status: str, response_url: str, again: bool = False
) -> Outcome:
    """In the place of a form that was submitted: what would go out, which nobody has yet."""
    return instead(dict(await publish_form(incidents, number, text, response_url, status, again)))
