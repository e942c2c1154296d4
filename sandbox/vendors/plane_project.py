"""What a Plane project holds, and the checks of Plane's serializers over it. No HTTP."""

from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sandbox.vendors.base import stamp

WORKSPACE = "sandbox"
WORKSPACE_ID = "5a4db0c5-0000-4000-8000-000000000001"
PROJECT_ID = "5a4db0c5-0000-4000-8000-000000000002"
IDENTIFIER = "ROOSE"
FOREIGN_LABEL = "5a4db0c5-0000-4000-8000-0000000000f1"  # a label of another project
ANA, BEN, CHRIS, GUEST = (f"5a4db0c5-0000-4000-8000-00000000010{number}" for number in (1, 2, 3, 9))

PRIORITIES = ("urgent", "high", "medium", "low", "none")
GROUPS = ("backlog", "unstarted", "started", "completed", "cancelled", "triage")
STATES = (
    ("Backlog", "backlog"), ("Todo", "unstarted"), ("In Progress", "started"), ("Done", "completed"),
    ("Cancelled", "cancelled"),
)  # fmt: skip
EXTERNAL = ("external_id", "external_source")
ITEM_FIELDS = frozenset((
    "name", "description_html", "priority", "state", "labels", "assignees", "parent", "start_date", "target_date",
    "point", "type_id", "type", "estimate_point", "sort_order", "is_draft", *EXTERNAL,
))  # fmt: skip
COMMENT_FIELDS = frozenset(("comment_html", "comment_json", "access", *EXTERNAL))
LINK_FIELDS = frozenset(("url", "title"))
LABEL_FIELDS = frozenset(("name", "color", "description", "parent", "sort_order", *EXTERNAL))
STATE_FIELDS = frozenset(("name", "color", "description", "group", "sequence", "is_triage", "default", *EXTERNAL))
LONGEST = 255


class InvalidError(Exception):
    """A 400, with Plane's body."""

    def __init__(self, body):
        super().__init__(str(body))
        self.body = body


class ConflictError(Exception):
    """A 409: it exists already, and this is its id."""

    def __init__(self, sentence, existing):
        super().__init__(sentence)
        self.id = existing["id"]


class MissingError(Exception):
    """A 404."""


def _member(identifier, name):
    return {
        "id": identifier, "first_name": name, "last_name": "", "email": f"{name.lower()}@example.com", "avatar": "",
        "avatar_url": "", "display_name": name.lower(),
    }  # fmt: skip


MEMBERS = {identifier: _member(identifier, name) for identifier, name in ((ANA, "Ana"), (BEN, "Ben"), (CHRIS, "Chris"))}


