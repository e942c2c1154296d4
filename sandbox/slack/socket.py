"""Socket Mode: connections, envelopes and their acknowledgements. What an envelope holds is not its business."""

import asyncio
import contextlib
import itertools
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .errors import SlackError
from .objects import APP

MOST = 10
ACK_SECONDS = 3.0
ATTEMPTS = 3


@dataclass(eq=False)
class Delivery:
    """One sending of one envelope. Times are seconds of time.monotonic()."""

    envelope: dict
    on_ack: object
    patience: float  # seconds that Slack waits for the acknowledgement
    sent: float | None = None  # None: no connection was there to take it
    acked: float | None = None
    payload: object = None
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ms(self):
        return None if self.acked is None else (self.acked - self.sent) * 1000

    async def ack(self):
        """Whether the acknowledgement came in time."""
        if self.sent is None:
            return False
        try:
            await asyncio.wait_for(self.done.wait(), self.patience)
        except TimeoutError:
            return False
        return True


class Connection:
    def __init__(self, ws, request):
        self.ws = ws
        self.request = request
        self.silent = False

    @property
    def open(self):
        """Whether something can be sent: not closed, and not about to be."""
        transport = self.request.transport
        return not self.ws.closed and transport is not None and not transport.is_closing()

    def cut(self):
        """Nothing goes out and nothing is read any more, yet it stays open: a cable that was cut."""
        self.silent = True
        self.request.transport.pause_reading()

    async def send(self, frame):
        if not self.silent and self.open:
            await self.ws.send_str(json.dumps(frame))

    def abort(self):
        if self.request.transport is not None:
            self.request.transport.abort()


class SocketMode:
    def __init__(self, record, bell):
        self._record, self._bell = record, bell
        self._tickets = set()
        self._connections = []
        self.opened = 0  # how many connections there ever were
        self._turn = itertools.count()
        self._resending = set()
        self._deaf = False
        self.deliveries = []  # every sending, in order
        self._latest = {}  # envelope id -> its latest Delivery
        self.ack_seconds = ACK_SECONDS

    # connections

    @property
    def connections(self):
        """Those that hear."""
        return [c for c in self._connections if not c.silent and c.open]

    @property
    def is_deaf(self):
        """Whether new connections hear nothing either."""
        return self._deaf

    def ticket(self):
        """For the url of one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def handler(self, request):
        ticket = request.query.get("ticket")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="this url was used before, or never handed out")
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=False, timeout=1)
        await ws.prepare(request)
        if len(self.connections) >= MOST:
            await ws.send_json(_disconnect("too_many_websockets"))
            await ws.close()
            return ws
        connection = Connection(ws, request)
        if self._deaf:
            connection.cut()
        self._connections.append(connection)
        self.opened += 1
        try:
            await connection.send(self._hello())
            self._bell.ring()
            await self._read(connection)
        finally:
            self._connections.remove(connection)
            self._bell.ring()
        return ws

    def _hello(self):
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-0", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP},
        }

    async def _read(self, connection):
        while True:
            frame = await connection.ws.receive()
            if frame.type == WSMsgType.PING:
                with contextlib.suppress(ConnectionResetError):  # who asked has gone: the next frame says so
                    await connection.ws.pong(frame.data)
            elif frame.type == WSMsgType.TEXT:
                self._acknowledged(frame.data)
            elif frame.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                return

    def _acknowledged(self, text):
        try:
            frame = json.loads(text)
            delivery = self._latest[frame["envelope_id"]]
        except (ValueError, KeyError, TypeError):
            self._record.violate(f"Socket Mode: a frame that acknowledges nothing: {text[:200]}")
            return
        if delivery.done.is_set():
            return
        delivery.acked, delivery.payload = time.monotonic(), frame.get("payload")
        if delivery.payload and not delivery.envelope["accepts_response_payload"]:
            self._record.violate(f"Socket Mode: payload for an envelope of type {delivery.envelope['type']} takes none")
        elif delivery.payload and delivery.on_ack and delivery.ms <= delivery.patience * 1000:
            delivery.on_ack(delivery.payload)
        delivery.done.set()
        self._bell.ring()

    # envelopes

    async def send(self, type, payload, accepts=False, on_ack=None, **fields):
        """Put an envelope on any one open connection; does not wait for its acknowledgement."""
        envelope = {"envelope_id": str(uuid.uuid4()), "type": type, "accepts_response_payload": accepts, **fields}
        return await self._send(Delivery({**envelope, "payload": payload}, on_ack, self.ack_seconds))

    async def redeliver(self, envelope_id=None):
        """Send an envelope again, the last one when none is named, and wait for its acknowledgement."""
        before = self._latest[envelope_id] if envelope_id else self.deliveries[-1]
        again = await self._send(Delivery(before.envelope, before.on_ack, self.ack_seconds))
        await again.ack()
        return again

    async def _send(self, delivery):
        self.deliveries.append(delivery)
        self._latest[delivery.envelope["envelope_id"]] = delivery
        if hearing := self.connections:
            delivery.sent = time.monotonic()
            await hearing[next(self._turn) % len(hearing)].send(delivery.envelope)
        elif self._connections:
            delivery.sent = time.monotonic()  # into a dead cable
        return delivery

    def event(self, payload):
        """Send an event, and again while it is not acknowledged."""
        task = asyncio.create_task(self._event(payload))
        self._resending.add(task)
        task.add_done_callback(self._resending.discard)

    async def _event(self, payload):
        for attempt in range(ATTEMPTS + 1):
            reason = "timeout" if attempt else ""
            delivery = await self.send("events_api", payload, retry_attempt=attempt, retry_reason=reason)
            if delivery.sent is None:
                await asyncio.sleep(self.ack_seconds)
            elif await delivery.ack():
                return

    # trouble on demand

    async def disconnect(self, reason):
        """Announce the end: warning, refresh_requested or link_disabled. The connection closes, but for a warning."""
        for connection in self.connections:
            await connection.send(_disconnect(reason))
            if reason == "link_disabled":
                await connection.ws.close()

    def cut(self):
        """The cable is cut: what is connected stays open and hears nothing more. New connections work."""
        for connection in self.connections:
            connection.cut()

    def deaf(self):
        """Nothing is heard or said on any connection, new ones too, until `hear`."""
        self._deaf = True
        self.cut()

    def hear(self):
        """New connections work again; those that were silent stay so."""
        self._deaf = False

    def abort(self):
        """Reset every connection."""
        for connection in list(self._connections):
            connection.abort()

    async def stop(self):
        for task in list(self._resending):
            task.cancel()
        self.abort()


def check_app_token(token, expected):
    if token is None:
        raise SlackError("not_authed")
    if token.startswith("xoxb-"):
        raise SlackError("not_allowed_token_type")
    if token != expected:
        raise SlackError("invalid_auth")


def _disconnect(reason):
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-0"}}
