"""What checklists there are, as config.yaml writes them. What is ticked it does not know."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.fields import KeyName, Section, Text, keyed, known

DECLARE, ACKNOWLEDGE, MONITORING, RESOLVE, CLOSE = "declare", "acknowledge", "monitoring", "resolve", "close"
ITEM_MOST = 75
"""Characters of a choice in Slack."""

ITEMS_MOST = 10
"""Boxes in one group in Slack."""


def _item(text: str) -> str:
    if len(text) > ITEM_MOST:
        raise ValueError(f"has {len(text)} characters; {ITEM_MOST} are the most that Slack shows beside a box")
    return " ".join(text.split())


def _distinct(items: Sequence[str]) -> Sequence[str]:
    if len({item.casefold() for item in items}) < len(items):
        raise ValueError("names something twice; a tick would not say which")
    return items


def mark(item: str) -> str:
    """A short name of an item, the same as long as its words are."""
    return sha256(item.encode("utf-8", "surrogatepass")).hexdigest()[:6]


class Checklist(Section):
    """A list of things to see to. `id` is the key in config.yaml; `posted_at` says when it is posted by itself, in
    incidents of `severities` (none: of all); otherwise it comes when somebody asks for it."""

    id: Annotated[KeyName, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
    name: Annotated[Text, Field(max_length=60)]
    items: Annotated[
        tuple[Annotated[Text, AfterValidator(_item)], ...],
        Field(min_length=1, max_length=ITEMS_MOST),
        AfterValidator(_distinct),
    ]
    posted_at: tuple[Literal["declare", "acknowledge", "monitoring", "resolve", "close"], ...] = ()
    severities: tuple[Annotated[str, known("severities")], ...] = ()

    def is_for(self, severity: str) -> bool:
        """Whether incidents of this severity have it."""
        return not self.severities or severity in self.severities


Checklists = Annotated[dict[str, Checklist], keyed("id")]
