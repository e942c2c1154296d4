"""Whom config.yaml gives each permission to. What a permission is needed for it does not know."""

import re
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator

from domain.fields import Section, Text
from domain.people import is_slack_id

ANYONE, COMMANDER, RESPONDER = "anyone", "commander", "responder"
ROLES = (COMMANDER, RESPONDER)
GROUP_ID = re.compile(r"S[A-Z0-9]{3,}")

LOOK = "look"
"""Ask, and change nothing: whoever may speak to Muster at all."""

DECLARE, RESPOND, SEVERITY, PAGE = "declare", "respond", "severity", "page"
PUBLISH, CLOSE, OVERRIDE, SEE_PRIVATE = "publish", "close", "override", "see_private"


def _grantee(value: str) -> str:
    if value in (ANYONE, *ROLES) or is_slack_id(value) or GROUP_ID.fullmatch(value):
        return value
    raise ValueError(
        f"{value!r} is nobody; write anyone, commander, responder, a member's id (U0123456789) or a user group's "
        "(S0123456789)"
    )


def _without_roles(value: str) -> str:
    if value in ROLES:
        raise ValueError(f"{value!r} is a role in an incident, and this is about none; write anyone, or ids")
    return value


Grantee = Annotated[Text, AfterValidator(_grantee)]
Outsider = Annotated[Grantee, AfterValidator(_without_roles)]


class Permissions(Section):
    """Whom each permission is given to. `anyone` is every full member of the workspace."""

    declare: tuple[Outsider, ...] = (ANYONE,)
    respond: tuple[Grantee, ...] = (ANYONE,)
    severity: tuple[Grantee, ...] = (ANYONE,)
    page: tuple[Grantee, ...] = (ANYONE,)
    publish: tuple[Grantee, ...] = (COMMANDER, RESPONDER)
    close: tuple[Grantee, ...] = (ANYONE,)
    override: tuple[Outsider, ...] = (ANYONE,)
    see_private: tuple[Outsider, ...] = ()

    def of(self, permission: str) -> tuple[str, ...]:
        """Whom a permission is given to. To look at things takes no more than to be a member."""
        return tuple(getattr(self, permission, (ANYONE,)))

    @cached_property
    def everybody(self) -> frozenset[str]:
        """All that any permission names."""
        return frozenset(each for _, given in self for each in given)

    @cached_property
    def groups(self) -> frozenset[str]:
        """The user groups among them."""
        return frozenset(filter(GROUP_ID.fullmatch, self.everybody))
