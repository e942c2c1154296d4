"""Who is on call, and who stands in, in words. Times are Slack's dates: each reader's own zone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from domain.overrides import Override
from domain.rotations import Shift
from views import actions, words
from views.answers import Answer, answer
from views.blocks import Block, button, row, section, sections
from views.markup import Mrkdwn, joined, one_line, person, said, short
from views.times import slack_date

SHOWN_MOST = 40


class Duty(Protocol):
    """A schedule as it is now."""

    @property
    def schedule(self) -> str: ...
    @property
    def now(self) -> Shift: ...
    @property
    def following(self) -> Shift | None: ...
    @property
    def override(self) -> Override | None: ...


class Rostered(Protocol):
    """What a pager's vendor says of its own schedules."""

    @property
    def lane(self) -> str: ...
    @property
    def watches(self) -> Sequence[Any]: ...
    @property
    def problem(self) -> str: ...


def on_call(duties: Sequence[Duty], people: Mapping[str, str], vendors: Sequence[Rostered] = ()) -> Answer:
    """One line a schedule: now, until when, next; then what the pagers' `vendors` say. `people` maps keys in
    config.yaml to Slack ids."""
    lines = [duty_line(duty, people) for duty in duties]
    lines = lines or [said("There is no schedule. Whoever runs Muster can add `schedules` to config.yaml.")]
    lines += [line for vendor in vendors for line in _rostered(vendor)]
    return answer(joined("\n", lines), *(sections(lines) if len(lines) > 1 else ()))


def stood_in(
    override: Override, older: Sequence[Override], instead_of: Sequence[str | None], people: Mapping[str, str]
) -> Answer:
    """What was understood, whose turn it would have been, and the way back."""
    others = [name for name in instead_of if name != override.person]
    instead = joined(", ", [person(name, people) for name in others if name])
    text = said(
        "{who} is on call on *{schedule}* from {begin} until {end}{instead}.",
        who=person(override.person, people),
        schedule=_name(override.schedule),
        begin=slack_date(override.begin),
        end=slack_date(override.end),
        instead=said(", instead of {people}", people=instead) if instead else None,
    )
    gap = said("Nobody would have been, for some of that time.") if None in others else None
    same = said("It would have been their turn anyway.") if not others else None
    lines = [joined(" ", [text, gap, same]), *(_covered(each, people) for each in older)]
    return answer(joined("\n", lines), *sections(lines), row(_undo(override)))


def cancelled(override: Override, done: bool, now: datetime, people: Mapping[str, str]) -> Answer:
    """What became of it."""
    what = said("Override {id} ({words})", id=override.id, words=_words(override, people))
    if not done:
        return answer(said("{what} is over or cancelled already: nothing changed.", what=what))
    if override.begin <= now:
        return answer(said("{what} ends now.", what=what))
    return answer(said("{what} is cancelled.", what=what))


def overrides(found: Sequence[Override], people: Mapping[str, str]) -> Answer:
    """Each with its number and its button."""
    if not found:
        return answer(said("Nobody stands in. `/incident override @ben 4h` puts somebody on call."))
    lines = [said("{id}: {words}", id=each.id, words=_words(each, people, by=True)) for each in found]
    more = len(found) - SHOWN_MOST
    rest = [said("and {n} more", n=more)] if more > 0 else []
    shown: list[Block] = [
        section(line, _undo(each)) for line, each in zip(lines[:SHOWN_MOST], found[:SHOWN_MOST], strict=True)
    ]
    return answer(joined("\n", [*lines[:SHOWN_MOST], *rest]), *shown, *sections(rest))


def duty_line(duty: Duty, people: Mapping[str, str]) -> Mrkdwn:
    """Who is on call on a schedule, until when, and who is next."""
    until, following = duty.now.until, duty.following
    then = said(", then {who}", who=_who(following, people)) if following else None
    further = said(" until {at}", at=slack_date(following.until)) if following and following.until else None
    return said(
        "*{schedule}*: {who}{stands_in}{until}{then}{further}",
        schedule=_name(duty.schedule),
        who=_who(duty.now, people),
        stands_in=said(" (override {id})", id=duty.override.id) if duty.override else None,
        until=said(" until {at}", at=slack_date(until)) if until else said(", with no change in sight"),
        then=then,
        further=further,
    )


def _who(shift: Shift, people: Mapping[str, str]) -> Mrkdwn:
    return person(shift.person, people) if shift.person else said("*nobody*")


def _covered(older: Override, people: Mapping[str, str]) -> Mrkdwn:
    return said(
        "Where it overlaps override {id} ({words}), the newer one wins.", id=older.id, words=_words(older, people)
    )


def _words(override: Override, people: Mapping[str, str], by: bool = False) -> Mrkdwn:
    return said(
        "{who} on *{schedule}*, {begin} to {end}{by}",
        who=person(override.person, people),
        schedule=_name(override.schedule),
        begin=slack_date(override.begin),
        end=slack_date(override.end),
        by=said(", by {by}", by=person(override.by)) if by and override.by else None,
    )


def _undo(override: Override) -> Block:
    return button("Undo", actions.CANCEL_OVERRIDE, str(override.id))


def _rostered(vendor: Rostered) -> Iterator[Mrkdwn]:
    name = words.lane(vendor.lane)
    if vendor.problem:
        yield said("{name} cannot be asked who is on call: {why}.", name=name, why=one_line(vendor.problem))
    elif not vendor.watches:
        yield said("{name}: *nobody* is on call.", name=name)
    for watch in vendor.watches[:SHOWN_MOST]:
        there = watch.on_call
        where = joined(", ", [one_line(each) for each in (there.policy, there.schedule) if each])
        yield said(
            "{name}{where} level {level}: {who}{until}",
            name=name,
            where=said(" *{where}*", where=where) if where else None,
            level=there.level,
            who=person(watch.who),
            until=said(" until {at}", at=slack_date(there.until)) if there.until else None,
        )
    if len(vendor.watches) > SHOWN_MOST:
        yield said("{name}: and {count} more.", name=name, count=len(vendor.watches) - SHOWN_MOST)


def _name(schedule: str) -> str:
    return short(one_line(schedule), 80)
