"""How the story is told: every line is made of something that the sandbox received, or the story ends there."""

import textwrap
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from re import sub

from . import render
from .slack import shapes

WIDTH = 112
TIME, WHO = 14, 16


class Missing(Exception):
    """A line of the story for which nothing came."""


class Transcript:
    """Prints who did what when, by the sandbox's clock."""

    def __init__(self, sandbox, patience=20.0, out=print):
        self.sandbox, self._patience, self._out = sandbox, patience, out

    async def seen(self, what, condition, seconds=None):
        """What the condition returns, once it is true. Raises Missing with `what` after so many seconds."""
        try:
            return await self.sandbox.until(condition, seconds or self._patience)
        except TimeoutError:
            raise Missing(what) from None

    def title(self, text):
        self._out(f"\n{text}\n{'─' * len(text)}")

    def line(self, who, text, at=None):
        """One event; further lines of the text stand below its first."""
        when = f"{at:%a %H:%M:%S}" if at else ""
        first, *rest = text.splitlines()
        margin = " " * (TIME + WHO)
        for lead, words in ((f"{when:<{TIME}}{who:<{WHO}}", first), *((margin, more) for more in rest)):
            self._out("\n".join(textwrap.wrap(words, WIDTH, initial_indent=lead, subsequent_indent=margin)))

    def message(self, who, said, keep=lambda line: True):
        """A message as people read it, or those of its lines that `keep` wants."""
        lines = [line for line in self.words(said).splitlines() if keep(line)]
        if not lines:
            raise Missing(f"{who}: words in {said.text!r}")
        self.line(who, "\n".join(lines), moment(said.ts) if len(said.revisions) == 1 else None)

    def words(self, said):
        """A message without its markup: its blocks, or its text where it has none."""
        shown = shapes.message(said) | {"thread_ts": said.ts}
        return "\n".join(line.strip().replace("*", "") for line in render.message(shown, self._names())[1:])

    def plain(self, text):
        return self._names().plain(text).replace("*", "")

    def name(self, user):
        return self.sandbox.slack.workspace.users[user].real_name

    def _names(self):
        workspace = self.sandbox.slack.workspace
        channels = [{"id": channel.id, "name": channel.name} for channel in workspace.channels.values()]
        return _Names({user.id: user.real_name for user in workspace.users.values()}, channels)


class _Names(render.Names):
    """A link is its label: addresses say nothing to a reader."""

    def plain(self, text):
        return super().plain(sub(r"<https?:[^|>]*\|([^>]*)>", r"\1", text))


def moment(value):
    """The time of a message's ts, an ISO 8601 text or a mail's date."""
    if value.replace(".", "").isdecimal():
        return datetime.fromtimestamp(float(value), UTC)
    return parsedate_to_datetime(value) if value[0].isalpha() else datetime.fromisoformat(value)


def text_of(html):
    """HTML as one line of words."""
    return unescape(sub(r"\s+", " ", sub(r"<[^>]+>", " ", html))).strip()
