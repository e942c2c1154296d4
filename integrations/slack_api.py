"""One call of Slack's Web API: its answer, or Temporary or Permanent with a sentence for people."""

import asyncio
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.errors import Permanent, Temporary

PASSING = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
LIMITED = {"ratelimited", "rate_limited"}
NO_ACCESS = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
}

TOKEN_RETRY_S = 30.0
"""A refused token is asked again: without Slack there is no room in which anybody could press *Retry*."""

READS = ("history", "replies", "conversations", "info", "list", "members", "open", "getPermalink")
"""The last words of methods that take a form."""

SENTENCES = {
    "is_archived": "the channel is archived",
    "is_inactive": "the channel is archived",
    "channel_not_found": "Slack knows no such channel, or Muster may not see it",
    "not_in_channel": "Muster is not in the channel: invite it with /invite",
    "restricted_action": "the workspace does not let Muster do this",
    "message_not_found": "the message was deleted",
    "no_user": "Slack knows no such person",
    "user_not_found": "Slack knows no such person",
    "users_not_found": "Slack knows no such person",
    "cannot_dm_bot": "this is a bot, which nobody can page",
    "too_many_pins": "the channel has too many pins",
}


class SlackRefused(Permanent):
    """Slack's own word for why, beside the sentence."""

    def __init__(self, error: str, response: Any) -> None:
        super().__init__(SENTENCES.get(error, f"Slack says {error}"))
        self.error = error
        self.response = response


def web_client(token: str, url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client without retries: repeated blindly, a lost connection would post twice. The outbox looks first."""
    return AsyncWebClient(token=token, base_url=url, session=session, retry_handlers=[])


async def call(client: AsyncWebClient, method: str, **arguments: Any) -> Any:
    """The response's data. Raises Temporary or SlackRefused."""
    return (await answered(client, method, **arguments)).data


async def answered(client: AsyncWebClient, method: str, **arguments: Any) -> Any:
    """The response with its headers. Raises Temporary or SlackRefused."""
    try:
        return await client.api_call(method, **_as_slack_wants(method, arguments))
    except SlackApiError as failure:
        raise _judged(failure.response) from failure
    except (aiohttp.ClientError, asyncio.IncompleteReadError, ConnectionError) as failure:
        raise Temporary(f"Slack cannot be reached ({type(failure).__name__})") from failure


def _as_slack_wants(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Reading methods take a form, the others JSON."""
    reading = method.rpartition(".")[2] in READS
    return {"params": arguments} if reading and method != "views.open" else {"json": arguments}


def _judged(response: Any) -> Exception:
    status = response.status_code
    data = response.data if isinstance(response.data, dict) else {}
    error = str(data.get("error") or f"HTTP {status}")
    if status == 429 or error in LIMITED:
        return Temporary("Slack asks to wait", _seconds(response.headers), pause=True)
    if status >= 500 or error in PASSING:
        return Temporary(f"Slack has trouble ({error})")
    if error in NO_ACCESS:
        return Temporary(f"Slack refuses the token ({error}): check SLACK_BOT_TOKEN", TOKEN_RETRY_S)
    if error == "missing_scope":
        return Permanent(f"the Slack app lacks the scope {data.get('needed')}: install it again from manifest.yaml")
    return SlackRefused(error, data)


def _seconds(headers: Any) -> float:
    found = {str(name).lower(): value for name, value in dict(headers or {}).items()}.get("retry-after", "1")
    value = found[0] if isinstance(found, list) else found
    return float(value) if str(value).isdecimal() else 1.0
