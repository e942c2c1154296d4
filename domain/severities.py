"""What each severity means for paging, the room, the status page. The code names none: config.yaml holds them."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.durations import Duration
from domain.fields import CHANNEL_ID, WHERE_CHANNEL_IDS_ARE, GroupId, KeyName, Section, Text, keyed, known, spelled
from domain.working_hours import WorkingHours

INCIDENTS = "incidents"
"""In `announce`: the channel of slack.incidents_channel_id."""


def _announced_in(value: str) -> str:
    if value != INCIDENTS and not re.fullmatch(CHANNEL_ID, value):
        raise ValueError(f"{value!r} {WHERE_CHANNEL_IDS_ARE}; or write {INCIDENTS}")
    return value


class Notice(Section):
    """People who are told, not paged, how it stands when it has gone on for so long; None is at once."""

    after: Duration | None = None
    people: tuple[Annotated[str, known("people")], ...] = Field(min_length=1)
    if_public: bool = False


class Severity(Section):
    """One row of the policy. The order in config.yaml is the order of gravity, the gravest first."""

    name: Annotated[KeyName, Field(max_length=20, pattern=r"[A-Za-z0-9]")]
    label: Text
    means: Text
    triage: Annotated[Text, Field(max_length=75)] | None = None
    badge: Text = "⚪"
    page: bool = False
    tell: tuple[Annotated[str, known("people")], ...] = ()
    notices: tuple[Notice, ...] = ()
    escalation_policy: Annotated[str, known("escalation_policies")] | None = None
    acknowledge_within: Duration
    acknowledge_in_working_hours: bool = False
    call_after: Duration | None = None
    internal_update_every: Duration | None = None
    public_update_every: Duration | None = None
    stable_for: Duration | None = None
    roles: tuple[Annotated[str, known("organization.roles")], ...] = ()
    room: bool = True
    invite: tuple[GroupId, ...] = ()
    announce: tuple[Annotated[str, AfterValidator(_announced_in)], ...] = (INCIDENTS,)
    status_page: Annotated[Literal["auto", "ask", "off"], spelled(off="off")] = "off"
    component_status: Literal["operational", "degraded_performance", "partial_outage", "major_outage"] = "operational"
    public: Text = "problem"
    pager_severity: Literal["critical", "error", "warning", "info"] = "error"
    tracker_priority: Literal["urgent", "high", "medium", "low", "none"] = "none"
    postmortem: Annotated[Literal["required", "optional", "no"], spelled(off="no")] = "no"

    def acknowledge_due(self, detected_at: datetime, hours: WorkingHours, zone: str, share: float = 1.0) -> datetime:
        """Until when somebody should have acknowledged; with a `share`, when so much of that time is over."""
        within = self.acknowledge_within * share
        if self.acknowledge_in_working_hours:
            return hours.after(detected_at, within, zone)
        return detected_at + within

    def spellings(self) -> set[str]:
        """How people write it, without case, blanks and hyphens: SEV-1 -> sev1, s1."""
        whole = _plain(self.name)
        short = re.fullmatch(r"([a-z])[a-z]*([0-9]+)", whole)
        return {whole, "".join(short.groups())} if short else {whole}


def _unmistakable(severities: dict[str, Severity]) -> dict[str, Severity]:
    taken: dict[str, str] = {}
    for name, severity in severities.items():
        for spelling in severity.spellings():
            other = taken.setdefault(spelling, name)
            if other != name:
                raise ValueError(f"{spelling!r} could mean {other!r} or {name!r}; give them names that differ more")
    return severities


Severities = Annotated[dict[str, Severity], keyed("name"), Field(min_length=1), AfterValidator(_unmistakable)]


def rank(severities: Mapping[str, Severity], name: str) -> int:
    """The place of a severity in config.yaml, 0 the gravest; after all others when it is no longer there."""
    names = list(severities)
    return names.index(name) if name in names else len(names)


def _plain(text: str) -> str:
    """Only blanks and hyphens may differ: "s.1" or "1%" is a word of a title."""
    return re.sub(r"[\s\-_‐-―]", "", text).lower()