class Project:
    """Work items, their comments and links, the states and the labels; every dict is what the API shows."""

    def __init__(self, clock, complain):
        self._clock = clock
        self._complain = complain
        self.items: dict[str, dict] = {}
        self.comments: dict[str, dict[str, dict]] = {}
        self.links: dict[str, list[dict]] = {}
        self.labels: dict[str, dict] = {}
        self.states: dict[str, dict] = {}
        self.history: dict[str, list[dict]] = {}
        for name, group in STATES:
            self.create_state({"name": name, "group": group, "color": "#60646C", "default": group == "backlog"})

    # work items

    def create_item(self, given) -> dict:
        self._check_item({"name": None, **given})
        self._check_external(self.items, given, "Issue")
        state = next(state for state in self.states.values() if state["default"])
        item = self._row() | {
            "name": "", "description_html": "<p></p>", "description_binary": None, "priority": "none", "labels": [],
            "assignees": [], "state": state["id"], "sequence_id": len(self.items) + 1, "sort_order": 65535.0,
            "parent": None, "point": None, "type": None, "type_id": None, "estimate_point": None, "start_date": None,
            "target_date": None, "completed_at": None, "archived_at": None, "is_draft": False, "external_id": None,
            "external_source": None,
        }  # fmt: skip
        self.items[item["id"]], self.comments[item["id"]], self.links[item["id"]] = item, {}, []
        self.history[item["id"]] = []
        self._write(item, given)
        return item

    def update_item(self, item, given) -> None:
        self._check_item(given)
        self._check_external(self.items, {name: item[name] for name in EXTERNAL} | given, "Issue", but=item)
        self._write(item, given)

    def _write(self, item, given):
        for name, allowed in (("labels", set(self.labels)), ("assignees", set(MEMBERS))):
            if name in given:
                given = given | {name: self._kept(name, given[name], allowed)}
        changed = {name: value for name, value in given.items() if item[name] != value}
        item.update(given, updated_at=self._now())
        if "state" in changed:
            done = self.states[item["state"]]["group"] == "completed"
            item["completed_at"] = self._now() if done else None
        told = changed | ({"state": self.states[item["state"]]["name"]} if "state" in changed else {})
        self.history[item["id"]].append({"at": self._now(), "changed": told})

    def _kept(self, name, identifiers, allowed):
        dropped = [identifier for identifier in identifiers if identifier not in allowed]
        if dropped:
            self._complain(f"{name} {', '.join(dropped)} do not belong to the project and are dropped")
        return [identifier for identifier in identifiers if identifier in allowed]

    def _check_item(self, given):
        errors = _text_faults(given, "name", needed="name" in given, most=LONGEST)
        errors |= _text_faults(given, "description_html") | _external_faults(given)
        if given.get("priority", "none") not in PRIORITIES:
            errors["priority"] = [f'"{given["priority"]}" is not a valid choice.']
        known = {"labels": {*self.labels, FOREIGN_LABEL}, "assignees": {*MEMBERS, GUEST}}
        for name, identifiers in known.items():
            errors |= _list_faults(given, name, identifiers)
        state = given.get("state")
        if state is not None and not _is_uuid(state):
            errors["state"] = [f"“{state}” is not a valid UUID."]
        if errors:
            raise InvalidError(errors)
        if "state" in given and state not in self.states:
            raise InvalidError({"non_field_errors": ["State is not valid please pass a valid state_id"]})

    def external(self, rows, external_id, external_source):
        """The row that carries both, or None."""
        for row in rows.values():
            if row["external_id"] == external_id and row["external_source"] == external_source:
                return row
        return None

    def numbered(self, sequence_id):
        """The work item of that number, or None."""
        return next((item for item in self.items.values() if str(item["sequence_id"]) == str(sequence_id)), None)

    # comments and links

    def create_comment(self, item, given) -> dict:
        comments = self.comments[item["id"]]
        self._check_comment(given)
        self._check_external(comments, given, "Comment")
        if not given.get("comment_html"):
            self._complain("a comment without comment_html is empty")
        comment = self._row() | {
            "comment_html": "<p></p>", "access": "INTERNAL", "attachments": [], "external_id": None, "edited_at": None,
            "external_source": None, "issue": item["id"], "actor": ANA, "parent": None, "description": None,
            "is_member": True,
        } | {name: value for name, value in given.items() if name != "comment_json"}  # fmt: skip
        comments[comment["id"]] = comment
        return comment

    def update_comment(self, comment, given) -> dict:
        self._check_comment(given)
        comment.update(given, edited_at=self._now(), updated_at=self._now())
        return comment

    def _check_comment(self, given):
        errors = _text_faults(given, "comment_html") | _external_faults(given)
        if given.get("access", "INTERNAL") not in ("INTERNAL", "EXTERNAL"):
            errors["access"] = [f'"{given["access"]}" is not a valid choice.']
        if errors:
            raise InvalidError(errors)

    def create_link(self, item, given) -> dict:
        links, url = self.links[item["id"]], given.get("url")
        errors = _text_faults(given, "url", needed=True)
        if given.get("title") is not None:
            errors |= _text_faults(given, "title", most=LONGEST)
        if errors:
            raise InvalidError(errors)
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise InvalidError({"error": ["Invalid URL format."]})
        if any(link["url"] == url for link in links):
            raise InvalidError({"error": "URL already exists for this Issue"})
        links.append(self._row() | {"url": url, "title": given.get("title"), "metadata": {}, "issue": item["id"]})
        return links[-1]

    # states and labels

    def create_state(self, given) -> dict:
        errors = _text_faults(given, "name", needed=True, most=LONGEST)
        errors |= _text_faults(given, "color", needed=True, most=LONGEST)
        if given.get("group", "backlog") not in GROUPS:
            errors["group"] = [f'"{given["group"]}" is not a valid choice.']
        self._check_named(self.states, given, errors, "State")
        state = self._row() | {
            "description": "", "slug": given["name"].lower().replace(" ", "-"), "group": "backlog", "default": False,
            "is_triage": False, "sequence": 15000.0 * (len(self.states) + 1), "external_id": None,
            "external_source": None,
        } | given  # fmt: skip
        self.states[state["id"]] = state
        return state

    def create_label(self, given) -> dict:
        errors = _text_faults(given, "name", needed=True, most=LONGEST) | _text_faults(given, "color", most=LONGEST)
        self._check_named(self.labels, given, errors, "Label")
        label = self._row() | {
            "description": "", "color": "", "sort_order": 65535.0, "parent": None, "external_id": None,
            "external_source": None,
        } | given  # fmt: skip
        self.labels[label["id"]] = label
        return label

    def state_of_group(self, group) -> dict:
        return next(state for state in self.states.values() if state["group"] == group)

    def _check_named(self, rows, given, errors, what):
        if errors:
            raise InvalidError(errors)
        for row in rows.values():
            if row["name"] == given["name"]:
                raise ConflictError(f"{what} with the same name already exists in the project", row)

    def _check_external(self, rows, given, what, but=None):
        if given.get("external_id") and given.get("external_source"):
            existing = self.external(rows, given["external_id"], given["external_source"])
            if existing is not None and existing is not but:
                raise ConflictError(f"{what} with the same external id and external source already exists", existing)

    # shown to people

    def told(self) -> dict:
        items = [self.item_told(item) for item in self.items.values()]
        states, labels, members = (list(each.values()) for each in (self.states, self.labels, MEMBERS))
        return {"items": items, "labels": labels, "states": states, "members": members}

    def item_told(self, item) -> dict:
        """The work item as a person sees it on the board: names for ids, with its comments, links and changes."""
        state, identifier = self.states[item["state"]], item["id"]
        return item | {
            "identifier": f"{IDENTIFIER}-{item['sequence_id']}", "state_name": state["name"], "group": state["group"],
            "label_names": [self.labels[label]["name"] for label in item["labels"]],
            "comments": list(self.comments[identifier].values()), "links": self.links[identifier],
            "history": self.history[identifier],
        }  # fmt: skip

    def to_json(self) -> dict:
        return self._row() | {"id": PROJECT_ID, "name": "Roose", "identifier": IDENTIFIER, "description": ""}

    def _row(self) -> dict:
        now = self._now()
        return {
            "id": str(uuid4()), "created_at": now, "updated_at": now, "deleted_at": None, "created_by": ANA,
            "updated_by": None, "project": PROJECT_ID, "workspace": WORKSPACE_ID,
        }  # fmt: skip

    def _now(self) -> str:
        return stamp(self._clock.now())


