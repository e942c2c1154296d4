"""The ids that buttons and menus send, and the values they carry. Handlers listen for exactly these."""

import json
import re
from collections.abc import Iterable

from domain.errors import Refused
from domain.paging import Step
from views.modals import Declared

ACKNOWLEDGE = "acknowledge"
ADD_UPDATE = "add_update"
ADD_PUBLIC = "add_public_update"
RESOLVE_OPEN = "resolve_open"
VIEW_ISSUE = "view_issue"
RUNBOOKS = "runbooks"
RETRY = "retry"
ESCALATE = "escalate"
JOIN = "join"
CANNOT = "cannot"
REOPEN = "reopen"
CLOSE = "close"
DRAFT_POSTMORTEM = "draft_postmortem"
PUBLISH_STATUS = "publish_status"
DECLINE_STATUS = "decline_status"
UNDO = "undo_declaration"
MERGE = "merge"
END_DUPLICATE = "end_duplicate"
KEEP_APART = "keep_apart"
PICK_INTO = "pick_into:"
"""Before the verb and the number of the incident that goes into what is picked: `pick_into:merge:9`."""
CANCEL_OVERRIDE = "cancel_override"
DECLARE_ANYWAY = "declare_anyway"
TRIAGE = "triage"
JOIN_INSTEAD = "join_instead"
DECLARE_OPEN = "declare_open"
TEST_PAGE = "test_page"
CHANGE_SERVICES = "change_services"
MAKE_PRIVATE = "make_private"
REMOVE_LINK = "remove_link"
MORE = "more"
"""The card's three dots: each choice is a verb and an incident's number."""

WHOLE_RUNBOOK = "whole_runbook"
CATCH_UP = "catch_up"
CORRECT = "correct"
EARLIER = "timeline_earlier"
LATER = "timeline_later"
REVIEW_DRAFT = "review_draft"
NEW_ACTION = "new_action"
ACTION_DONE, ACTION_REOPEN = "action_done", "action_reopen"
MINE_DONE, MINE_REOPEN = "mine_done", "mine_reopen"
HOME_DONE, HOME_REOPEN = "home_done", "home_reopen"
DUE_DONE, DUE_REOPEN = "due_done", "due_reopen"
"""The same, pressed in the list of one's own, on the Home tab, and in the reminder of one that is due."""

EDIT_LISTED, EDIT_MINE, EDIT_HOME, EDIT_DUE = "edit_listed", "edit_mine", "edit_home", "edit_due"
"""What asks in these four places how an action item should be instead."""

TICK = "tick"
SNOOZE = "snooze"
SNOOZE_OFF = "snooze_off"
STABLE = "stable"
CLOSE_SURE = "close_sure"
ROLES = "roles"
TAKE_ROLE, LEAVE_ROLE, GIVE_ROLE = "take_role:", "leave_role:", "give_role:"
"""Before the role, with the incident in the button's value; a menu carries nothing, so its id has the incident too."""

PICK_RUNBOOK = "pick_runbook:"
PICK_CHECKLIST = "pick_checklist:"
"""Both before the incident's number; 0 for a runbook that only the asker wants to see."""

PICK = "pick:"
"""Before the verb for which an incident is picked: `pick:resolve`."""

VALUE_MOST = 2000
"""What Slack lets a button carry, in characters."""

TOO_OLD = "This button is too old to be understood. `/incident list` shows what there is."


def pick(verb: str) -> str:
    """The id of the menu that asks which incident a verb is meant for."""
    return f"{PICK}{verb}"


def read_pick(action_id: str) -> str:
    """The verb."""
    return action_id.removeprefix(PICK)


def read_number(value: str) -> int:
    """The incident, or the override, that a button is about. Raises Refused, as do the others here, for what no button
    carries."""
    return _numbers(value, 1)[0]


def pick_runbook(number: int) -> str:
    """The id of the menu that asks which runbook."""
    return f"{PICK_RUNBOOK}{number}"


def pick_checklist(number: int) -> str:
    """The id of the menu that asks which checklist."""
    return f"{PICK_CHECKLIST}{number}"


def read_picked_for(action_id: str) -> int:
    """The incident's number in the id of either menu."""
    return read_number(action_id.partition(":")[2])


def boxes_id(number: int, checklist: str, ticked: Iterable[str]) -> str:
    """The block of a checklist's boxes. It carries the marks of the items that are ticked in it, so that a click tells
    what was seen; and whenever they change it is another block, whose boxes Slack shows as they are sent."""
    return f"checklist:{number}:{checklist}:{','.join(ticked)}"


