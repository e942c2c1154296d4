"""What the sandbox's record says of each declared incident: its page, its room, its calls. It only reads."""

import json
import re
from dataclasses import dataclass, field

TITLE = re.compile(r"bench[ -]command[ -](\d+)")
ANNOUNCED_IN = "C0INCIDENTS"
STEPS = {"conversations.setTopic": "topic", "conversations.invite": "invited", "pins.add": "pinned"}
ROOM = {"created", "topic", "card", "pinned", "invited", "announced"}


def title(number: int) -> str:
    return f"bench command {number}"


@dataclass
class Trace:
    """One incident: when its page arrived, and when each step of its room began and was answered."""

    page: float | None = None
    steps: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def room(self) -> float | None:
        """When the room was complete."""
        return max(answered for _, answered in self.steps.values()) if self.steps.keys() >= ROOM else None

    @property
    def sequential(self) -> int:
        """The longest chain of its steps in which each began after the one before was answered."""
        chain, last = 0, float("-inf")
        for began, answered in sorted(self.steps.values(), key=lambda step: step[1]):
            if began >= last:
                chain, last = chain + 1, answered
        return chain


class Traces:
    """Keeps up with the record as it grows: each request is read once when it arrives and once when it is answered."""

    def __init__(self, record) -> None:
        self._record = record
        self._read = 0
        self._unanswered = []
        self._channels: dict[str, str] = {}
        self._traces: dict[str, Trace] = {}

    def complete(self, names: list[str], rooms: bool) -> bool:
        """Whether every page, and with `rooms` every room, is there."""
        self._keep_up()
        traces = [self._trace(name) for name in names]
        return all(trace.page and (trace.room or not rooms) for trace in traces)

    def of(self, name: str) -> dict:
        self._keep_up()
        trace = self._trace(name)
        return {"page": trace.page, "room": trace.room, "calls": len(trace.steps), "sequential": trace.sequential}

    def _trace(self, name: str) -> Trace:
        return self._traces.setdefault(name, Trace())

    def _keep_up(self) -> None:
        new, self._read = self._record.requests[self._read :], len(self._record.requests)
        for request in new:
            self._arrived(request)
        waiting, self._unanswered = [*self._unanswered, *new], []
        for request in waiting:
            if request.answered is None:
                self._unanswered.append(request)
            elif request.service == "slack":
                self._answered(request)

    def _arrived(self, request) -> None:
        if request.service == "pagerduty" and request.body.get("event_action") == "trigger":
            trace = self._trace(_named(request.body["payload"]["summary"]))
            trace.page = trace.page or request.arrived

    def _answered(self, request) -> None:
        response = request.response if isinstance(request.response, dict) else {}
        if not response.get("ok"):
            return
        match request.method:
            case "conversations.create":
                name = _named(response["channel"]["name"])
                self._channels[response["channel"]["id"]] = name
                self._step(name, "created", request)
            case "chat.postMessage" if request.body["channel"] == ANNOUNCED_IN:
                self._step(_named(json.dumps(request.body)), "announced", request)
            case "chat.postMessage" if request.body["channel"] in self._channels:
                self._step(self._channels[request.body["channel"]], "card", request)
            case method if method in STEPS:
                self._step(self._channels[request.body["channel"]], STEPS[method], request)

    def _step(self, name: str, step: str, request) -> None:
        self._trace(name).steps.setdefault(step, (request.arrived, request.answered))


def number_in(text: str) -> int:
    """That of the title in what was sent; a request about anything else is a fault of the bench."""
    return int(TITLE.search(text)[1])


def _named(text: str) -> str:
    return title(number_in(text))
