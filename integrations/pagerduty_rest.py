"""PagerDuty's REST API: who is on call, how a page stands and who answered it, and answers given in a person's name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import aiohttp

from domain.errors import Permanent, Temporary
from domain.pager import OnCall, Page, Sighting, Who
from integrations.http import Answer, Vendor, request
from views.plain import plain

ADVICE = {
    401: "check PAGERDUTY_API_KEY",
    402: "the PagerDuty account's plan does not allow it",
    403: "check that PAGERDUTY_API_KEY may do this: a read-only key cannot acknowledge",
    404: "check PAGERDUTY_API_URL",
}
ACCEPTS = "application/vnd.pagerduty+json;version=2"
RESOLVED_ALREADY, ACKNOWLEDGED_ALREADY = 1001, 1002
"""Codes of refusals that say that all is as it was wanted."""

AT_ONCE = 100
LISTS_AT_MOST = 5
"""A page of a list holds 100, PagerDuty's most. An account with 500 incidents since our page is asked key by key."""

BY_KEY_AT_MOST = 5
CLOCK_SKEW = timedelta(minutes=10)
"""A list is asked for from so much earlier: what began at the edge must be in it."""

PERSONS = ("user", "user_reference")


class UnknownSender(Permanent):
    """PagerDuty knows nobody with the e-mail address in whose name it was asked."""


class PagerDutyRest:
    """The account, read and written with one API key. A write names its author: the e-mail address of a user."""

    def __init__(self, session: aiohttp.ClientSession, *, api_key: str, url: str = "https://api.pagerduty.com") -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._headers = {
            "Authorization": f"Token token={api_key}",
            "Accept": ACCEPTS,
            "Content-Type": "application/json",
        }
        self._vendor = Vendor("PagerDuty", "PAGERDUTY_API_URL", ADVICE, (api_key,))
        self._emails: dict[str, str] = {}

    async def prove(self) -> None:
        """Reads one incident and keeps nothing. Raises Permanent where the key is refused."""
        (await self._get("/incidents", [("limit", "1")])).items("incidents")

    async def on_call(self) -> tuple[OnCall, ...]:
        """Who answers now, the first level first. One person may stand there for several policies."""
        found: list[OnCall] = []
        for number in range(LISTS_AT_MOST):
            place = [("limit", str(AT_ONCE)), ("offset", str(number * AT_ONCE))]
            answer = await self._get("/oncalls", [("include[]", "users"), ("earliest", "true"), *place])
            found += [_on_call(each) for each in answer.items("oncalls")]
            if not answer.find("more"):
                break
        for each in found:
            self._emails |= {each.who.id: each.who.email} if each.who.email else {}
        return tuple(sorted(found, key=lambda each: (each.policy, each.level)))

    async def find(self, key: str, *more: tuple[str, str]) -> list[dict[str, Any]]:
        """The incidents of a page's key: none yet, one, or resolved ones before it."""
        query = [("incident_key", key), ("date_range", "all"), *_STATES, *more]
        return (await self._get("/incidents", query)).items("incidents")

    async def key_of(self, incident: str) -> str:
        """The page's key of an incident's id."""
        answer = await self._get(f"/incidents/{quote(incident, safe='')}", [])
        return str(_member(answer.body, "incident").get("incident_key") or "")

    async def email_of(self, user: str) -> str:
        """A user's address; asked for once."""
        if user not in self._emails:
            answer = await self._get(f"/users/{quote(user, safe='')}", [])
            self._emails[user] = str(_member(answer.body, "user").get("email") or "")
        return self._emails[user]

    async def set_status(self, incident: str, status: str, sender: str, resolution: str = "") -> None:
        """`acknowledged` or `resolved`, in the name of `sender` (an e-mail address). Raises UnknownSender."""
        change = {"type": "incident_reference", "status": status}
        if resolution:
            change["resolution"] = plain(resolution, 1024)
        answer = await request(
            self._session,
            self._vendor,
            "PUT",
            f"{self._url}/incidents/{quote(incident, safe='')}",
            known=(400,),
            headers={**self._headers, "From": sender},
            json={"incident": change},
        )
        if answer.status == 400:
            _judge(answer)
        elif not answer.find("incident"):
            raise Temporary(f"PagerDuty answered {answer.status} without the promised incident")

    async def look(self, pages: Sequence[Page]) -> tuple[Sighting, ...]:
        """How these pages stand: one request for all of them, but for those whose key the list does not show."""
        seen = {} if len(pages) == 1 else _by_key(pages, await self._since(min(page.since for page in pages)))
        missing = [page for page in pages if page.key not in seen][:BY_KEY_AT_MOST]
        for page in missing:
            for found in _newest(await self.find(page.key, *_WITH_PEOPLE)):
                seen[page.key] = found
        return tuple([await self._sighting(key, found) for key, found in seen.items()])

    async def _since(self, moment: datetime) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for number in range(LISTS_AT_MOST):
            answer = await self._get(
                "/incidents",
                [
                    ("since", (moment - CLOCK_SKEW).isoformat()),
                    ("limit", str(AT_ONCE)),
                    ("offset", str(number * AT_ONCE)),
                    *_STATES,
                    *_WITH_PEOPLE,
                ],
            )
            found += answer.items("incidents")
            if not answer.find("more"):
                break
        return found

    async def _sighting(self, key: str, found: Mapping[str, Any]) -> Sighting:
        status = str(found.get("status") or "")
        who = await self._named(_who_did(found, status))
        return Sighting(key, status, who, str(found.get("id") or ""), str(found.get("html_url") or ""))

    async def _named(self, who: Who) -> Who:
        """With the address. A person is not asked for again, and one who cannot be asked for keeps their name."""
        if who.email or not who.human or not who.id:
            return who
        try:
            return Who(who.name, await self.email_of(who.id), who.id)
        except Permanent:
            return who

    async def _get(self, path: str, query: Iterable[tuple[str, str]]) -> Answer:
        return await request(
            self._session, self._vendor, "GET", self._url + path, headers=self._headers, params=list(query)
        )


