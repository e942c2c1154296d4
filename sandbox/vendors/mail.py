"""A mail server on localhost: takes every message and keeps it, refuses where it was told to. It forwards nothing."""

import asyncio
import re
import weakref
from email import message_from_bytes, policy
from email.utils import getaddresses

from aiosmtpd.smtp import SMTP, AuthResult

from sandbox.vendors import words
from sandbox.vendors.base import Vendor, impossible, stamp

USER, PASSWORD = "muster", "sandbox-smtp-password"
LONGEST_LINE = 998
REPLIES = {
    421: "421 4.3.2 Service not available, closing transmission channel",
    450: "450 4.2.0 Mailbox temporarily unavailable",
    451: "451 4.3.0 Local error in processing",
    452: "452 4.3.1 Insufficient system storage",
    454: "454 4.7.0 Temporary authentication failure",
    530: "530 5.7.0 Authentication required",
    535: "535 5.7.8 Authentication credentials invalid",
    550: "550 5.1.1 No such mailbox here",
    552: "552 5.2.2 Mailbox full",
    554: "554 5.7.1 Message refused",
}
NEEDED = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")


class Mail(Vendor):
    """One server without TLS, for loopback alone. Who logs in must know the password; nobody has to.

    The sandbox's faults are met at the steps /smtp/AUTH, /smtp/MAIL, /smtp/RCPT/<address> and /smtp/DATA.
    """

    name = "smtp"
    title = "E-mail"

    def __init__(self, clock, post):
        super().__init__(clock, post)
        self.messages: list[dict] = []
        self.attempts: list[dict] = []
        self.refusals: dict[str, int] = {}
        self.waiting = 0  # conversations that hang
        self.login = False  # whether SMTP_URL holds user and password
        self.login_required = False
        self.actions = {"refuse": self.refuse, "accept": self.accept}
        self._server: asyncio.Server | None = None
        self._conversations: weakref.WeakSet[SMTP] = weakref.WeakSet()

    async def start(self):
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: self._conversation(loop), "127.0.0.1", 0)

    async def stop(self):
        if self._server is not None:
            self._server.close()
        for conversation in self._conversations:
            if conversation.transport is not None:
                conversation.transport.abort()
        await super().stop()

    def _conversation(self, loop):
        conversation = SMTP(
            _Hooks(self), loop=loop, hostname="sandbox.example.com", enable_SMTPUTF8=True, auth_require_tls=False,
            authenticator=_checked,
        )  # fmt: skip
        self._conversations.add(conversation)
        return conversation

    @property
    def port(self) -> int:
        return self._server.sockets[0].getsockname()[1]

    def environment(self, base_url):
        self.base_url = base_url
        login = f"{USER}:{PASSWORD}@" if self.login or self.login_required else ""
        return {"SMTP_URL": f"smtp://{login}127.0.0.1:{self.port}"}

    def state(self):
        return {"messages": self.messages, "refused": self.attempts, "refusals": self.refusals}

    def story(self):
        return words.mail(self.state())

    def offers(self):
        return words.mail_offers(self.refusals)

    def refusal(self, kind, retry_after=None, path=""):
        """The reply line for a fault of the sandbox."""
        step = path.removeprefix(f"/{self.name}/")
        if kind == "ratelimit":
            return REPLIES[454 if step == "AUTH" else 450]
        if kind == "refuse_token":
            return REPLIES[535 if step == "AUTH" else 530]
        return REPLIES[454 if step == "AUTH" else 451]

    # what people do

    async def refuse(self, recipient, code=550):
        """From now on the mailbox takes nothing: 421, 450, 451 and 452 for now, 550, 552 and 554 for good."""
        if int(code) not in REPLIES:
            return impossible(f"there is no reply {code}; there are {', '.join(map(str, REPLIES))}")
        self.refusals[recipient.lower()] = int(code)
        return {"ok": True, "refusals": self.refusals}

    async def accept(self, recipient):
        """The mailbox takes mail again."""
        if self.refusals.pop(recipient.lower(), None) is None:
            return impossible(f"{recipient} refuses nothing")
        return {"ok": True, "refusals": self.refusals}

    # the conversation

    async def step(self, server, path) -> str | None:
        """The reply of a fault that is met here, or None. A connection that is dropped never returns."""
        fault = await self.edge.meet(path)
        if fault is None:
            return None
        step = path.split("/")[2]
        if fault.kind == "hang":
            await self._hang(fault)
        if fault.kind in ("hang", "unreachable", "reset_before", "reset_after"):
            await self.drop(server, taken=step == "DATA" and fault.kind == "reset_after")
        known = REPLIES.get(fault.code) if fault.kind == "status" else None  # else a status that only HTTP has
        return await self.refused(server, step, known or self.refusal(fault.kind, path=path))

    async def _hang(self, fault):
        self.waiting += 1
        try:
            await fault.wait()
        finally:
            self.waiting -= 1

    async def refused(self, server, step, reply) -> str:
        """The reply, noted. After a 421 the server itself hangs up."""
        self.attempts.append({"at": stamp(self.clock.now()), "step": step, "reply": reply})
        self.edge.note(step, f"/{self.name}/{step}", {}, int(reply[:3]), reply)
        if reply.startswith("421"):
            await server.push(reply)
            server.transport.close()
            await _cancelled()
        return reply

    async def drop(self, server, taken=False):
        """Resets the connection; `taken`: after the message was kept, so that the sender cannot know."""
        if taken:
            self.take(server.envelope)
        server.transport.abort()
        await _cancelled()

    async def deliver(self, server, envelope) -> str:
        """DATA's reply: the message is kept, and the bot may die of it."""
        moment = self.edge.moment(f"/{self.name}/DATA")
        if moment == "before":
            self.edge.kill()
            await self.drop(server)
        self.take(envelope)
        if moment == "between":
            self.edge.kill()
            await self.drop(server)
        if moment == "after":
            await server.push("250 2.0.0 Taken")
            self.edge.kill()
            await _cancelled()
        return "250 2.0.0 Taken"

    def take(self, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        self._judge(message, envelope.content)
        headers = [[name, str(value)] for name, value in message.items()]
        kept = {
            "at": stamp(self.clock.now()), "from": envelope.mail_from, "to": list(envelope.rcpt_tos),
            "subject": str(message.get("Subject", "")), "headers": headers,
            "text": _part(message, "plain"), "html": _part(message, "html"), "bytes": len(envelope.content),
        }  # fmt: skip
        self.messages.append(kept)
        self.edge.note("DATA", f"/{self.name}/DATA", kept, 250, "250 2.0.0 Taken")

    def _judge(self, message, content):
        """What other servers would mind, or what makes a message look like junk."""
        for name in NEEDED:
            if message.get(name) is None:
                self.complain(f"a message without {name}")
        if any(len(line) > LONGEST_LINE for line in content.split(b"\r\n")):
            self.complain(f"a line longer than {LONGEST_LINE} octets")
        if not content.split(b"\r\n\r\n", 1)[0].isascii():
            self.complain("a header with characters that are not ASCII and not encoded")
        if not all(
            re.fullmatch(r"[^@\s]+@[^@\s]+", address) for _name, address in getaddresses([message.get("To", "")])
        ):
            self.complain(f"To is no list of addresses: {message.get('To')}")


class _Hooks:
    """What aiosmtpd calls at each step; the names are its own."""

    def __init__(self, mail):
        self._mail = mail

    async def handle_AUTH(self, server, session, envelope, args):  # noqa: N802
        reply = await self._mail.step(server, "/smtp/AUTH")
        if reply is not None:
            return reply
        method = {"LOGIN": server.auth_LOGIN, "PLAIN": server.auth_PLAIN}.get(args[0])
        if method is None:
            return "504 5.5.4 Unrecognized authentication type"
        result = await method(server, args)
        session.authenticated = bool(result.success)
        if result.success:
            return "235 2.7.0 Authentication successful"
        return None if result.handled else REPLIES[535]

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        reply = await self._mail.step(server, "/smtp/MAIL")
        if reply is None and self._mail.login_required and not session.authenticated:
            reply = await self._mail.refused(server, "MAIL", REPLIES[530])
        if reply is None:
            envelope.mail_from, envelope.mail_options = address, [*envelope.mail_options, *options]
        return reply or "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        mail, code = self._mail, self._mail.refusals.get(address.lower())
        reply = await mail.step(server, f"/smtp/RCPT/{address}")
        if reply is None and code:
            reply = await mail.refused(server, "RCPT", f"{REPLIES[code]} <{address}>")
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        reply = await self._mail.step(server, "/smtp/DATA")
        return reply or await self._mail.deliver(server, envelope)


def _checked(_server, _session, _envelope, _mechanism, data) -> AuthResult:
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)  # the reply is still to be given


async def _cancelled():
    """Waits to be ended with the connection."""
    await asyncio.get_running_loop().create_future()


def _part(message, kind) -> str:
    """The text or the HTML of a message, with line feeds alone."""
    part = message.get_body((kind,))
    return "" if part is None else part.get_content().replace("\r\n", "\n")
