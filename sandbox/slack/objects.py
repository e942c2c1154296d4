"""What a workspace is made of: people, groups, channels, messages; and the ids of the bot and its app."""

import bisect
from dataclasses import dataclass, field

TEAM = "T00000001"
BOT_USER = "U0BOT0001"
BOT = "B0BOT0001"
APP = "A0MUSTER01"


@dataclass(eq=False)
class User:
    id: str
    name: str
    real_name: str
    email: str | None = None
    guest: bool = False
    single_channel: bool = False  # a guest of one channel only
    team: str = TEAM  # another's: somebody of another company, met in a shared channel
    bot: bool = False
    zone: str = "Europe/London"  # an IANA name
    deactivated: bool = False
    updated: int = 0

    @property
    def stranger(self):
        return self.team != TEAM

    @property
    def restricted(self):
        """Sees only what they were invited to."""
        return self.guest or self.single_channel or self.stranger


@dataclass(eq=False)
class UserGroup:
    """People who are named together: @dba."""

    id: str
    handle: str
    name: str
    users: list
    created: int
    disabled: int = 0  # when; 0 = in use


@dataclass(eq=False)
class Message:
    ts: str
    channel: "Channel" = field(repr=False)
    user: str
    text: str
    blocks: list = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: dict | None = None
    edited: str | None = None
    reactions: dict = field(default_factory=dict)  # name -> users
    revisions: list = field(repr=False, default_factory=list)  # every content it ever had, the newest last
    extra: dict = field(default_factory=dict)  # what an event of its subtype carries besides

    def __post_init__(self):
        self.keep()

    def keep(self):
        self.revisions.append({"text": self.text, "blocks": self.blocks})


@dataclass(eq=False)
class Ephemeral:
    """Words that only one person sees. `source`: ack, response_url or chat.postEphemeral."""

    ts: str
    channel: "Channel" = field(repr=False)
    user: str
    text: str
    blocks: list
    source: str


@dataclass(eq=False)
class Channel:
    id: str
    name: str
    kind: str  # public, private or im
    creator: str
    created: int
    members: dict = field(default_factory=dict)  # an ordered set
    archived: bool = False
    topic: str = ""
    purpose: str = ""
    set_by: dict = field(repr=False, default_factory=dict)  # topic, purpose -> who and when
    previous_names: list = field(repr=False, default_factory=list)
    index: dict = field(repr=False, default_factory=dict)  # ts -> Message
    order: list = field(repr=False, default_factory=list)  # every ts, ascending
    threads: dict = field(repr=False, default_factory=dict)  # parent's ts -> replies
    pins: dict = field(repr=False, default_factory=dict)  # ts -> (Message, who, when)
    bookmarks: dict = field(repr=False, default_factory=dict)

    @property
    def private(self):
        return self.kind != "public"

    @property
    def messages(self):
        return [self.index[ts] for ts in self.order]

    def between(self, oldest, latest, inclusive):
        """The ts of messages in a range, ascending."""
        left, right = (
            (bisect.bisect_left, bisect.bisect_right) if inclusive else (bisect.bisect_right, bisect.bisect_left)
        )
        start = left(self.order, oldest) if oldest else 0
        end = right(self.order, latest) if latest else len(self.order)
        return self.order[start:end]
