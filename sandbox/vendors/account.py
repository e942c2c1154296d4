"""What a Twilio account holds: its calls and messages, as JSON like Twilio's. No HTTP and no telephone."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

ACCOUNT_SID = "AC5a4db0c5000000000000000000000001"
AUTH_TOKEN = "sandbox-twilio-auth-token"
PHONE_NUMBER = "+15005550006"
API_VERSION = "2010-04-01"
ENDED = ("completed", "busy", "failed", "no-answer", "canceled")

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_DOUBLE = frozenset("^{}\\[~]|€")  # each takes two places


@dataclass
class Call:
    """One call to a person; ringing from the moment it is made."""

    to: str
    from_: str
    created: datetime
    twiml: str = ""
    url: str = ""
    timeout: int = 60
    callback: str = ""
    events: tuple[str, ...] = ("completed",)
    machine_detection: str = ""  # Enable, DetectMessageEnd, or nothing
    starts: datetime | None = None  # when it is dialled, where calls wait for each other
    sid: str = field(default_factory=lambda: f"CA{uuid.uuid4().hex}")
    status: str = "ringing"
    answered: datetime | None = None
    ended: datetime | None = None
    answered_by: str | None = None
    callbacks: int = 0
    said: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    pressed_after: list[int] = field(default_factory=list)  # how much had been said when each key was pressed
    errors: list[str] = field(default_factory=list)
    error_code: int = 0
    error_message: str = ""

    @property
    def dialled(self) -> datetime:
        return self.starts or self.created

    @property
    def rings_until(self) -> datetime:
        return self.dialled + timedelta(seconds=self.timeout)

    @property
    def seconds(self) -> int:
        """How long people spoke; a call that was answered lasted at least a second."""
        if self.answered is None or self.ended is None:
            return 0
        return max(1, int((self.ended - self.answered).total_seconds()))

    def to_json(self, status=None) -> dict:
        path = f"/{API_VERSION}/Accounts/{ACCOUNT_SID}/Calls/{self.sid}"
        return {
            "sid": self.sid, "account_sid": ACCOUNT_SID, "status": status or self.status, "direction": "outbound-api",
            "to": self.to, "to_formatted": self.to, "from": self.from_, "from_formatted": self.from_,
            "date_created": rfc2822(self.created), "date_updated": rfc2822(self.ended or self.answered or self.created),
            "start_time": None if (status or self.status) == "queued" else rfc2822(self.dialled),
            "end_time": rfc2822(self.ended),
            "duration": str(self.seconds) if self.answered and self.ended else None,
            "answered_by": self.answered_by if self.machine_detection else None,
            "price": None, "price_unit": "USD", "queue_time": "0", "api_version": API_VERSION,
            "parent_call_sid": None, "phone_number_sid": None, "forwarded_from": None, "group_sid": None,
            "caller_name": None, "trunk_sid": None, "uri": f"{path}.json",
            "subresource_uris": {"notifications": f"{path}/Notifications.json"},
        }  # fmt: skip

    def to_state(self) -> dict:
        told = {"said": self.said, "pressed": self.pressed, "errors": self.errors, "twiml": self.twiml, "url": self.url}
        answered = {"date_answered": rfc2822(self.answered), "who": self.answered_by, "error_code": self.error_code}
        return self.to_json() | told | answered | {"timeout": self.timeout, "pressed_after": self.pressed_after}


@dataclass
class Message:
    """One SMS, delivered at once unless something is wrong with the line."""

    to: str
    from_: str
    body: str
    created: datetime
    direction: str = "outbound-api"
    status: str = "delivered"
    callback: str = ""
    error_code: int | None = None
    error_message: str | None = None
    sid: str = field(default_factory=lambda: f"SM{uuid.uuid4().hex}")

    @property
    def arrived(self) -> bool:
        """Whether it is on the phone that it was sent to; of one that is only `sent` nobody knows otherwise."""
        return self.status not in ("undelivered", "failed")

    def to_json(self, status=None) -> dict:
        path = f"/{API_VERSION}/Accounts/{ACCOUNT_SID}/Messages/{self.sid}"
        return {
            "sid": self.sid, "account_sid": ACCOUNT_SID, "messaging_service_sid": None, "api_version": API_VERSION,
            "status": status or self.status, "direction": self.direction, "to": self.to, "from": self.from_,
            "body": self.body, "num_segments": str(segments(self.body)), "num_media": "0",
            "date_created": rfc2822(self.created), "date_updated": rfc2822(self.created),
            "date_sent": None if status == "queued" else rfc2822(self.created),
            "price": None, "price_unit": "USD", "error_code": self.error_code, "error_message": self.error_message,
            "uri": f"{path}.json",
            "subresource_uris": {"media": f"{path}/Media.json"},
        }  # fmt: skip


def rfc2822(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment)


def segments(text: str) -> int:
    """How many SMS a text takes: one character outside GSM-7 makes the whole of it UCS-2."""
    if all(character in GSM7 or character in GSM7_DOUBLE for character in text):
        length, whole, part = len(text) + sum(character in GSM7_DOUBLE for character in text), 160, 153
    else:
        length, whole, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= whole else -(-length // part)
