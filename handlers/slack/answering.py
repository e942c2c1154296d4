"""Every listener answers, whatever happens inside it: one of the three places that may catch Exception
(ADR 31)."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from domain.errors import Refused, Unavailable
from domain.policy import Policy
from service.doors import must_enter
from service.ports import Replies
from views import actions, answers, modals

log = logging.getLogger("muster.slack")

Body = dict[str, Any]
Answer = dict[str, Any]
Listener = Callable[[Body], Awaitable[Answer | None]]

ANSWER_WITHIN_S = 2.6
"""Slack shows an error after 3 s."""

ANSWERS = (actions.ACKNOWLEDGE, actions.ESCALATE, actions.JOIN, actions.CANNOT)
"""What a page's own buttons say."""

SLOW = "This takes longer than usual and may still be carried out. Look at `/incident list` before you repeat it."
NO_DATABASE = "Muster's database does not answer: nothing was changed. Pages that are under way go on. Try again soon."


class Answering:
    """Wraps listeners, which return an answer or None, in what Bolt calls. It decides nothing."""

    def __init__(self, replies: Replies, policy: Policy, afterwards: Sequence[Callable[[Body], None]] = ()) -> None:
        self._replies = replies
        self._policy = policy
        self._afterwards = afterwards
        self._following: set[asyncio.Task[None]] = set()

    def command(self, listener: Listener) -> Callable[..., Awaitable[None]]:
        """The answer goes with the acknowledgement."""

        async def answered(ack: Any, body: Body) -> None:
            answer, refusal = await self._outcome(listener, body)
            answer = answers.refusal(refusal) if refusal else answer
            await (ack(answer) if answer else ack())

        return answered

    def button(self, listener: Listener) -> Callable[..., Awaitable[None]]:
        """Acknowledged once the change is committed; words, where there are any, follow privately."""

        async def answered(ack: Any, body: Body) -> None:
            answer, refusal = await self._outcome(listener, body)
            await ack()
            answer = answers.refusal(refusal) if refusal else answer
            if answer:
                self._follow(body.get("response_url", ""), body, {"replace_original": False, **answer})
            self._done(body)

        return answered

    def form(self, field: str, listener: Listener) -> Callable[..., Awaitable[None]]:
        """A refusal is shown at `field`, and the form stays open with what was typed."""

        async def answered(ack: Any, body: Body) -> None:
            answer, refusal = await self._outcome(listener, body)
            if answer and "response_action" in answer:  # another form in its place
                await ack(answer)
                self._done(body)
                return
            await (ack(response_action="errors", errors={field: refusal}) if refusal else ack())
            if answer:
                _, response_url = modals.read_about(body["view"])
                self._follow(response_url, body, answer)
            self._done(body)

        return answered

    def _done(self, body: Body) -> None:
        for each in self._afterwards:
            each(body)

    def _follow(self, response_url: str, body: Body, answer: Answer) -> None:
        """What is said after the acknowledgement, which goes when the listener returns: it must not wait for this."""
        task = asyncio.create_task(self._reply(response_url, body, answer))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def _reply(self, response_url: str, body: Body, answer: Answer) -> None:
        """A shortcut has no place to answer in, that of a form lives for half an hour, and either may be out of reach:
        then it is a direct message."""
        if not (response_url and await self._replies.send(response_url, answer)):
            await self._replies.tell(body["user"]["id"], answer)

    async def _outcome(self, listener: Listener, body: Body) -> tuple[Answer | None, str]:
        """Run the listener: its answer, or the sentence that says why it could not be done."""
        work = asyncio.ensure_future(self._entered(listener, body))
        try:
            return await asyncio.wait_for(asyncio.shield(work), ANSWER_WITHIN_S), ""
        except Refused as refused:
            return None, refused.text
        except Unavailable as error:
            log.warning("the database does not answer: %s", error)
            return None, NO_DATABASE
        except TimeoutError:
            work.add_done_callback(_log_late)
            return None, SLOW
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a fault in a listener (%s)", reference)
            return None, APOLOGY.format(reference=reference)

    async def _entered(self, listener: Listener, body: Body) -> Answer | None:
        """Guests and people of other workspaces are refused here; whether they were paged the use case knows."""
        if not any(action.get("action_id") in ANSWERS for action in body.get("actions") or ()):
            must_enter(self._policy)
        return await listener(body)


APOLOGY = (
    "Sorry, that went wrong inside Muster and was logged as {reference}. Pages already owed still go out. "
    "Try again, and tell whoever runs Muster if it happens twice."
)


def _log_late(work: "asyncio.Future[Any]") -> None:
    if not work.cancelled() and work.exception() is not None:
        log.warning("a listener that was too slow failed in the end: %r", work.exception())
