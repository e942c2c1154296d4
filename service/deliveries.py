"""Which vendor's verb carries out which effect. One row is one call."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from domain.errors import Permanent
from domain.paging import MESSAGES
from domain.record import Owed, Receipt, Record
from service.ports import Chat, Mail, Pager, Phone, StatusPage, Tracker

Verb = Callable[[Record, Owed], Awaitable[Receipt]]


@dataclass(frozen=True, slots=True)
class Vendors:
    """What is connected, by lane."""

    chat: Chat
    pagers: Mapping[str, Pager] = field(default_factory=dict)
    phones: Mapping[str, Phone] = field(default_factory=dict)
    trackers: Mapping[str, Tracker] = field(default_factory=dict)
    status_pages: Mapping[str, StatusPage] = field(default_factory=dict)
    mails: Mapping[str, Mail] = field(default_factory=dict)

    def verbs(self) -> dict[str, dict[str, Verb]]:
        """Every lane with its verbs, by the name of the effect."""
        lanes: dict[str, dict[str, Verb]] = {"slack": _chat(self.chat), MESSAGES: _messages(self.chat)}
        for lane, pager in self.pagers.items():
            lanes[lane] = {"page": pager.page, "acknowledge": pager.acknowledge, "resolve": pager.resolve}
        for lane, phone in self.phones.items():
            lanes[lane] = {"call": phone.call, "text": phone.text, "hang_up": phone.hang_up}
        for lane, tracker in self.trackers.items():
            lanes[lane] = {
                "create_issue": tracker.create_issue,
                "refresh_issue": tracker.refresh_issue,
                "comment": tracker.comment,
            }
        for lane, page in self.status_pages.items():
            lanes[lane] = {"create_status": page.create_status, "update_status": page.update_status}
        for lane, mail in self.mails.items():
            lanes[lane] = {"email": mail.email}
        return lanes


def _chat(chat: Chat) -> dict[str, Verb]:
    return {
        "create_room": chat.create_room,
        "unarchive": chat.unarchive,
        "archive": chat.archive,
        "set_topic": chat.set_topic,
        "post_card": chat.post_card,
        "refresh_card": chat.refresh_card,
        "pin_card": chat.pin_card,
        "invite": chat.invite,
        "invite_group": chat.invite_group,
        "bring_over": chat.bring_over,
        "retire_room": chat.retire_room,
        "withdraw": chat.withdraw,
        "bookmark": chat.bookmark,
        "announce": chat.announce,
        "refresh_announcement": chat.refresh_announcement,
        "post": chat.post,
        "reply": chat.reply,
        "react": chat.react,
        "post_checklist": chat.post_checklist,
        "refresh_checklist": chat.refresh_checklist,
        "post_reminder": chat.post_reminder,
        "remove_reminder": chat.remove_reminder,
        "respond": chat.respond,
        "tell": chat.tell,
        "look_for_people": chat.look_for_people,
    }


def _messages(chat: Chat) -> dict[str, Verb]:
    return {"page": chat.page, "refresh_page": chat.refresh_page}


async def disconnected(record: Record, owed: Owed) -> Receipt:
    """Carries out what is owed to a vendor that config.yaml no longer connects."""
    raise Permanent(f"{owed.lane} is not connected (see integrations in config.yaml)")