def get(rows, identifier) -> dict:
    """The row of that id. MissingError where there is none."""
    if identifier not in rows:
        raise MissingError
    return rows[identifier]


def _text_faults(given, name, needed=False, most=None) -> dict:
    if given.get(name) is None and (needed or name in given):
        return {name: ["This field is required." if needed else "This field may not be null."]}
    text = given.get(name, "")
    if not isinstance(text, str):
        return {name: ["Not a valid string."]}
    if needed and not text.strip():
        return {name: ["This field may not be blank."]}
    if most and len(text) > most:
        return {name: [f"Ensure this field has no more than {most} characters."]}
    return {}


def _external_faults(given) -> dict:
    errors: dict = {}
    for name in EXTERNAL:
        if given.get(name) is not None:
            errors |= _text_faults(given, name, most=LONGEST)
    return errors


def _list_faults(given, name, known) -> dict:
    if not isinstance(given.get(name, []), list):
        return {name: ['Expected a list of items but got type "str".']}
    for place, identifier in enumerate(given.get(name, [])):
        if not _is_uuid(identifier):
            return {name: {str(place): [f"“{identifier}” is not a valid UUID."]}}
        if identifier not in known:
            return {name: {str(place): [f'Invalid pk "{identifier}" - object does not exist.']}}
    return {}


def _is_uuid(text) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except (TypeError, ValueError, AttributeError):
        return False
