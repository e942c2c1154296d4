"""What `checklist` and its boxes do and how they are answered."""

import re
from collections.abc import Collection, Mapping

from domain import ticks
from domain.checklists import mark
from domain.errors import Refused
from domain.grammar import Checklist
from domain.policy import Policy
from handlers.slack.answering import Answer, Body, Listener
from handlers.slack.family import Deed, Family, Outcome, Said, said_by
from service.incidents import Incidents
from views import actions, answers
from views import checklists as words

CHANGED = "This checklist is no longer in config.yaml. `/incident checklist` shows those there are."


class ChecklistVerbs(Family):
    """A checklist stands in the war room; where there is none, in front of whoever asked."""

    def __init__(self, incidents: Incidents, policy: Policy) -> None:
        self._incidents = incidents
        self._policy = policy

    def deeds(self) -> Mapping[type, Deed]:
        return {Checklist: self._post}

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {re.compile(f"^{actions.PICK_CHECKLIST}"): self._picked, actions.TICK: self._tick}

    async def _post(self, command: Checklist, said: Said) -> Outcome:
        """By name, or the only one for the incident's severity; else a picker. Raises Refused."""
        assert command.number is not None  # noqa: S101 - without one a picker has asked
        record = await self._incidents.record(command.number)
        known = [each for each in self._policy.checklists if each.is_for(record.incident.severity)]
        if not command.text and len(known) != 1:
            return words.picker(record, known or self._policy.checklists)
        wanted = ticks.named(self._policy, command.text) if command.text else known[0]
        if not ticks.has_room(record):
            return words.alone(record, wanted)
        await self._incidents.post_checklist(command.number, said.by, wanted, said.key)
        return words.posted_in_room(record, wanted)

    async def _picked(self, body: Body) -> Outcome:
        action = body["actions"][0]
        number, id = actions.read_picked_for(action["action_id"]), action["selected_option"]["value"]
        return answers.in_place(await self._post(Checklist(number, id), said_by(body)))

    async def _tick(self, body: Body) -> Outcome:
        """In the room the message itself is edited; what only one person sees is answered in its place."""
        action, said = body["actions"][0], said_by(body)
        boxes = [option["value"] for option in action.get("selected_options") or ()]
        now = await self._ticked(action.get("block_id", ""), boxes, said)
        return answers.in_place(now) if (body.get("container") or {}).get("is_ephemeral") else None

    async def _ticked(self, block_id: str, boxes: Collection[str], said: Said) -> Answer:
        """What a click on a box says; the answer shows the list as it is now. Raises Refused."""
        number, id, marks = actions.read_boxes(block_id)
        wanted = next((each for each in self._policy.checklists if each.id == id), None)
        if wanted is None:
            raise Refused(CHANGED)
        ticked = [item for item in wanted.items if mark(item) in boxes]
        seen = [item for item in wanted.items if mark(item) in marks]
        await self._incidents.tick(number, said.by, wanted, ticked, seen, said.key)
        return words.alone(await self._incidents.record(number), wanted)
