"""A checklist as people see it: what is done, by whom and when. It decides nothing."""

from collections.abc import Sequence

from domain.checklists import Checklist, mark
from domain.record import Record
from domain.ticks import Tick, ticks
from views import actions
from views.answers import Answer, answer
from views.blocks import Block, Message, box, checkboxes, context, message, option, row, section, select
from views.markup import Mrkdwn, joined, one_line, person, room, said, typed
from views.times import slack_day

HOW = "Tick what is done. Untick to take it back."
NONE = "There is no checklist. Whoever runs Muster can add `checklists` to config.yaml."


def posted(record: Record, checklist: Checklist) -> Message:
    """The message in the room."""
    text, blocks = _shown(record, checklist)
    return message(text, *blocks)


def alone(record: Record, checklist: Checklist) -> Answer:
    """The same for one person, where there is no room."""
    text, blocks = _shown(record, checklist)
    return answer(text, *blocks)


def posted_in_room(record: Record, checklist: Checklist) -> Answer:
    """Said to whoever asked for it."""
    channel = record.ref("channel")
    where = room(channel.value) if channel else said("the war room")
    return answer(said("*{name}* is posted in {where}.", name=one_line(checklist.name), where=where))


def picker(record: Record, checklists: Sequence[Checklist]) -> Answer:
    """Which one; how far each is stands beside it."""
    if not checklists:
        return answer(typed(NONE))
    key = record.incident.key
    asked = said("Which checklist for {key}? Choose, or name it: `/incident checklist …`", key=key)
    choices = [option(each.name, each.id, _progress(record, each)) for each in checklists]
    menu = select("Choose a checklist", actions.pick_checklist(record.incident.number), choices)
    return answer(asked, section(asked), row(menu))


def _shown(record: Record, checklist: Checklist) -> tuple[Mrkdwn, tuple[Block | None, ...]]:
    done = ticks(record, checklist.id)
    boxes = [box(item, mark(item), _below(done.get(item))) for item in checklist.items]
    ticked = [each for each, item in zip(boxes, checklist.items, strict=True) if item in done]
    marks = [mark(item) for item in checklist.items if item in done]
    named = actions.boxes_id(record.incident.number, checklist.id, marks)
    head = said("*{name}* – {progress}", name=one_line(checklist.name), progress=_progress(record, checklist))
    text = joined("\n", [head, *(_line(item, done.get(item)) for item in checklist.items)])
    # The last block carries Muster's own mark, and these boxes need an id of theirs.
    return text, (section(head), row(checkboxes(actions.TICK, boxes, ticked), block_id=named), context(HOW))


def _progress(record: Record, checklist: Checklist) -> str:
    done = ticks(record, checklist.id)
    return f"{sum(item in done for item in checklist.items)} of {len(checklist.items)} done"


def _line(item: str, tick: Tick | None) -> Mrkdwn:
    return said("☑ {item} ({who})", item=item, who=_below(tick)) if tick else said("☐ {item}", item=item)


def _below(tick: Tick | None) -> Mrkdwn | None:
    if tick is None:
        return None
    return joined(" ", [person(tick.by), slack_day(tick.at) if tick.at else None])
