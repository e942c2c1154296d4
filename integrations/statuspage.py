"""Atlassian Statuspage: one public incident, updated in place. It publishes what it is given and words nothing."""

from datetime import datetime
from typing import Any

import aiohttp

from domain.errors import Permanent
from domain.record import CLOCK_SKEW, Owed, Receipt, Record, Ref
from integrations.http import Answer, Vendor, request
from views.plain import plain, readable

ADVICE = {
    401: "check STATUSPAGE_API_KEY",
    403: "check STATUSPAGE_API_KEY and that it may change the page",
    404: "check STATUSPAGE_PAGE_ID, and that the incident is still on the page",
    422: "check the component ids in config.yaml",
}
A_PAGE = 100
MOST_PAGES = 20
"""Of 100 incidents each, the most that Statuspage gives at once."""


class Statuspage:
    """A StatusPage. It has no keys: ours is in the metadata, and a repeat looks first."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        page_id: str,
        api_key: str,
        url: str = "https://api.statuspage.io",
    ) -> None:
        self._session = session
        self._headers = {"Authorization": f"OAuth {api_key}"}
        self._page = f"{url.rstrip('/')}/v1/pages/{page_id}"
        self._url = f"{self._page}/incidents"
        self._vendor = Vendor("Statuspage", "STATUSPAGE_API_URL", ADVICE, (api_key,))

    async def prove(self) -> None:
        """Reads the page and keeps nothing. Raises Permanent where it is refused."""
        (await request(self._session, self._vendor, "GET", self._page, headers=self._headers)).get("id")

    async def create_status(self, record: Record, owed: Owed) -> Receipt:
        found = await self._find(record.key, owed) if owed.repeat else None
        if found is None:
            mine = {"name": plain(str(owed.data["name"]), 255), "metadata": {"muster": {"key": record.key}}}
            found = await self._send("POST", "", json={"incident": _told(owed) | mine})
        incident = found.get("id")
        ref = Ref("status_incident", incident, name="statuspage", url=str(found.find("shortlink") or ""))
        return Receipt(vendor_id=incident, refs=(ref,), result="published")

    async def update_status(self, record: Record, owed: Owed) -> Receipt:
        ref = record.ref("status_incident", "statuspage")
        if ref is None:
            raise Permanent("There is no incident on the status page to update")
        if owed.data.get("quiet"):
            # Repeated, it changes nothing: there is no need to look.
            await self._send("PATCH", f"/{ref.value}", json={"incident": _shown(owed)})
        elif not (owed.repeat and _was_told(await self._send("GET", f"/{ref.value}"), owed)):
            await self._send("PATCH", f"/{ref.value}", json={"incident": _told(owed)})
        return Receipt(vendor_id=ref.value, result="published")

    async def _find(self, key: str, owed: Owed) -> Answer | None:
        """What an earlier attempt published, among those that are not resolved, or None. One that was there before
        carries our key too, and may have been handed over since: it is another one."""
        for page in range(1, MOST_PAGES + 1):
            answer = await self._send("GET", "/unresolved", params={"page": str(page), "per_page": str(A_PAGE)})
            for incident in answer.items():
                if _key(incident) == key and _recent(incident, owed) and incident.get("id") not in owed.taken:
                    return Answer(self._vendor, answer.status, incident)
            if len(answer.items()) < A_PAGE:
                return None
        return None

    async def _send(self, method: str, path: str, **options: Any) -> Answer:
        return await request(self._session, self._vendor, method, self._url + path, headers=self._headers, **options)


def _told(owed: Owed) -> dict[str, Any]:
    """What subscribers are told, and how the components are."""
    told = {"status": owed.data["status"], "body": _body(owed), "deliver_notifications": True}
    name = {"name": plain(str(owed.data["name"]), 255)} if owed.data.get("name") else {}
    return told | name | _components(owed)


def _shown(owed: Owed) -> dict[str, Any]:
    """The same for the page alone: nobody is written to, and no words are added."""
    return {"name": plain(str(owed.data["name"]), 255), "deliver_notifications": False} | _components(owed)


def _components(owed: Owed) -> dict[str, Any]:
    components = dict(owed.data.get("components") or {})
    return {"component_ids": list(components), "components": components} if components else {}


def _was_told(answer: Answer, owed: Owed) -> bool:
    """Whether an earlier attempt arrived: telling subscribers the same twice is worse than looking."""
    return any(
        (update.get("status"), str(update.get("body")).strip()) == (owed.data["status"], _body(owed).strip())
        and _recent(update, owed)
        for update in answer.items("incident_updates")
    )


def _recent(known: dict[str, Any], owed: Owed) -> bool:
    """Whether it was written, incident or update, since the first attempt."""
    try:
        return datetime.fromisoformat(str(known.get("created_at"))) >= owed.due_at - CLOCK_SKEW
    except (ValueError, TypeError):
        return False


def _body(owed: Owed) -> str:
    return readable(str(owed.data["body"]), 25_000)


def _key(incident: dict[str, Any]) -> object:
    """Our key in an incident that may be anybody's."""
    metadata = incident.get("metadata")
    ours = metadata.get("muster") if isinstance(metadata, dict) else None
    return ours.get("key") if isinstance(ours, dict) else None
