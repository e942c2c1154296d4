"""What Muster's own terms are called in front of people: means, vendors, effects, timers. It holds no layout."""

from collections.abc import Iterable, Mapping, Sequence

MEANS = {
    "button": "in Slack",
    "command": "in Slack",
    "slack": "in Slack",
    "phone": "by phone",
    "call": "by phone",
    "keypress": "by phone",
    "text": "by SMS",
    "sms": "by SMS",
    "pagerduty": "in PagerDuty",
    "opsgenie": "in Opsgenie",
}
_LANES = {
    "slack": "Slack",
    "slack-page": "Slack",
    "pagerduty": "PagerDuty",
    "opsgenie": "Opsgenie",
    "twilio": "Twilio",
    "plane": "Plane",
    "statuspage": "Statuspage",
    "smtp": "e-mail",
    "muster": "Slack",
}
"""Where Muster is its own pager, it pages by direct message."""
KINDS = {
    "create_room": "War room",
    "set_topic": "Topic",
    "post_card": "Card",
    "refresh_card": "Card",
    "pin_card": "Pinned card",
    "invite": "Invitations",
    "invite_group": "Invitation of a user group",
    "bring_over": "Invitation of everybody from the old room",
    "bookmark": "Bookmark",
    "withdraw": "Withdrawal",
    "retire_room": "End of the old room",
    "announce": "Announcement",
    "refresh_announcement": "Announcement",
    "post": "Message in the room",
    "reply": "Message in the thread",
    "react": "Reaction",
    "look_for_people": "Looking whether people are still in Slack",
    "post_reminder": "Reminder",
    "remove_reminder": "End of a reminder",
    "post_checklist": "Checklist",
    "refresh_checklist": "Checklist",
    "respond": "Answer",
    "tell": "Direct message",
    "page": "Page",
    "refresh_page": "Edit of the page",
    "call": "Phone call",
    "text": "SMS",
    "email": "E-mail",
    "hang_up": "End of the call",
    "acknowledge": "Acknowledgement",
    "resolve": "Resolution",
    "create_issue": "Issue",
    "refresh_issue": "Issue",
    "comment": "Comment on the issue",
    "create_status": "Status page",
    "update_status": "Status page update",
    "archive": "Archive",
    "unarchive": "Unarchive",
}
_CALLS = {
    "initiated": "dialling",
    "in-progress": "picked up",
    "completed": "ended",
    "no-answer": "nobody picked up",
    "failed": "could not be put through",
    "canceled": "ended before anybody picked up",
    "voicemail": "a machine picked up",
    "fax": "a fax picked up",
    "no_key": "picked up and ended without an answer key",
    "undelivered": "could not be delivered",
}
_TIMERS = {
    "acknowledge_timeout": "the next level is paged",
    "phone_call": "the phone rings",
    "page_overdue": "a page that did not get through goes by the next means",
    "repeat_ladder": "the ladder starts from the top",
    "notice": "a notice goes out",
    "sla_warning": "the time to acknowledge is nearly up",
    "sla_breach": "the time to acknowledge is up",
    "internal_update_due": "the room is reminded of an update",
    "public_update_due": "the room is reminded of an update for the public",
    "stale": "the room is asked whether it still goes on",
    "role_empty": "the room is reminded of roles that nobody has",
    "unacknowledged": "the room is reminded that nobody has acknowledged",
    "stable_check": "the room is asked whether it is stable",
    "archive_channel": "the room is archived",
    "action_due": "an action item is due",
    "test_over": "the test page ends",
}
_HOLES = {
    "on_call": "nobody is on call on {schedule}",
    "hours": "it is not for these hours",
    "here": "whoever is on it is here already",
}
_WAYS = {"slack": "Slack", "phone": "phone", "sms": "SMS", "email": "e-mail"}
OBSTACLES = {
    "off": "not connected",
    "no_number": "no number",
    "no_email": "no address",
    "unknown": "unknown in Slack",
    "deactivated": "deactivated in Slack",
}
"""What stands in the way of a means."""

RINGING = ("acknowledge_timeout", "phone_call", "repeat_ladder")
"""The timers that can still ring someone."""


def means(name: str | None) -> str:
    """How someone acknowledged: in Slack, by phone …"""
    return MEANS.get(name or "", f"by {name}" if name else "")


def lane(name: str) -> str:
    """The vendor's name."""
    return _LANES.get(name, name)


def lanes(names: str | Iterable[str]) -> str:
    """One vendor's name, or several: Slack and Twilio."""
    return " and ".join(map(lane, [names] if isinstance(names, str) else names))


def holes(found: Iterable[Mapping[str, str]]) -> str:
    """Why nobody is on a level: `kind` and `schedule` of each reason."""
    return ", ".join(_HOLES[hole["kind"]].format(schedule=hole.get("schedule")) for hole in found)


def way(means: str) -> str:
    """A means by which somebody is reached."""
    return _WAYS[means]


def call(status: str) -> str:
    """What became of a phone call, of the vendor's own word for it."""
    return _CALLS.get(status, status)


def effect(kind: str, lane_name: str = "") -> str:
    """What is owed: Issue (Plane). Slack goes without saying, but for a page; so does e-mail."""
    what = KINDS.get(kind, kind.replace("_", " ").capitalize())
    silent = lane_name in ("", "slack", "smtp") or (lane_name == "slack-page" and kind != "page")
    return what if silent else f"{what} ({lane(lane_name)})"


def within(term: str) -> str:
    """A term inside a sentence: abbreviations stay as they are."""
    return term if term.isupper() else term[:1].lower() + term[1:]


def timer(kind: str) -> str:
    """What happens when the timer is due."""
    return _TIMERS.get(kind, kind.replace("_", " "))


def count(number: int, what: str) -> str:
    """`1 channel`, `3 channels`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def are(names: Sequence[str]) -> str:
    """The verb that goes with them."""
    return "is" if len(names) == 1 else "are"
