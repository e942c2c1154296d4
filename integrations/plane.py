"""Plane: one work item an incident, kept as the incident is now, and its timeline as comments."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp

from domain import tracker
from domain.errors import Permanent
from domain.incidents import MERGED, REAL
from domain.record import Owed, Receipt, Record, Ref
from integrations import plane_project
from integrations.http import Answer, Vendor, request
from integrations.plane_project import Project
from views import plane as words

SOURCE = "muster"
ADVICE = {
    401: "check PLANE_API_KEY",
    403: "check PLANE_API_KEY and that it may change the project",
    404: "check PLANE_WORKSPACE and PLANE_PROJECT_ID, and that the work item still exists",
}


class Plane:
    """A Tracker. The incident's key is the external_id, so one item made twice is one item.

    `priorities` gives Plane's priority by severity, `labels` the names every item is made with ({severity} stands for
    the incident's), `names` people's names for Slack ids; `web_url` is where people open it.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        api_key: str,
        workspace: str,
        project_id: str,
        priorities: Mapping[str, str],
        labels: Sequence[str] = (),
        names: Mapping[str, str] | None = None,
        url: str = "https://api.plane.so",
        web_url: str = "https://app.plane.so",
    ) -> None:
        self._session = session
        self._headers = {"X-API-Key": api_key}
        self._priorities = priorities
        self._labels = labels
        self._names = names or {}
        self._url = f"{url.rstrip('/')}/api/v1/workspaces/{workspace}/projects/{project_id}/"
        self._web_url = f"{web_url.rstrip('/')}/{workspace}/projects/{project_id}/issues/"
        self._vendor = Vendor("Plane", "PLANE_API_URL", ADVICE, (api_key,))
        self._project: Project | None = None
        self._reading = asyncio.Lock()

    async def prove(self) -> None:
        """Reads the project and keeps nothing. Raises Permanent where it is refused."""
        (await self._send("GET", "")).get("identifier")

    async def create_issue(self, record: Record, owed: Owed) -> Receipt:
        labels = [label.format(severity=record.incident.severity) for label in self._labels]

        def item(project: Project) -> dict[str, Any]:
            ours = {"external_id": record.key, "external_source": SOURCE}
            return self._item(record, project) | ours | {"labels": [project.labels[name] for name in labels]}

        answer, project = await self._write("POST", "work-items/", item, labels, known=(409,))
        made = await self._ours(answer.get("id"), record) if answer.status == 409 else answer
        issue, key = made.get("id"), f"{project.identifier}-{made.get('sequence_id')}"
        ref = Ref("issue", issue, name="plane", url=f"{self._web_url}{issue}", data={"key": key})
        return Receipt(vendor_id=issue, refs=(ref,), result=key, problem=_problem(project, record))

    async def refresh_issue(self, record: Record, owed: Owed) -> Receipt:
        issue = _issue(record)
        answer, project = await self._write(
            "PATCH", f"work-items/{issue.value}/", lambda project: self._item(record, project)
        )
        refs = (tracker.written(issue, answer.find("updated_at")),)
        return Receipt(issue.value, refs, result="updated", problem=_problem(project, record))

    async def comment(self, record: Record, owed: Owed) -> Receipt:
        said = owed.data
        body = {
            "comment_html": words.comment(
                said["kind"], said["by"], said["text"], datetime.fromisoformat(said["at"]), self._names
            ),
            "access": "INTERNAL",
            "external_id": f"{record.key}-{owed.id}",
            "external_source": SOURCE,
        }
        answer = await self._send("POST", f"work-items/{_issue(record).value}/comments/", json=body, known=(409,))
        return Receipt(vendor_id=str(answer.find("id") or ""), result="commented")

    async def _write(
        self,
        method: str,
        path: str,
        item: Callable[[Project], dict[str, Any]],
        labels: Sequence[str] = (),
        known: tuple[int, ...] = (),
    ) -> tuple[Answer, Project]:
        """One write. States and labels are remembered; where Plane refuses, they are read again, once."""
        project = await self._known_project(labels)
        answer = await self._send(method, path, json=item(project), known=(400, *known))
        if answer.status != 400:
            return answer, project
        self._project = None
        fresh = await self._known_project(labels)
        if fresh == project:
            raise answer.refusal("check the project's states and labels")
        return await self._send(method, path, json=item(fresh), known=known), fresh

    async def _ours(self, issue: str, record: Record) -> Answer:
        """The item that exists already, if it carries our key."""
        found = await self._send("GET", f"work-items/{issue}/")
        if (found.find("external_id"), found.find("external_source")) != (record.key, SOURCE):
            raise Permanent("Plane has a work item in the place of ours that is not ours: nothing was changed")
        return found

    def _item(self, record: Record, project: Project) -> dict[str, Any]:
        incident = record.incident
        state = project.states.get(_group(record))
        return {
            "name": words.name(incident),
            "description_html": words.description(record, self._names),
            "priority": self._priorities.get(incident.severity, "none"),
            **({"state": state} if state else {}),
        }

    async def _known_project(self, labels: Sequence[str]) -> Project:
        """Read once; those who come meanwhile wait for that one reading, as Plane counts every request."""
        async with self._reading:
            project = self._project or await plane_project.read(self._send)
            for name in project.without(labels):
                project = await plane_project.with_label(self._send, project, name)
            self._project = project
            return project

    async def _send(self, method: str, path: str, **options: Any) -> Answer:
        return await request(self._session, self._vendor, method, self._url + path, headers=self._headers, **options)


def _group(record: Record) -> str:
    """What was no incident of its own is cancelled; what went into another one is done here."""
    incident = record.incident
    if incident.open:
        return "started"
    return "completed" if incident.outcome in (REAL, MERGED) else "cancelled"


def _problem(project: Project, record: Record) -> str:
    group = _group(record)
    return "" if group in project.states else f"The Plane project has no state in the group {group}: its state stays"


def _issue(record: Record) -> Ref:
    ref = record.ref("issue", "plane")
    if ref is None:
        raise Permanent("There is no work item in Plane to write to")
    return ref
