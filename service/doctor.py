"""Looks at everything that Muster rests on, side by side. It changes nothing; domain/doctor.py judges what is seen."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import chain

from domain import doctor
from domain.doctor import ILL, UNASKED, WELL, Books, Introduction, Listener, Sign
from domain.errors import Permanent, Temporary, Unavailable
from domain.people import Person
from domain.reach import NOT_CHECKED
from domain.settings import Settings
from service.clock import Clock
from service.ports import Credentials, Host, Workspace
from storage import migrate
from storage.db import Store, file_of

WITHIN_S = 5.0
HELLO_WITHIN_S = 10.0
TO_THE_SECOND = timedelta(seconds=1)
"""Dates in HTTP leave out the fraction."""

Look = Callable[[], Awaitable[Iterable[Sign]]]


class Doctor:
    """`wanted` are the manifest's scopes with their reasons; `workspace` is None without a bot token; `vendors` gives
    the credentials of those that can be proved by a read; `home` says whether the manifest has App Home (None: unread).
    For one examination."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        wanted: Mapping[str, str],
        workspace: Workspace | None,
        host: Host,
        vendors: Mapping[str, Credentials],
        home: bool | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._wanted = wanted
        self._workspace = workspace
        self._host = host
        self._vendors = vendors
        self._home = home

    async def examine(self) -> tuple[Sign, ...]:
        """Every sign, in the order in which people set Muster up. Bounded; a look that fails is a sign itself."""
        slack = _Slack(self._settings, self._clock, self._wanted, self._workspace) if self._workspace else None
        listener = asyncio.ensure_future(self._host.listener(self._settings.http.host, self._settings.http.port))
        looks = [
            *(slack.looks(listener) if slack else [_no_token]),
            self._app_home,
            _bounded("database", self._database),
            _bounded("disk", self._disk),
            _bounded(f"port {self._settings.http.host}:{self._settings.http.port}", lambda: self._port(listener)),
            self._public_url,
            *(_bounded(name, self._vendor(name)) for name, _ in self._settings.integrations),
        ]
        found = await asyncio.gather(*(look() for look in looks))
        return (*doctor.variables(self._settings), *chain.from_iterable(found))

    async def _app_home(self) -> list[Sign]:
        return [doctor.home(self._home)]

    async def _database(self) -> list[Sign]:
        file = file_of(self._settings.database.url)
        if file and not file.exists():
            if not self._host.may_make(file):
                raise Unavailable(f"{file} cannot be made")
            return [doctor.database(None)]
        return [doctor.database(await asyncio.to_thread(_opened, self._settings.database.url))]

    async def _disk(self) -> list[Sign]:
        file = file_of(self._settings.database.url)
        if file is None:
            return [Sign("disk", UNASKED, "elsewhere")]
        free, folder = await asyncio.to_thread(self._host.free, file)
        return [doctor.disk(free, str(folder))]

    async def _port(self, listener: "asyncio.Future[Listener | None]") -> list[Sign]:
        http = self._settings.http
        return [doctor.port(http.host, http.port, await asyncio.shield(listener))]

    async def _public_url(self) -> list[Sign]:
        return [doctor.public_url(self._settings.http.public_url)]

    def _vendor(self, name: str) -> Look:
        section = dict(self._settings.integrations)[name]

        async def look() -> list[Sign]:
            if not section.on:
                return [doctor.off(name, section)]
            unproved = [Sign(name, UNASKED, "by_paging_only")] if doctor.by_paging_only(section) else []
            if name in self._vendors:
                await self._vendors[name].prove()
                return [Sign(name, WELL, "accepted"), *unproved]
            return unproved

        return look


