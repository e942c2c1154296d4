"""Opsgenie: an alert rings whoever its responders' own rules name. It only takes a request at first: what became of it
has to be asked for. It reports nothing by itself."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import aiohttp

from domain.alerts import key_of
from domain.errors import Permanent, Temporary
from domain.incidents import Incident
from domain.pager import OnCall, Page, Sighting, Who
from domain.record import Owed, Receipt, Record
from integrations.http import Answer, Vendor, request
from views.plain import lines, plain, readable
from views.times import utc

ADVICE = {
    401: "check OPSGENIE_API_KEY, and OPSGENIE_API_URL: a key works in one region only",
    402: "the Opsgenie account's plan does not allow it, or the account is switched off",
    403: "check the rights of OPSGENIE_API_KEY: it needs read, create and update",
    404: "check OPSGENIE_API_URL",
    422: "check integrations.opsgenie in config.yaml",
}
PRIORITIES = {"critical": "P1", "error": "P2", "warning": "P3", "info": "P4"}
"""The pager's scale, as in config.yaml, on Opsgenie's."""

MESSAGE_MOST, DESCRIPTION_MOST, TAG_MOST, USER_MOST = 130, 15_000, 50, 100
DETAIL_MOST = 1_000
"""Details may hold 8,000 characters in all; there are seven at most."""

ASKED_AFTER_S = (0.1, 0.3, 0.6, 1.0)
"""The result of a request is there within a second as a rule; until then it is not found (404)."""

SENT_AGAIN_AFTER = 4
"""A request whose result nobody can tell after so many attempts is looked for by its alert, and sent again."""

LOOKS_AT_ONCE = 8

NOT_YET = "Opsgenie has not said yet what became of the request"
DONE_ALREADY = {"acknowledge": "acknowledged already", "close": "closed already"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Opsgenie:
    """A Pager. The page's key is the alert's alias: one page sent twice is one alert.

    `severities` says how loud each of ours is (critical, error, warning, info), `emails` and `names` who people are by
    Slack id, `responders` whom an alert rings (`team:Platform`), `schedules` whose on-call is asked for.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        api_key: str,
        severities: Mapping[str, str],
        responders: Sequence[str] = (),
        schedules: Sequence[str] = (),
        emails: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
        url: str = "https://api.opsgenie.com",
    ) -> None:
        self._session = session
        self._url = url.rstrip("/") + "/v2"
        self._headers = {"Authorization": f"GenieKey {api_key}"}
        self._vendor = Vendor("Opsgenie", "OPSGENIE_API_URL", ADVICE, (api_key,))
        self._severities = severities
        self._responders = [_responder(each) for each in responders]
        self._schedules = tuple(schedules)
        self._emails = emails or {}
        self._names = names or {}
        # What was taken and not yet answered, by row: a repeat asks for it instead of sending again.
        self._taken: dict[int, str] = {}

    async def page(self, record: Record, owed: Owed) -> Receipt:
        key = key_of(record, owed.target)
        if owed.repeat and owed.id not in self._taken and await self._alert(key):
            return Receipt(vendor_id=key, result="accepted")
        status = await self._carried_out(owed, "/alerts", self._new_alert(record, key))
        if not _succeeded(status):
            raise self._refusal(status)
        return Receipt(vendor_id=key, result="accepted")

    async def acknowledge(self, record: Record, owed: Owed) -> Receipt:
        return await self._change(record, owed, "acknowledge", record.incident.acknowledged_by or "")

    async def resolve(self, record: Record, owed: Owed) -> Receipt:
        ends = [e.author for e in record.entries("resolution")]
        return await self._change(record, owed, "close", ends[-1] if ends else "", record.incident.resolution)

    async def prove(self) -> None:
        """Reads one alert and keeps nothing. Raises Permanent where the key is refused."""
        (await self._ask("GET", "/alerts", params={"limit": "1"})).items("data")

    async def on_call(self) -> tuple[OnCall, ...]:
        """Who answers now, by schedule, as the e-mail addresses that Opsgenie has them under."""
        found: list[OnCall] = []
        for schedule in self._schedules:
            by = "id" if UUID.fullmatch(schedule) else "name"
            path = f"/schedules/{quote(schedule, safe='')}/on-calls"
            answer = await self._ask("GET", path, params={"scheduleIdentifierType": by, "flat": "true"})
            people = _data(answer).get("onCallRecipients") or ()
            found += [OnCall(Who(str(each), str(each)), schedule=schedule) for each in people]
        return tuple(found)

    async def look(self, pages: Sequence[Page]) -> tuple[Sighting, ...]:
        """How these pages stand; those that Opsgenie does not know are left out."""
        door = asyncio.Semaphore(LOOKS_AT_ONCE)

        async def ask(key: str) -> Mapping[str, Any] | None:
            async with door:
                return await self._alert(key)

        found = await asyncio.gather(*(ask(page.key) for page in pages))
        return tuple(_sighting(page.key, alert) for page, alert in zip(pages, found, strict=True) if alert)

    def _new_alert(self, record: Record, key: str) -> dict[str, Any]:
        incident, room = record.incident, record.ref("channel")
        alert: dict[str, Any] = {
            "message": plain(f"[{incident.severity}] {incident.title}", MESSAGE_MOST),
            "alias": key,
            "description": "\n".join(lines(incident.description, DESCRIPTION_MOST)),
            "priority": PRIORITIES[self._severities.get(incident.severity, "critical")],
            "tags": [plain(tag, TAG_MOST) for tag in ("muster", incident.severity, *incident.services[:18])],
            "details": self._details(incident, room.url if room else ""),
            "responders": self._responders,
            "entity": plain(", ".join(incident.services), 512),
            "source": "muster",
        }
        return {name: value for name, value in alert.items() if value}

    def _details(self, incident: Incident, room: str) -> dict[str, str]:
        details = {
            "incident": incident.key,
            "severity": incident.severity,
            "reporter": self._names.get(incident.reporter, incident.reporter),
            "detected": utc(incident.detected_at),
            "services": ", ".join(incident.services),
            "impact": incident.impact,
            "room": room,
        }
        return {name: plain(value, DETAIL_MOST) for name, value in details.items() if value}

    async def _change(self, record: Record, owed: Owed, verb: str, by: str, note: str = "") -> Receipt:
        """Opsgenie takes a change of what is not there, and of what is as it was wanted, and fails it later."""
        key = key_of(record, owed.target)
        body = {"user": plain(self._emails.get(by) or self._names.get(by) or by, USER_MOST), "source": "muster"}
        body |= {"note": readable(note, 25_000)} if note else {}
        path = f"/alerts/{quote(key, safe='')}/{verb}"
        status = await self._carried_out(owed, path, {k: v for k, v in body.items() if v}, params=_BY_ALIAS)
        if _succeeded(status):
            return Receipt(vendor_id=key, result="accepted")
        alert = await self._alert(key)
        if alert is None:
            return Receipt(vendor_id=key, result="there is no such alert")
        if _is_done(alert, verb):
            return Receipt(vendor_id=key, result=DONE_ALREADY[verb])
        raise self._refusal(status)

    async def _carried_out(self, owed: Owed, path: str, body: Mapping[str, Any], **options: Any) -> Mapping[str, Any]:
        """Sends a request once, and asks what became of it. Temporary while that is not known."""
        if owed.id not in self._taken:
            answer = await self._ask("POST", path, json=body, **options)
            self._taken[owed.id] = answer.get("requestId")
        try:
            status = await self._status(self._taken[owed.id])
        except Temporary:
            if owed.attempts % SENT_AGAIN_AFTER == 0:
                del self._taken[owed.id]
            raise
        del self._taken[owed.id]
        return status

    async def _status(self, taken: str) -> Mapping[str, Any]:
        for wait in ASKED_AFTER_S:
            await asyncio.sleep(wait)
            answer = await self._ask("GET", f"/alerts/requests/{quote(taken, safe='')}", known=(404,))
            if answer.status != 404:
                return _data(answer)
        raise Temporary(NOT_YET, retry_after=1.0)

    async def _alert(self, key: str) -> Mapping[str, Any] | None:
        answer = await self._ask("GET", f"/alerts/{quote(key, safe='')}", known=(404,), params=_BY_ALIAS)
        return None if answer.status == 404 else _data(answer)

    def _refusal(self, status: Mapping[str, Any]) -> Permanent:
        words = self._vendor.safe(str(status.get("status") or "no reason was given"))
        return Permanent(f"Opsgenie took the request and failed it ({words}): check integrations.opsgenie.responders")

    async def _ask(self, method: str, path: str, **options: Any) -> Answer:
        return await request(self._session, self._vendor, method, self._url + path, headers=self._headers, **options)


