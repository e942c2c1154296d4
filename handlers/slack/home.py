"""The Home tab: shown when it is opened, and anew after what its owner does from it."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from domain import speaker
from domain.errors import Refused, Unavailable
from domain.grants import DECLARE
from domain.policy import Policy
from handlers.slack.answering import Body, Listener
from handlers.slack.declaring import declare_view
from handlers.slack.family import Family, Hearing, Outcome, opened, said_by
from service.clock import Clock
from service.doors import Doors, must_enter, must_hope
from service.home import Homes
from service.incidents import Incidents
from service.on_call import OnCall
from service.ports import Replies
from service.trials import Trials
from views import actions, modals
from views import home as words
from views.blocks import Block
from views.trials import begun

log = logging.getLogger("muster.home")

More = Callable[[str], Awaitable[Sequence[Block]]]
"""What others know to be somebody's, such as their action items: blocks for the tab, none where there is nothing."""


class HomeTab(Family):
    """One tab a person. It is never asked for again by itself: Slack says when somebody opens it."""

    def __init__(
        self,
        homes: Homes,
        on_call: OnCall,
        incidents: Incidents,
        trials: Trials,
        doors: Doors,
        replies: Replies,
        policy: Policy,
        clock: Clock,
        more: Sequence[More] = (),
    ) -> None:
        self._homes = homes
        self._on_call = on_call
        self._incidents = incidents
        self._trials = trials
        self._doors = doors
        self._replies = replies
        self._policy = policy
        self._clock = clock
        self._more = more
        self._one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._filling_in: set[str] = set()
        self._showing: set[asyncio.Task[None]] = set()

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {actions.DECLARE_OPEN: self._declare, actions.TEST_PAGE: self._test_page}

    def hearings(self) -> Mapping[str, Hearing]:
        return {"app_home_opened": self._opened}

    def answered(self, body: Body) -> None:
        """What was pressed here, and a form that was opened from here, may have changed what stands here."""
        who = body["user"]["id"] if isinstance(body.get("user"), dict) else ""
        here = (body.get("view") or {}).get("type") == "home"
        if here:
            self._filling_in.add(who)
        if here or (body.get("type") == "view_submission" and who in self._filling_in):
            self._filling_in -= set() if here else {who}
            task = asyncio.create_task(self._show(who))
            self._showing.add(task)
            task.add_done_callback(self._showing.discard)

    async def _opened(self, event: Body, body: Body) -> None:
        """There is time to learn who it is: nothing hangs on a tab."""
        if event.get("tab", "home") == "home":
            await self._doors.learn(event["user"])
            await self._doors.enter(event["user"], speaker.HOME)
            await self._show(event["user"])

    async def _show(self, who: str) -> None:
        async with self._one_at_a_time[who]:
            try:
                view = await self._view(who)
            except Unavailable as error:
                log.warning("a Home tab stays as it is: the database does not answer: %s", error)
            else:
                await self._replies.show_home(who, view)

    async def _view(self, who: str) -> Mapping[str, Any]:
        try:
            must_enter(self._policy)
        except Refused as refused:
            return words.closed(refused.text)
        desk, duties = await self._homes.desk(who), await self._on_call.duties()
        more = [block for each in self._more for block in await each(who)]
        return words.tab(desk, duties, self._policy.slack_ids, self._clock.now(), more)

    async def _declare(self, body: Body) -> Outcome:
        must_hope(self._policy, DECLARE)
        said = said_by(body, "button")
        empty = modals.Declared("", None, (), "", False)
        view = await declare_view(self._incidents, self._policy, empty, said, asking=True)
        return await opened(self._replies, view, said)

    async def _test_page(self, body: Body) -> Outcome:
        said = said_by(body, "button")
        return begun(await self._trials.begin(said.by, said.key))