_STATES = tuple(("statuses[]", status) for status in ("triggered", "acknowledged", "resolved"))
_WITH_PEOPLE = (("include[]", "acknowledgers"), ("include[]", "agents"))


def _judge(answer: Answer) -> None:
    """A 400 that is none, or the refusal. Without `From`'s user PagerDuty takes no change."""
    error = answer.find("error")
    code = error.get("code") if isinstance(error, dict) else None
    if code in (RESOLVED_ALREADY, ACKNOWLEDGED_ALREADY):
        return
    refusal = answer.refusal("check people's e-mail addresses in config.yaml and PAGERDUTY_FROM_EMAIL")
    raise UnknownSender(refusal.reason)


def _by_key(pages: Sequence[Page], found: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Those of the found that are these pages, by the vendor's id where the key is not shown."""
    keys = {page.key: page.key for page in pages} | {page.alert: page.key for page in pages if page.alert}
    ours: dict[str, list[Mapping[str, Any]]] = {}
    for each in found:
        key = keys.get(str(each.get("incident_key") or "")) or keys.get(str(each.get("id") or ""))
        if key:
            ours.setdefault(key, []).append(each)
    return {key: newest for key, group in ours.items() for newest in _newest(group)}


def _newest(group: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The open one, or else the last that was; in a list, for there may be none."""
    order = sorted(group, key=lambda each: (each.get("status") != "resolved", str(each.get("created_at") or "")))
    return order[-1:]


def _who_did(found: Mapping[str, Any], status: str) -> Who:
    if status == "acknowledged":
        given = [each.get("acknowledger") for each in found.get("acknowledgements") or () if isinstance(each, dict)]
        people = [_who(each) for each in given]
        return next((who for who in people if who.human), people[0] if people else Who())
    return _who(found.get("last_status_change_by")) if status == "resolved" else Who()


def _who(agent: Any) -> Who:
    if not isinstance(agent, dict):
        return Who()
    name, email = agent.get("name") or agent.get("summary"), agent.get("email")
    human = str(agent.get("type") or "user") in PERSONS
    return Who(str(name or ""), str(email or ""), str(agent.get("id") or ""), human)


def _on_call(entry: Mapping[str, Any]) -> OnCall:
    schedule, policy, until = entry.get("schedule") or {}, entry.get("escalation_policy") or {}, entry.get("end")
    return OnCall(
        _who(entry.get("user")),
        int(entry.get("escalation_level") or 1),
        str(schedule.get("summary") or ""),
        str(policy.get("summary") or ""),
        datetime.fromisoformat(until) if until else None,
    )


def _member(body: Any, name: str) -> Mapping[str, Any]:
    found = body.get(name) if isinstance(body, dict) else None
    if not isinstance(found, dict):
        raise Temporary(f"PagerDuty answered without the promised {name}")
    return found