_BY_ALIAS = {"identifierType": "alias"}


def _responder(written: str) -> dict[str, str]:
    """`team:Platform` as Opsgenie spells it; an id in a name's place is one."""
    kind, name = written.split(":", 1)
    spelled = "id" if UUID.fullmatch(name.strip()) else "username" if kind == "user" else "name"
    return {"type": kind, spelled: name.strip()}


def _succeeded(status: Mapping[str, Any]) -> bool:
    """Older accounts say `success`, the documented name is `isSuccess`."""
    return status.get("isSuccess", status.get("success")) is True


def _is_done(alert: Mapping[str, Any], verb: str) -> bool:
    return alert.get("status") == "closed" or (verb == "acknowledge" and alert.get("acknowledged") is True)


def _sighting(key: str, alert: Mapping[str, Any]) -> Sighting:
    report = alert.get("report") if isinstance(alert.get("report"), dict) else {}
    closed, taken = alert.get("status") == "closed", alert.get("acknowledged") is True
    status = "resolved" if closed else "acknowledged" if taken else "triggered"
    by = report.get("closedBy") if closed else (report.get("acknowledgedBy") or alert.get("owner")) if taken else ""
    name = str(by or "")
    return Sighting(key, status, Who(name, name if "@" in name else ""), str(alert.get("id") or ""))


def _data(answer: Answer) -> Mapping[str, Any]:
    data = answer.find("data")
    if not isinstance(data, dict):
        raise Temporary(f"Opsgenie answered {answer.status} without the promised data")
    return data
