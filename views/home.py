"""The Home tab: who is on call, my shifts, what is open and mine, what is due, and the two buttons that matter."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.desk import ACKNOWLEDGE, POSTMORTEM, Desk, Due, Turn
from domain.incidents import Incident
from views import actions
from views.blocks import Block, View, button, context, divider, header, home, row, section
from views.markup import Mrkdwn, joined, one_line, person, room, said, short
from views.on_call import Duty, duty_line
from views.times import duration, slack_date

MINE_MOST, OTHERS_MOST, DUE_MOST, MORE_MOST = 15, 15, 10, 30
TITLE_MOST = 150
EXPECTED = {
    ACKNOWLEDGE: "acknowledge it",
    POSTMORTEM: "write the postmortem",
    "internal_update_due": "tell the room how it stands",
    "public_update_due": "tell the public how it stands",
}


def tab(
    desk: Desk,
    duties: Sequence[Duty],
    people: dict[str, str],
    now: datetime,
    more: Iterable[Block] = (),
) -> View:
    """`people` maps keys of config.yaml to Slack ids; `more` are the blocks of what others know to be this person's."""
    return home(
        row(
            button("Declare an incident", actions.DECLARE_OPEN, "home", "danger"),
            button("Test my page", actions.TEST_PAGE, "home"),
        ),
        *_on_call(duties, people, desk.turns),
        *_open(desk, now),
        *_due(desk.due, now),
        *list(more)[:MORE_MOST],
        divider(),
        context(said("As of {at}. Open this tab again for what happened since.", at=slack_date(now))),
    )


def closed(why: str) -> View:
    """For guests and people of other workspaces: a sentence, and nothing of what goes on here."""
    return home(section(why))


def _on_call(duties: Sequence[Duty], people: dict[str, str], turns: Sequence[Turn]) -> list[Block]:
    lines = [duty_line(each, people) for each in duties[:20]]
    nobody = said("There is no schedule. Whoever runs Muster can add `schedules` to config.yaml.")
    mine = [line for turn in turns[:20] for line in _turn(turn)]
    return [
        header("On call"),
        section(joined("\n", lines) or nobody),
        section(joined("\n", mine) or said("You have no shift in the next 8 weeks.")),
    ]


def _turn(turn: Turn) -> list[Mrkdwn]:
    now, following = turn.now, turn.following
    lines = []
    if now:
        until = said("until {at}", at=slack_date(now.until)) if now.until else said("with no change in sight")
        lines.append(said("*You are on call* on *{schedule}*, {until}.", schedule=_name(turn), until=until))
    if following and following.since and following.until:
        begin, end = slack_date(following.since), slack_date(following.until)
        told = said("Your next shift on *{schedule}*: {begin} to {end}.", schedule=_name(turn), begin=begin, end=end)
        lines.append(told)
    return lines


def _open(desk: Desk, now: datetime) -> list[Block]:
    """Mine first, each with the button that is needed next."""
    if not desk.mine and not desk.others:
        return [header("Open incidents"), section(said("No incident is open."))]
    mine = [_incident(each, desk, now, mine=True) for each in desk.mine[:MINE_MOST]]
    others = [_incident(each, desk, now, mine=False) for each in desk.others[:OTHERS_MOST]]
    left = len(desk.mine) + len(desk.others) - len(mine) - len(others)
    rest = context(said("and {n} more: `/incident list` shows them all", n=left)) if left else None
    between = context(said("Of others")) if mine and others else None
    return [each for each in (header("Open incidents"), *mine, between, *others, rest) if each]


def _incident(incident: Incident, desk: Desk, now: datetime, mine: bool) -> Block:
    channel = desk.rooms.get(incident.number, "")
    lock = "🔒 " if incident.private else ""
    what = said("{lock}*{key}* {title}", lock=lock, key=incident.key, title=short(incident.title, TITLE_MOST))
    led = said("IC {commander}", commander=person(incident.commander)) if incident.commander else None
    parts = [
        one_line(incident.severity),
        incident.status if incident.acknowledged_at else said("*not acknowledged*"),
        led,
        duration(now - incident.detected_at),
        room(channel) if channel else None,
    ]
    return section(joined("\n", [what, joined(" · ", parts)]), _next(incident, mine))


def _next(incident: Incident, mine: bool) -> Block:
    number = str(incident.number)
    if incident.acknowledged_at is None:
        return button("Acknowledge", actions.ACKNOWLEDGE, number, "primary")
    return button("Add update", actions.ADD_UPDATE, number) if mine else button("Join", actions.JOIN, number)


def _due(found: Sequence[Due], now: datetime) -> list[Block]:
    """A section that appears when something is due."""
    if not found:
        return []
    lines = [_expected(each, now) for each in found[:DUE_MOST]]
    return [header("Due from you"), section(joined("\n", lines))]


def _expected(due: Due, now: datetime) -> Mrkdwn:
    late = said("*overdue since*") if due.at and due.at < now else said("by")
    when = joined(" ", [late, slack_date(due.at)]) if due.at else None
    title = short(due.incident.title, TITLE_MOST)
    what = said("• *{key}* {title}: {what}", key=due.incident.key, title=title, what=EXPECTED.get(due.what, due.what))
    return joined(" ", [what, when])


def _name(turn: Turn) -> str:
    return short(one_line(turn.schedule), 80)