def read_boxes(block_id: str) -> tuple[int, str, frozenset[str]]:
    """The incident's number, the checklist and the marks."""
    found = re.fullmatch(r"checklist:([0-9]{1,9}):([^:]+):([0-9a-f,]*)", block_id)
    if not found:
        raise Refused(TOO_OLD)
    return int(found[1]), found[2], frozenset(filter(None, found[3].split(",")))


def pick_into(verb: str, number: int) -> str:
    """The id of the menu that asks into which one."""
    return f"{PICK_INTO}{verb}:{number}"


def read_pick_into(action_id: str) -> tuple[str, int]:
    """The verb, and the number of the incident that goes."""
    verb, _, number = action_id.removeprefix(PICK_INTO).partition(":")
    return verb, read_number(number)


def pair_value(number: int, into: int) -> str:
    """What the button of a merge carries: which one goes, and into which."""
    return f"{number}:{into}"


def read_pair(value: str) -> tuple[int, int]:
    """Both numbers."""
    number, into = _numbers(value, 2)
    return number, into


def more_value(verb: str, number: int) -> str:
    """What a choice of the three dots carries."""
    return f"{verb}:{number}"


def read_more(value: str) -> tuple[str, int]:
    """The verb and the incident's number."""
    verb, _, number = value.partition(":")
    if not verb.isalpha():
        raise Refused(TOO_OLD)
    return verb, read_number(number)


def take_role(role: str) -> str:
    """The id of a button that takes a role."""
    return f"{TAKE_ROLE}{role}"


def leave_role(role: str) -> str:
    """The id of a button that leaves one."""
    return f"{LEAVE_ROLE}{role}"


def give_role(number: int, role: str) -> str:
    """The id of a menu that hands one over."""
    return f"{GIVE_ROLE}{number}:{role}"


def read_role(action_id: str) -> str:
    """The role in the id of either button."""
    return action_id.partition(":")[2]


def read_give_role(action_id: str) -> tuple[int, str]:
    """The incident's number and the role in the id of a menu."""
    number, _, role = action_id.removeprefix(GIVE_ROLE).partition(":")
    return read_number(number), role


def role_value(number: int, seen: str) -> str:
    """What a button that takes a role carries: the incident, and who has it as its reader sees it."""
    return f"{number}:{seen}"


def read_role_value(value: str) -> tuple[int, str]:
    """The incident's number, and who was seen."""
    number, _, seen = value.partition(":")
    return read_number(number), seen


def retry_value(number: int, owed: int) -> str:
    """What a Retry button carries: the incident and the row of the outbox."""
    return f"{number}:{owed}"


def read_retry(value: str) -> tuple[int, int]:
    """The incident's number and the row's id."""
    number, owed = _numbers(value, 2)
    return number, owed


def page_value(number: int, page: int) -> str:
    """What turns a page of the timeline: the incident, and the page, 0 the newest."""
    return f"{number}:{page}"


def read_page(value: str) -> tuple[int, int]:
    """The incident's number and the page."""
    number, page = _numbers(value, 2)
    return number, page


def draft_value(number: int, source: str) -> str:
    """What *Review and publish* carries: the incident, and the message that the draft was made of."""
    return f"{number}:{source}"


def read_draft(value: str) -> tuple[int, str]:
    """The incident's number and the message."""
    number, _, source = value.partition(":")
    return read_number(number), source


def cannot_value(number: int, of: Step) -> str:
    """What *Can't* carries: the incident, and the level and the round in which its reader was paged."""
    return f"{number}:{of.level}:{of.round}"


def read_cannot(value: str) -> tuple[int, Step]:
    """The incident's number, and what the reader was paged for."""
    number, level, round = _numbers(value, 3)
    return number, Step(level, round)


def declare_value(wanted: Declared) -> str:
    """What *Declare anyway* brings back; empty when it is more than a button can carry."""
    fields = [wanted.title, wanted.severity, wanted.services, wanted.description, wanted.private]
    value = json.dumps(fields, ensure_ascii=False)
    return value if len(value) <= VALUE_MOST else ""


def read_declare(value: str) -> Declared:
    """The other way round."""
    try:
        title, severity, services, description, private = json.loads(value)
        return Declared(str(title), str(severity), tuple(map(str, services)), str(description), bool(private))
    except (ValueError, TypeError):
        raise Refused(TOO_OLD) from None


def _numbers(value: str, how_many: int) -> list[int]:
    parts = value.split(":")
    if len(parts) != how_many or not all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts):
        raise Refused(TOO_OLD)
    return [int(part) for part in parts]
