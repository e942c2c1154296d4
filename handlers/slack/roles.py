"""What `role` and `roles` do and how they are answered, from command, button and menu."""

import re
from collections.abc import Mapping
from typing import Any

from domain import seats
from domain.duties import Role, role_and_person
from domain.errors import Refused
from domain.policy import Policy
from domain.role_grammar import Role as RoleCommand
from domain.role_grammar import Roles as RolesCommand
from handlers.slack.answering import Body, Listener
from handlers.slack.family import Deed, Family, Hearing, Outcome, Said, about_one, said_by, value_of
from service.roles import Roles
from views import actions, answers
from views import roles as words

LEAVING = ("leave", "none", "nobody")
CHANGED = "This role is no longer in config.yaml. `/incident roles` shows those there are."


class RoleVerbs(Family):
    """Who a person is meant by is decided here; who may have the role, by the rules."""

    def __init__(self, roles: Roles, policy: Policy) -> None:
        self._roles = roles
        self._policy = policy

    def deeds(self) -> Mapping[type, Deed]:
        return {RoleCommand: self._role, RolesCommand: lambda command, said: self._board(command.number, said)}

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {
            actions.ROLES: about_one(self._board),
            re.compile(f"^{actions.TAKE_ROLE}"): self._take_pressed,
            re.compile(f"^{actions.LEAVE_ROLE}"): self._leave_pressed,
            re.compile(f"^{actions.GIVE_ROLE}"): self._chosen,
        }

    def hearings(self) -> Mapping[str, Hearing]:
        return {"member_left_channel": self._left}

    async def _role(self, command: RoleCommand, said: Said) -> Outcome:
        """Take it, leave it, or give it to whoever was named. Raises Refused."""
        assert command.number is not None  # noqa: S101 - without one a picker has asked
        if not command.text:
            return await self._board(command.number, said)
        role, who = role_and_person(self._policy.roles, command.text)
        if who.casefold() in LEAVING:
            return words.left(await self._roles.leave(command.number, role, said.by, said.key))
        to = seats.who_is(self._policy, who, said.by) if who else said.by
        if to == said.by:
            return words.taken(await self._roles.take(command.number, role, said.by, said.key), said.by)
        return words.given(await self._roles.give(command.number, role, to, said.by, said.key), to)

    async def _board(self, number: int, said: Said) -> Outcome:
        """Who has what."""
        return words.board(await self._roles.record(number), self._policy.roles, said.by)

    async def _take_pressed(self, body: Body) -> Outcome:
        number, seen = actions.read_role_value(value_of(body))
        role, said = self._known(actions.read_role(body["actions"][0]["action_id"])), said_by(body, "button")
        seat = await self._roles.take(number, role, said.by, said.key, seen)
        return await self._after(words.taken(seat, said.by), body)

    async def _leave_pressed(self, body: Body) -> Outcome:
        role, said = self._known(actions.read_role(body["actions"][0]["action_id"])), said_by(body, "button")
        seat = await self._roles.leave(actions.read_number(value_of(body)), role, said.by, said.key)
        return await self._after(words.left(seat), body)

    async def _chosen(self, body: Body) -> Outcome:
        """Somebody in a menu."""
        action, said = body["actions"][0], said_by(body, "button")
        number, name = actions.read_give_role(action["action_id"])
        to = str(action.get("selected_user") or "")
        if not to:
            raise Refused("Nobody was chosen: nothing was changed.")
        seat = await self._roles.give(number, self._known(name), to, said.by, said.key)
        return await self._after(words.given(seat, to), body)

    async def _after(self, answer: dict[str, Any], body: Body) -> Outcome:
        """What only one person sees is answered in its place; in the room the answer stands beside it."""
        return answers.in_place(answer) if (body.get("container") or {}).get("is_ephemeral") else answer

    def _known(self, id: str) -> Role:
        found = next((role for role in self._policy.roles if role.id == id), None)
        if found is None:
            raise Refused(CHANGED)
        return found

    async def _left(self, event: dict[str, Any], body: Body) -> None:
        """Whoever leaves the room, or the workspace, leaves what they were in it."""
        await self._roles.gone(str(event["channel"]), str(event["user"]), str(body.get("event_id") or ""))
