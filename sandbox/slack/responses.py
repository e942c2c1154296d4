"""What the bot says back to one thing a person did: the acknowledgement's payload and the response_url."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web

from .blocks import breaches
from .objects import BOT_USER, Ephemeral, Message

USES = 5
LIFE = timedelta(minutes=30)
FIELDS = {
    "text",
    "blocks",
    "attachments",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "metadata",
    "unfurl_links",
    "unfurl_media",
    "mrkdwn",
}


@dataclass(eq=False)
class Interaction:
    """One command, click or submission: where it came from and what was shown because of it."""

    id: str
    user: str
    channel: object
    born: object
    source: object = None  # the Message or Ephemeral with the button; None for commands
    uses: int = 0
    ephemerals: list = field(default_factory=list)
    messages: list = field(default_factory=list)


class Responses:
    def __init__(self, workspace, record):
        self._workspace, self._record = workspace, record
        self._interactions = {}
        self.base_url = ""

    def begin(self, user, channel, source=None):
        id = f"{len(self._interactions) + 1}"
        self._interactions[id] = Interaction(id, user, channel, self._workspace.clock.now(), source)
        return self._interactions[id]

    def url(self, interaction):
        return f"{self.base_url}/slack/response/{interaction.id}"

    async def handler(self, request):
        interaction = self._interactions.get(request.match_info["id"])
        if interaction is None:
            return self._no(404, "no_interaction", "was never handed out")
        if self._workspace.clock.now() - interaction.born > LIFE:
            return self._no(404, "expired_url")
        if interaction.uses >= USES:
            return self._no(404, "used_url", "was used more than five times")
        try:
            payload = json.loads(await request.text())
        except ValueError:
            return self._no(400, "invalid_payload", "takes JSON")
        interaction.uses += 1
        problem = self.show(interaction, payload, "response_url")
        return self._no(404 if problem == "is_archived" else 400, problem) if problem else web.Response(text="ok")

    def show(self, interaction, payload, source):
        """Show it as Slack would; a code when Slack would not."""
        if problem := self._problem(payload, interaction, source):
            return problem
        if isinstance(interaction.source, Ephemeral | Message) and source == "response_url":
            if payload.get("delete_original"):
                return self._remove(interaction.source)
            if payload.get("replace_original"):
                return self._replace(interaction.source, payload)
        text, blocks = payload.get("text") or "", payload.get("blocks") or ()
        if payload.get("response_type") == "in_channel":
            posted = self._workspace.post(
                interaction.channel, BOT_USER, text, blocks, thread_ts=payload.get("thread_ts")
            )
            interaction.messages.append(posted)
        else:
            words = self._workspace.whisper(interaction.channel, interaction.user, text, blocks, source)
            interaction.ephemerals.append(words)
        return None

    def _problem(self, payload, interaction, source):
        if not isinstance(payload, dict):
            return self._minded(source, "invalid_payload", "must be an object")
        for name in sorted(set(payload) - FIELDS):
            self._minded(source, "unknown field", name)
        if payload.get("delete_original"):
            return None
        if not payload.get("text") and not payload.get("blocks"):
            return self._minded(source, "no_text")
        if wrong := breaches(payload.get("blocks") or []):
            return self._minded(source, "invalid_blocks", "; ".join(wrong))
        if payload.get("response_type") == "in_channel" and interaction.channel.archived:
            return "is_archived"
        return None

    def _minded(self, source, code, detail=""):
        self._record.violate(f"{source}: {code} {detail}".strip())
        return code

    def _remove(self, original):
        if isinstance(original, Message):
            self._workspace.delete(original)
        else:
            self._workspace.unwhisper(original)

    def _replace(self, original, payload):
        text, blocks = payload.get("text") or "", payload.get("blocks") or ()
        if isinstance(original, Message):
            self._workspace.edit(original, text, blocks)
        else:
            self._workspace.rewhisper(original, text, blocks)

    def _no(self, status, code, detail=""):
        if detail:
            self._record.violate(f"response_url {detail} ({code})")
        return web.json_response({"ok": False, "error": code}, status=status)