class _Slack:
    """The looks that ask Slack. Where Slack does not know us, the others say that they were not made."""

    def __init__(self, settings: Settings, clock: Clock, wanted: Mapping[str, str], workspace: Workspace) -> None:
        self._settings = settings
        self._clock = clock
        self._wanted = wanted
        self._workspace = workspace

    def looks(self, listener: "asyncio.Future[Listener | None]") -> list[Look]:
        self._introduced = asyncio.ensure_future(self._introduce())
        places = doctor.channels(self._settings)
        return [
            _bounded("Slack", self._introduction, WITHIN_S + 1),
            _bounded("socket", lambda: self._socket(listener), HELLO_WITHIN_S),
            self._command,
            *(self._if_known(f"channel {id}", self._channel(id, where)) for id, where in places.items()),
            self._people,
            *([self._if_known("user groups", self._groups)] if self._named_groups else []),
        ]

    async def _introduce(self) -> tuple[Introduction, datetime | None, datetime, datetime]:
        """With Slack's time and ours before and after."""
        async with asyncio.timeout(WITHIN_S):
            before = self._clock.now()
            known, theirs = await self._workspace.introduce()
            return known, theirs, before, self._clock.now()

    async def _introduction(self) -> list[Sign]:
        known, theirs, before, after = await asyncio.shield(self._introduced)
        signs = [Sign("Slack", WELL, "introduced", {"user": known.user, "team": known.team})]
        signs += doctor.scopes(known.scopes, self._wanted)
        return [*signs, *([doctor.clock(_ahead(theirs, before, after))] if theirs else [])]

    async def _socket(self, listener: "asyncio.Future[Listener | None]") -> list[Sign]:
        if not self._settings.slack.app_token:
            return [Sign("socket", UNASKED, "no_app_token")]
        beside = await _muster_at(listener)
        await self._workspace.socket(connect=not beside)
        return [Sign("socket", WELL, "beside" if beside else "hello")]

    async def _command(self) -> list[Sign]:
        return [doctor.command(await self._granted())]

    def _channel(self, id: str, places: tuple[str, ...]) -> Look:
        async def look() -> list[Sign]:
            room, granted = await asyncio.gather(self._workspace.channel(id), self._granted())
            return [doctor.channel(id, places, room, granted)]

        return look

    async def _people(self) -> list[Sign]:
        people = list(self._settings.people.values())
        return list(doctor.people(list(zip(people, await asyncio.gather(*map(self._member, people)), strict=True))))

    async def _member(self, person: Person) -> str:
        try:
            async with asyncio.timeout(WITHIN_S):
                return await self._workspace.member(person.slack)
        except TimeoutError:
            return NOT_CHECKED

    @property
    def _named_groups(self) -> dict[str, tuple[str, ...]]:
        return doctor.groups(self._settings.model_dump(), self._settings.severities)

    async def _groups(self) -> list[Sign]:
        known = await self._workspace.groups()
        return [doctor.group(id, places, known) for id, places in self._named_groups.items()]

    async def _granted(self) -> frozenset[str] | None:
        try:
            return (await asyncio.shield(self._introduced))[0].scopes
        except (Temporary, Permanent, TimeoutError):
            return None

    def _if_known(self, subject: str, look: Look) -> Look:
        async def knowing() -> Iterable[Sign]:
            signs = await _bounded(subject, look)()
            try:
                await asyncio.shield(self._introduced)
            except (Temporary, Permanent, TimeoutError):
                return [Sign(subject, UNASKED, "no_slack")]
            return signs

        return knowing


def _bounded(subject: str, look: Look, seconds: float = WITHIN_S) -> Look:
    """The look, or a sign that says why it could not be made."""

    async def bounded() -> Iterable[Sign]:
        try:
            async with asyncio.timeout(seconds):
                return await look()
        except Permanent as failure:
            return [Sign(subject, ILL, "refused", {"reason": failure.reason})]
        except Temporary as failure:
            return [Sign(subject, ILL, "failed", {"reason": failure.reason})]
        except TimeoutError:
            return [Sign(subject, ILL, "silent", {"seconds": WITHIN_S if seconds < HELLO_WITHIN_S else seconds})]
        except (Unavailable, OSError) as failure:
            return [Sign(subject, ILL, "unusable", {"reason": " ".join(str(failure).split())})]

    return bounded


async def _muster_at(listener: "asyncio.Future[Listener | None]") -> bool:
    try:
        there = await asyncio.shield(listener)
    except OSError:  # told by the look at the port
        return False
    return bool(there and there.muster)


async def _no_token() -> list[Sign]:
    return [Sign("Slack", UNASKED, "no_bot_token")]


def _opened(url: str) -> Books:
    store = Store(url)
    try:
        return store.migrate(migrate.look)
    finally:
        store.close()


def _ahead(theirs: datetime, before: datetime, after: datetime) -> timedelta:
    """By how much our clock is certainly ahead: theirs was read between `before` and `after`, to the second."""
    return max(before - (theirs + TO_THE_SECOND), timedelta()) or min(after - theirs, timedelta())
