"""What roles there are in an incident, as config.yaml writes them. Who has one it does not know."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from domain.errors import Refused
from domain.fields import KeyName, Section, Text, keyed
from domain.nearest import hint
from domain.words import short

COMMANDER = "commander"

ROLES_MOST = 10
"""More than this nobody hands out while something burns."""

DELIVERED = {
    COMMANDER: {
        "name": "Incident commander",
        "does": "You lead: you decide what is done next and by whom, keep severity and status true, and see that "
        "updates go out. You repair nothing yourself. Hand over before you leave: "
        "`/incident role commander @somebody`.",
    },
    "tech": {
        "name": "Technical lead",
        "does": "You direct the repair: who looks where, what is tried and what is rolled back. Tell the commander "
        "before something is changed, and say in the room what it did.",
    },
    "comms": {
        "name": "Communications",
        "does": "You tell everybody who is not in the room: updates in time, the status page, support and management. "
        "Write what customers notice and when they hear from you again.",
    },
    "scribe": {
        "name": "Scribe",
        "does": "You write down what is seen, decided and done, and when: `/incident note`. Whoever comes late, and "
        "the postmortem, will read it.",
    },
}
"""Where config.yaml has no roles."""


class Role(Section):
    """Something that one person does in an incident. `id` is the key in config.yaml, and what people type."""

    id: Annotated[KeyName, Field(max_length=20, pattern=r"^[a-z][a-z0-9_-]*$")]
    name: Annotated[Text, Field(max_length=40)]
    does: Annotated[Text, Field(max_length=600)]


def _with_commander(roles: Any) -> Any:
    """Somebody always leads: what config.yaml leaves out is as delivered."""
    if roles is None:
        return DELIVERED
    return {COMMANDER: DELIVERED[COMMANDER], **roles} if isinstance(roles, dict) else roles


Roles = Annotated[dict[str, Role], keyed("id"), BeforeValidator(_with_commander), Field(max_length=ROLES_MOST)]


def _initials(roles: Sequence[Role]) -> dict[str, Role]:
    """By `ic`, as the topic of the room calls its incident commander; what several would have is nobody's."""
    words = [(role, role.name.casefold().split()) for role in roles]
    found = [("".join(word[0] for word in name), role) for role, name in words if name[1:]]
    taken = Counter(initials for initials, _ in found)
    return {initials: role for initials, role in found if taken[initials] == 1}


def role_and_person(roles: Sequence[Role], typed: str) -> tuple[Role, str]:
    """The role that somebody typed, by its key, its name or its initials, and what follows it: whom it is for. Raises
    Refused with the roles there are."""
    known = _initials(roles)
    known |= {name: role for role in roles for name in (role.name.casefold(), role.id)}
    said = re.sub(r":(?=\S)", ": ", typed).split()
    for length in range(len(said), 0, -1):
        name = " ".join(said[:length]).casefold()
        role = known.get(name) or known.get(name.rstrip(": "))
        if role:
            rest = said[length:]
            return role, " ".join(rest[1:] if rest[:1] in (["to"], ["="]) else rest)
    ids = [role.id for role in roles]
    first = said[0] if said else ""
    raise Refused(f"There is no role `{short(first)}`. {hint(first.casefold(), ids)}There are: {', '.join(ids)}.")
