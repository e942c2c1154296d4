"""What `merge`, `duplicate`, `false-alarm` and `undo` do and how they are answered, from command, menu and button."""

import re
from collections.abc import Mapping

from domain.ending_grammar import Duplicate, FalseAlarm, Merge, Undo
from domain.incidents import DUPLICATE, MERGED, OPEN_STATUSES
from handlers.slack.answering import Body, Listener
from handlers.slack.family import Deed, Family, Outcome, Said, said_by, value_of
from service.incidents import Incidents
from views import actions, answers
from views import merging as words

OUTCOMES = {verb: outcome for outcome, verb in words.VERBS.items()}


class EndingVerbs(Family):
    """One method a verb. What joins two incidents is shown before it is done."""

    def __init__(self, incidents: Incidents) -> None:
        self._incidents = incidents

    def deeds(self) -> Mapping[type, Deed]:
        return {
            Merge: lambda command, said: self._choose(command.number, command.into, said, MERGED),
            Duplicate: lambda command, said: self._choose(command.number, command.into, said, DUPLICATE),
            FalseAlarm: self._false_alarm,
            Undo: self._undo,
        }

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {
            actions.MERGE: lambda body: self._join(body, MERGED),
            actions.END_DUPLICATE: lambda body: self._join(body, DUPLICATE),
            actions.KEEP_APART: self._keep_apart,
            re.compile(f"^{actions.PICK_INTO}"): self._picked,
            actions.UNDO: self._withdraw,
        }

    async def _choose(self, number: int, into: int | None, said: Said, outcome: str) -> Outcome:
        """What would happen; a picker where the other one is not named. Raises Refused."""
        if into is None:
            found = await self._incidents.listing(said.by, OPEN_STATUSES)
            record = await self._incidents.record(number)
            return words.picker(record.incident, found.incidents, outcome)
        return words.confirm(await self._incidents.outlook(number, into, said.by, outcome), outcome)

    async def _picked(self, body: Body) -> Outcome:
        action, said = body["actions"][0], said_by(body)
        verb, number = actions.read_pick_into(action["action_id"])
        await self._incidents.must_see(number, said.by)
        into = actions.read_number(action["selected_option"]["value"])
        return answers.in_place(await self._choose(number, into, said, OUTCOMES.get(verb, DUPLICATE)))

    async def _join(self, body: Body, outcome: str) -> Outcome:
        """Confirmed."""
        (number, into), said = actions.read_pair(value_of(body)), said_by(body, "button")
        await self._incidents.must_see(number, said.by)
        incident = await self._incidents.merge(number, into, said.by, outcome, said.key)
        return answers.in_place(words.ended(incident))

    async def _keep_apart(self, body: Body) -> Outcome:
        return answers.in_place(answers.plain("Nothing was changed."))

    async def _false_alarm(self, command: FalseAlarm, said: Said) -> Outcome:
        assert command.number is not None  # noqa: S101 - without one a picker has asked
        return words.ended(await self._incidents.false_alarm(command.number, said.by, command.text, said.key))

    async def _undo(self, command: Undo, said: Said) -> Outcome:
        if command.number is not None and command.number != said.room:
            await self._incidents.must_see(command.number, said.by)
        return words.undone(await self._incidents.undo(command.number, said.by, said.key))

    async def _withdraw(self, body: Body) -> Outcome:
        """The button beside a declaration, which only whoever declared it sees, or on the card, which stays."""
        said = said_by(body, "button")
        done = words.ended(await self._incidents.withdraw(actions.read_number(value_of(body)), said.by, said.key))
        return answers.in_place(done) if (body.get("container") or {}).get("is_ephemeral") else done
