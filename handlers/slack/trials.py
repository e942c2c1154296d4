"""What `testpage` does and how it is answered."""

from collections.abc import Mapping

from domain.grammar import TestPage
from handlers.slack.family import Deed, Family, Outcome, Said
from service.trials import Trials
from views import trials as words


class TrialVerbs(Family):
    """A page to oneself."""

    def __init__(self, trials: Trials) -> None:
        self._trials = trials

    def deeds(self) -> Mapping[type, Deed]:
        return {TestPage: self._test_page}

    async def _test_page(self, command: TestPage, said: Said) -> Outcome:
        if command.status:
            return words.latest(await self._trials.latest())
        return words.begun(await self._trials.begin(said.by, said.key))
