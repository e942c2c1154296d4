"""What people do in Plane's own app, and the signed webhooks that tell the bot. No REST.

The form of a webhook is that of Plane's open source (the task that sends webhooks): the issue with its state, labels
and assignees written out, and one webhook for each field that changed. The signature is the hex HMAC-SHA256 of the
body in X-Plane-Signature; X-Plane-Delivery names the delivery.
"""

import json
from html import escape
from uuid import uuid4

from sandbox.vendors import signatures
from sandbox.vendors.base import impossible, stamp
from sandbox.vendors.plane_project import ANA, IDENTIFIER, MEMBERS, WORKSPACE_ID

WEBHOOK_SECRET = "plane_wh_5a4db0c5000000000000000000000001"
WEBHOOK_ID = "5a4db0c5-0000-4000-8000-0000000000f9"
LITE = ("id", "name", "color")


class App:
    """Work items are named by number, or as ROOSE-1."""

    def __init__(self, vendor, project):
        self._vendor, self._project = vendor, project
        self.webhooks: list[dict] = []
        self.last: tuple | None = None

    async def close(self, sequence_id, by="Ana"):
        """Somebody drags the work item to Done on Plane's board."""
        return await self._move(sequence_id, "completed", by)

    async def reopen(self, sequence_id, by="Ana"):
        """Somebody drags it back to In Progress."""
        return await self._move(sequence_id, "started", by)

    async def comment(self, sequence_id, text, by="Ana"):
        item = self._item(sequence_id)
        if item is None:
            return _no_item(sequence_id)
        html = f"<p>{escape(text)}</p>"
        comment = self._project.create_comment(item, {"comment_html": html}) | {"actor": _member(by)}
        self._project.comments[item["id"]][comment["id"]] = comment
        webhook = await self.tell("issue_comment", "created", comment, by)
        return {"ok": True, "item": self._project.item_told(item), "webhook": webhook}

    async def assign(self, sequence_id, to, by="Ana"):
        """The only assignee from now on; without a name, nobody."""
        item, member = self._item(sequence_id), _member(to) if to else None
        if item is None or (to and member is None):
            return _no_item(sequence_id) if item is None else impossible(f"{to} is no member of the project")
        before = item["assignees"]
        self._project.update_item(item, {"assignees": [member] if member else []})
        return await self._updated(item, "assignee_ids", before, item["assignees"], by)

    async def redeliver(self):
        """The last webhook once more, byte for byte."""
        if self.last is None:
            return impossible("no webhook was sent yet")
        return {"ok": True, "webhook": await self._deliver()}

    async def _move(self, sequence_id, group, by):
        item = self._item(sequence_id)
        if item is None:
            return _no_item(sequence_id)
        before = item["state"]
        self._project.update_item(item, {"state": self._project.state_of_group(group)["id"]})
        return await self._updated(item, "state_id", before, item["state"], by)

    async def _updated(self, item, field, before, after, by):
        changed = {"field": field, "old_value": before, "new_value": after}
        webhook = await self.tell("issue", "updated", self.written_out(item), by, **changed)
        return {"ok": True, "item": self._project.item_told(item), "webhook": webhook}

    def _item(self, sequence_id):
        return self._project.numbered(str(sequence_id).removeprefix(f"{IDENTIFIER}-"))

    # webhooks

    def written_out(self, item) -> dict:
        """The work item with its state, labels and assignees in place of their ids."""
        project = self._project
        state = project.states[item["state"]]
        return item | {
            "state": {name: state[name] for name in (*LITE, "group")},
            "labels": [{name: project.labels[label][name] for name in LITE} for label in item["labels"]],
            "assignees": [MEMBERS[member] for member in item["assignees"]],
            "cycle": None, "module": None,
        }  # fmt: skip

    async def tell(self, event, action, data, by, field=None, old_value=None, new_value=None) -> dict:
        """The bot's answer to a webhook."""
        activity = {
            "field": field, "new_value": new_value, "old_value": old_value, "actor": MEMBERS[_member(by) or ANA],
            "old_identifier": None, "new_identifier": None,
        }  # fmt: skip
        body = json.dumps({
            "event": event, "action": action, "webhook_id": WEBHOOK_ID, "workspace_id": WORKSPACE_ID, "data": data,
            "activity": activity,
        }).encode()  # fmt: skip
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Autopilot",
            "X-Plane-Delivery": str(uuid4()),
            "X-Plane-Event": event,
            "X-Plane-Signature": signatures.plane(WEBHOOK_SECRET, body),
        }
        url = f"{self._vendor.bot_url.rstrip('/')}/callbacks/plane/webhook"
        self.last = (f"{event} {action}", data.get("issue", data["id"]), (url, body, headers))
        return await self._deliver()

    async def _deliver(self):
        event, item, request = self.last
        result = await self._vendor.call_back(*request)
        self.webhooks.append({"at": stamp(self._vendor.clock.now()), "event": event, "item": item, **result})
        return result


def _member(name) -> str | None:
    """The id of a member by first name, e-mail address or id."""
    for identifier, member in MEMBERS.items():
        if str(name).lower() in (identifier, member["display_name"], member["email"]):
            return identifier
    return None


def _no_item(sequence_id):
    return impossible(f"there is no work item {sequence_id}")
