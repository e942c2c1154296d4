"""What Slack says of people's ids: asked one by one, as `check` does, never listed."""

import asyncio
from collections.abc import Iterable

from slack_sdk.web.async_client import AsyncWebClient

from domain.errors import Permanent, Temporary
from domain.reach import DEACTIVATED, FOUND, GUEST, NOT_CHECKED, UNKNOWN, Members
from integrations.slack_api import SlackRefused, call
from integrations.slack_identity import refused_bot_token

AT_ONCE = 8
TRIES = 3
LONGEST_WAIT_S = 30.0


async def members(client: AsyncWebClient, ids: Iterable[str]) -> Members:
    """Each id with `found`, `guest`, `unknown`, `deactivated`, or `not_checked` where Slack gave no answer."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(id: str) -> tuple[str, str]:
        async with gate:
            return id, await _asked(client, id)

    return dict(await asyncio.gather(*map(one, dict.fromkeys(ids))))


async def _asked(client: AsyncWebClient, id: str) -> str:
    for _ in range(TRIES):
        try:
            user = (await call(client, "users.info", user=id))["user"]
            guest = user.get("is_restricted") or user.get("is_ultra_restricted")
            return DEACTIVATED if user.get("deleted") else GUEST if guest else FOUND
        except SlackRefused as refused:
            return UNKNOWN if refused.error in ("user_not_found", "user_not_visible") else NOT_CHECKED
        except Temporary as trouble:
            if trouble.retry_after is None or refused_bot_token(trouble):
                return NOT_CHECKED
            await asyncio.sleep(min(trouble.retry_after, LONGEST_WAIT_S))
        except Permanent:
            return NOT_CHECKED
    return NOT_CHECKED
