"""Decisions applied in memory, as storage applies them: for the tests of the rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain import alerts, decisions, fallback, ladder, notices, paging, reminders, sla
from domain.decision import Decision
from domain.errors import Refused
from domain.incidents import Incident
from domain.record import DELIVERED, WAITING, Owed, Record, Ref, Tenure
from tests.policies import policy

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
EVERY_VENDOR = policy()


class Ledger:
    """One incident's record, a clock, and what its timers would do."""

    def __init__(self, rules=EVERY_VENDOR):
        self.policy = rules
        self.now = START
        self.record = None
        self.last = None
        self.vendors_answer = True
        """Whether what is owed is delivered as time passes."""

    @staticmethod
    def blank(draft):
        """The record before anything is decided."""
        return Record(draft, "muster-1a2b3c4d-42")

    def declare(self, severity="SEV-1", respond_url="", **changes):
        draft = Incident("db down", severity, changes.pop("reporter", "U0001"), self.now, **changes)
        self.record = self.blank(draft)
        return self.apply(decisions.declare(draft, self.policy, self.now, respond_url))

    def do(self, verb, *words):
        """A verb of domain/decisions.py that takes (record, policy, by, …, now); the decision."""
        return self.apply(verb(self.record, self.policy, *words, self.now))

    def apply(self, decision: Decision):
        timeline = (*self.record.timeline, *(replace(each, at=each.at or self.now) for each in decision.entries))
        timers = [timer for timer in self.record.timers if timer.kind not in decision.cancel]
        owed = list(self.record.owed)
        for effect in decision.effects:
            same = (effect.kind, effect.target, WAITING)
            if not (effect.refresh and any((o.kind, o.target, o.state) == same for o in owed)):
                owed.append(
                    Owed(len(owed) + 1, 42, effect.lane, effect.kind, effect.target, self.now, self.now, effect.data)
                )
        self.record = replace(
            self.record,
            incident=replace(decision.incident, number=decision.incident.number or 42),
            timeline=timeline,
            owed=tuple(owed),
            timers=(*timers, *decision.timers),
            roles=self._seated(decision),
        )
        self.know(*alerts.kept(self.record.key, decision.effects))
        self.last = decision
        return decision

    def _seated(self, decision):
        """As storage/roles.py keeps it."""
        handed = {each.role: each.person for each in decision.roles} | {"commander": decision.incident.commander}
        by = {each.role: each.by for each in decision.roles}
        roles = []
        for each in self.record.roles:
            over = each.ended is None and each.role in handed and handed[each.role] != each.person
            roles.append(replace(each, ended=self.now) if over else each)
        held = {each.role: each.person for each in roles if each.ended is None}
        new = [(role, who) for role, who in handed.items() if who and held.get(role) != who]
        return (*roles, *(Tenure(role, who, self.now, None, by.get(role, who)) for role, who in new))

    def know(self, *refs: Ref):
        self.record = replace(self.record, refs=(*self.record.refs, *refs))

    def deliver(self):
        """All that is owed is done."""
        owed = self.record.owed
        done = [each if each.state == DELIVERED else replace(each, state=DELIVERED, attempts=1) for each in owed]
        self.record = replace(self.record, owed=tuple(done))

    def wait(self, **span):
        """Time passes, and each timer does its work when it is due."""
        until = self.now + timedelta(**span)
        while due := sorted((t for t in self.record.timers if t.due_at <= until), key=lambda timer: timer.due_at):
            if self.vendors_answer:
                self.deliver()
            self.now = max(self.now, due[0].due_at)
            self.fire(due[0])
        self.now = until

    def fire(self, timer):
        left = list(self.record.timers)
        left.remove(timer)
        self.record = replace(self.record, timers=tuple(left))
        level, round = timer.data.get("level", 0), timer.data.get("round", 1)
        match timer.kind:
            case "archive_channel":
                self.apply(decisions.archive_due(self.record))
            case "repeat_ladder":
                self.apply(ladder.repeat_ladder(self.record, self.policy, round, self.now))
            case "sla_warning":
                self.apply(sla.warning(self.record, self.policy, self.now))
            case "sla_breach":
                self.apply(sla.breach(self.record, self.policy, self.now))
            case kind if kind in reminders.KINDS:
                self.apply(reminders.due(self.record, self.policy, kind, self.now))
            case "notice":
                self.apply(notices.due(self.record, self.policy, timer.data, self.now))
            case "page_overdue":
                self.apply(fallback.page_overdue(self.record, self.policy, paging.step_of(timer.data), self.now))
            case kind:
                self.apply(getattr(ladder, kind)(self.record, self.policy, level, round, self.now))

    def refused(self, verb, *words):
        """The words of the refusal."""
        try:
            self.do(verb, *words)
        except Refused as refused:
            return refused.text
        raise AssertionError(f"{verb.__name__} was not refused")

    @property
    def rung(self):
        """(minutes since the start, kind, whom) of every ring, in order."""
        rings = (each for each in self.record.owed if each.kind in paging.RINGS)
        return [
            (int((each.due_at - START).total_seconds() // 60), each.kind, each.data.get("person", each.lane))
            for each in rings
        ]

    def waiting_timers(self):
        return {timer.kind for timer in self.record.timers}


def effects(decision, lane=None):
    """[(kind, target)] of what is owed."""
    return [(each.kind, each.target) for each in decision.effects if lane in (None, each.lane)]


def said(decision):
    """What the room is told, by name."""
    return [each.data["say"] for each in decision.effects if each.kind == "post"]
