"""What people put on record by hand: notes, messages that are kept, drafts, corrections. Nothing that stands there is
ever changed: a correction is an entry of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from domain import room
from domain.decision import Decision, Effect, Entry
from domain.errors import Refused
from domain.policy import Policy
from domain.publishing import must_be_for_the_public
from domain.record import Record
from domain.ticks import has_room

NOTE, MESSAGE, DRAFT, CORRECTION, WITHDRAWN = "note", "message", "draft", "correction", "withdrawn"
ACTION = "action"
CORRECTABLE = (NOTE, MESSAGE, "update", "status", "mitigation", "resolution")
CONFIRMED = "white_check_mark"
"""What Muster reacts with once a reaction has done its work."""

LATE_AFTER = timedelta(minutes=5)
"""Whoever joins sooner has missed nothing yet."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote in Slack, in plain words. `ts` is its name and its time; `author` a Slack id, or a name where
    no person wrote it; `reactions` says who reacted with what."""

    channel: str
    ts: str
    author: str
    text: str
    permalink: str = ""
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """When it was written."""
        return datetime.fromtimestamp(float(self.ts), UTC)

    @property
    def source(self) -> str:
        """Its name among all channels."""
        return f"{self.channel}:{self.ts}"


def note(record: Record, by: str, text: str) -> Decision:
    """For the timeline and whoever reads the room's thread: no announcement tells it."""
    if not text:
        raise Refused("What should be noted? `/incident note the replica was 20 minutes behind`.")
    return Decision(record.incident, (Entry(NOTE, by, {"text": text}),), in_thread(record, "note", by=by, text=text))


def keep(record: Record, by: str, message: Message) -> Decision:
    """The message stands in the timeline at the time it was written. One that stands there already changes nothing."""
    if kept(record, MESSAGE, message.source):
        return Decision(record.incident)
    return Decision(record.incident, (entry_of(message, by),), confirm(record, message.source))


def entry_of(message: Message, by: str) -> Entry:
    """The message as an entry, at the time it was written."""
    return Entry(MESSAGE, by, _about(message), at=message.at, permalink=message.permalink or None)


def draft(record: Record, policy: Policy, by: str, message: Message) -> Decision:
    """The message may become an update for the public: it is shown as it would be, and goes nowhere."""
    must_be_for_the_public(record, policy)
    if kept(record, DRAFT, message.source):
        return Decision(record.incident)
    said = {**_about(message), "said_at": message.at.isoformat()}
    entry = Entry(DRAFT, by, said, permalink=message.permalink or None)
    shown = (room.say("draft", by=by, source=message.source, body=message.text),) if has_room(record) else ()
    return Decision(record.incident, (entry,), (*shown, *confirm(record, message.source)))


def kept(record: Record, kind: str, source: str) -> Entry | None:
    """The entry of this kind that a message has, unless it was taken back."""
    back = {entry.corrects for entry in record.entries(WITHDRAWN)}
    theirs = (entry for entry in record.entries(kind) if entry.data.get("source") == source and entry.id not in back)
    return next(theirs, None)


def withdraw(record: Record, by: str, kind: str, source: str) -> Decision:
    """The reaction was taken off. What it did stays on record, and that it was taken back."""
    entry = kept(record, kind, source)
    if entry is None:
        return Decision(record.incident)
    about = {"what": kind, "text": text_of(record, entry), "source": source}
    back = Entry(WITHDRAWN, by, about, corrects=entry.id)
    return Decision(record.incident, (back,), unconfirm(record, source, kind))


def correct(record: Record, policy: Policy, by: str, id: int, text: str) -> Decision:
    """What should have been written. Where people read the newest, they read this."""
    entry = next((each for each in correctable(record) if each.id == id), None)
    if entry is None:
        raise Refused("That entry cannot be corrected. `/incident correct` shows those that can.")
    before = text_of(record, entry)
    if not text or text == before:
        raise Refused("Write what it should say instead.")
    incident = record.incident
    if entry.kind == "resolution" and incident.resolution == before:
        incident = replace(incident, resolution=text)
    correction = Entry(CORRECTION, by, {"text": text, "before": before, "after": text}, corrects=id)
    told = in_thread(record, "correction", by=by, text=text, before=before)
    shown = () if entry.kind in (NOTE, MESSAGE) else room.show(incident, policy)
    return Decision(incident, (correction,), (*told, *shown))


def correctable(record: Record) -> tuple[Entry, ...]:
    """What somebody has written and nobody has taken back, oldest first."""
    back = {entry.corrects for entry in record.entries(WITHDRAWN)}
    return tuple(e for e in record.entries(*CORRECTABLE) if e.data.get("text") and e.id not in back)


def text_of(record: Record, entry: Entry) -> str:
    """What an entry says after its corrections."""
    newest = [each for each in record.entries(CORRECTION) if each.corrects == entry.id and entry.id]
    return str((newest[-1] if newest else entry).data.get("text") or "")


def as_corrected(record: Record, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries as they read today; those that were taken back are left out."""
    back = {entry.corrects for entry in record.entries(WITHDRAWN)}
    standing = (entry for entry in entries if not entry.id or entry.id not in back)
    return tuple(replace(each, data={**each.data, "text": text_of(record, each)}) for each in standing)


def is_late(record: Record, who: str, now: datetime) -> bool:
    """Whether somebody who comes into the room now has missed what they may want to be told."""
    incident = record.incident
    return incident.open and incident.reporter != who and now - incident.detected_at >= LATE_AFTER


def in_thread(record: Record, say: str, **data: object) -> tuple[Effect, ...]:
    """Said under the room's card, where it disturbs nobody; nothing where there is no room."""
    return (room.reply(say, **data),) if has_room(record) else ()


def confirm(record: Record, source: str, on: bool = True) -> tuple[Effect, ...]:
    """Muster's own reaction to a message of the room, or its end. Elsewhere it may not be able to."""
    channel, _, ts = source.partition(":")
    if channel not in {ref.value for ref in record.refs if ref.kind == "channel"} or not has_room(record):
        return ()
    about = {"channel": channel, "ts": ts, "name": CONFIRMED, "on": on}
    return (Effect("slack", "react", f"message:{source}", about),)


def unconfirm(record: Record, source: str, ended: str) -> tuple[Effect, ...]:
    """The check mark goes with the last of what a message was used for; `ended` is what ends now."""
    steps = [str(e.data.get("step")) for e in record.entries(ACTION) if e.data.get("source") == source]
    standing = {kind for kind in (MESSAGE, DRAFT) if kept(record, kind, source)}
    standing |= {ACTION} if steps and steps[-1] != WITHDRAWN else set()
    return () if standing - {ended} else confirm(record, source, on=False)


def _about(message: Message) -> dict[str, object]:
    return {"text": message.text, "people": [message.author], "source": message.source}
