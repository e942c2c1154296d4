"""Every listener answers, whatever happens inside it: one of the two places that may catch Exception."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from domain.errors import Refused, Unavailable
from service.ports import Replies
from views import answers

log = logging.getLogger("muster.slack")

Body = dict[str, Any]
Listener = Callable[[Body], Awaitable[dict[str, Any] | None]]

ANSWER_WITHIN_S = 2.6
"""Slack shows an error after 3 s."""

SLOW = "This takes longer than usual and may still be carried out. Look at `/incident list` before you repeat it."
NO_DATABASE = "Muster's database does not answer: nothing was changed. Pages that are under way go on. Try again soon."


class Answering:
    """Wraps listeners, which return an answer or None, in what Bolt calls. It decides nothing."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies

    def command(self, listener: Listener) -> Callable[..., Awaitable[None]]:
        """The answer goes with the acknowledgement."""

        async def answered(ack: Any, body: Body) -> None:
            answer = await self._outcome(listener, body)
            await (ack(answer) if answer else ack())

        return answered

    def button(self, listener: Listener) -> Callable[..., Awaitable[None]]:
        """Acknowledged once the change is committed; words, where there are any, follow privately."""

        async def answered(ack: Any, body: Body) -> None:
            answer = await self._outcome(listener, body)
            await ack()
            if answer and body.get("response_url"):
                await self._replies.send(body["response_url"], {"replace_original": False, **answer})

        return answered

    def form(self, field: str, listener: Listener) -> Callable[..., Awaitable[None]]:
        """A refusal is shown at `field`, and the form stays open with what was typed."""

        async def answered(ack: Any, body: Body) -> None:
            refusal = await self._refusal(listener, body)
            await (ack(response_action="errors", errors={field: refusal}) if refusal else ack())

        return answered

    async def _outcome(self, listener: Listener, body: Body) -> dict[str, Any] | None:
        found: list[dict[str, Any] | None] = []

        async def keep(body: Body) -> None:
            found.append(await listener(body))

        refusal = await self._refusal(keep, body)
        return answers.refusal(refusal) if refusal else found[0]

    async def _refusal(self, listener: Callable[[Body], Awaitable[Any]], body: Body) -> str:
        """Run the listener; the sentence to show when it could not be done, else empty."""
        work = asyncio.ensure_future(listener(body))
        try:
            await asyncio.wait_for(asyncio.shield(work), ANSWER_WITHIN_S)
        except Refused as refused:
            return refused.text
        except Unavailable as error:
            log.warning("the database does not answer: %s", error)
            return NO_DATABASE
        except TimeoutError:
            work.add_done_callback(_log_late)
            return SLOW
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a fault in a listener (%s)", reference)
            return APOLOGY.format(reference=reference)
        return ""


APOLOGY = (
    "Sorry, that went wrong inside Muster and was logged as {reference}. Pages already owed still go out. "
    "Try again, and tell whoever runs Muster if it happens twice."
)


def _log_late(work: "asyncio.Future[Any]") -> None:
    if not work.cancelled() and work.exception() is not None:
        log.warning("a listener that was too slow failed in the end: %r", work.exception())
