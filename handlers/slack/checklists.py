"""What `checklist` and its boxes do and how they are answered."""

from collections.abc import Collection

from domain import ticks
from domain.checklists import mark
from domain.errors import Refused
from domain.grammar import Checklist
from domain.policy import Policy
from handlers.slack.answering import Answer
from service.incidents import Incidents
from views import actions
from views import checklists as words

CHANGED = "This checklist is no longer in config.yaml. `/incident checklist` shows those there are."


class ChecklistVerbs:
    """A checklist stands in the war room; where there is none, in front of whoever asked."""

    def __init__(self, incidents: Incidents, policy: Policy) -> None:
        self._incidents = incidents
        self._policy = policy

    async def post(self, command: Checklist, by: str, key: str) -> Answer:
        """By name, or the only one for the incident's severity; else a picker. Raises Refused."""
        assert command.number is not None  # noqa: S101 - without one a picker has asked
        record = await self._incidents.record(command.number)
        known = [each for each in self._policy.checklists if each.is_for(record.incident.severity)]
        if not command.text and len(known) != 1:
            return words.picker(record, known or self._policy.checklists)
        wanted = ticks.named(self._policy, command.text) if command.text else known[0]
        if not ticks.has_room(record):
            return words.alone(record, wanted)
        await self._incidents.post_checklist(command.number, by, wanted, key)
        return words.posted_in_room(record, wanted)

    async def tick(self, block_id: str, boxes: Collection[str], by: str, key: str) -> Answer:
        """What a click on a box says; the answer shows the list as it is now. Raises Refused."""
        number, id, marks = actions.read_boxes(block_id)
        wanted = next((each for each in self._policy.checklists if each.id == id), None)
        if wanted is None:
            raise Refused(CHANGED)
        ticked = [item for item in wanted.items if mark(item) in boxes]
        seen = [item for item in wanted.items if mark(item) in marks]
        await self._incidents.tick(number, by, wanted, ticked, seen, key)
        return words.alone(await self._incidents.record(number), wanted)
