"""While somebody fills in the form to declare: a severity is proposed, and what may be the same is shown."""

import json
import re
from collections.abc import Mapping
from typing import Any

from domain import triage
from domain.policy import Policy
from domain.recording import Message
from handlers.slack.answering import Body, Listener
from handlers.slack.family import Family, Outcome, Said, said_by, value_of
from service.incidents import Incidents, Listing
from service.ports import Replies
from views import actions, answers, modals
from views import triage as words


async def declare_view(
    incidents: Incidents,
    policy: Policy,
    wanted: modals.Declared,
    said: Said,
    asking: bool,
    answer: str | None = None,
    proposed: str | None = None,
    of: Message | None = None,
) -> dict[str, Any]:
    """The form with this filled in. `asking` how bad it is; `answer` was given to that, `proposed` stands in the menu
    for it; `of` is the message that it began with."""
    found = Listing((), {})
    if wanted.title or wanted.services:
        found = await incidents.alike(said.by, wanted.title, wanted.services)
    severities = [(each.name, each.label, each.means) for each in policy.severities]
    services = sorted(policy.service_names.items())
    severity = proposed or wanted.severity
    form = modals.declare(severities, services, wanted.title, severity, wanted.description, said.response_url, of)
    asked = triage.questions(policy.severities) if asking else ()
    return words.around(form, asked, found.incidents, found.rooms, answer, proposed)


class DeclareVerbs(Family):
    """The buttons and menus of the form itself."""

    def __init__(self, incidents: Incidents, replies: Replies, policy: Policy) -> None:
        self._incidents = incidents
        self._replies = replies
        self._policy = policy

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {**dict.fromkeys(words.ANSWERS, self._filled_in), actions.JOIN_INSTEAD: self._join}

    async def _filled_in(self, body: Body) -> Outcome:
        """The form as it is now: what was typed stays, what somebody chose stays."""
        view = body["view"]
        form = modals.read_declare(words.settled(view))
        answer = words.read_answer(view)
        proposed = triage.proposal(answer, form.severity, words.read_proposed(view))
        asking = words.asks(view)
        changed = await declare_view(self._incidents, self._policy, form, said_by(body), asking, answer, proposed)
        kept = json.loads(view.get("private_metadata") or "{}") | {"proposed": proposed}
        await self._replies.change_form(
            view["id"], view["hash"], changed | {"private_metadata": json.dumps(kept, ensure_ascii=False)}
        )
        return None

    async def _join(self, body: Body) -> Outcome:
        """Into the room of one that is open already, instead of a second one."""
        number, said = actions.read_number(value_of(body)), said_by(body, "button")
        await self._incidents.must_see(number, said.by)
        incident = await self._incidents.join(number, said.by, said.key)
        channel = (await self._incidents.record(number)).ref("channel")
        view = body["view"]
        done = words.joined_instead(incident, channel.value if channel else "")
        if await self._replies.change_form(view["id"], view["hash"], done):
            return None
        return answers.joining(incident)
