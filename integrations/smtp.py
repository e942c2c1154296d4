"""E-mail by any server that speaks SMTP: a page in plain words. Nobody reads what is answered to it."""

import re
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from domain.errors import Permanent, Temporary
from domain.record import Owed, Receipt, Record
from integrations.http import Vendor
from views import mail

ADVICE = {
    530: "SMTP_URL needs a user and a password",
    535: "check the user and the password in SMTP_URL",
    550: "check the address in config.yaml, and that the server may send as integrations.smtp.from_email",
}
PORTS = {"smtp": 587, "smtps": 465}
WITHIN_S = 4.0
"""Before the lane itself ends the attempt, so that the reason is the server's."""

ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")


class Smtp:
    """A Mail. `url` is `smtps://user:password@host:465`, or `smtp://` with STARTTLS: wherever the server offers it, and
    always before a password leaves this machine."""

    def __init__(self, *, url: str, sender: str | None = None) -> None:
        parts = urlsplit(url)
        self._host, self._user = parts.hostname or "", unquote(parts.username or "")
        password = unquote(parts.password or "")
        self._sender = sender or (self._user if "@" in self._user else f"muster@{self._host}")
        here = self._host in ("localhost", "127.0.0.1", "::1")
        self._server = {
            "hostname": self._host,
            "port": parts.port or PORTS[parts.scheme],
            "username": self._user or None,
            "password": password or None,
            "use_tls": parts.scheme == "smtps",
            "start_tls": True if parts.scheme == "smtp" and password and not here else None,
            "timeout": WITHIN_S,
        }
        self._vendor = Vendor("The mail server", "SMTP_URL", ADVICE, (password,))

    async def email(self, record: Record, owed: Owed) -> Receipt:
        """A repeat may arrive twice, as SMTP has no way to look: mail programs know it by its Message-ID."""
        message = self._written(record, owed)
        try:
            await aiosmtplib.send(message, **self._server)
        except SMTPRecipientsRefused as refused:
            raise self._refusal(refused.recipients[0]) from refused
        except SMTPResponseException as refused:
            raise self._refusal(refused) from refused
        except (TimeoutError, SMTPException, OSError) as failure:
            raise Temporary(f"The mail server cannot be reached ({type(failure).__name__})") from failure
        return Receipt(str(message["Message-ID"]), result="taken by the mail server")

    async def prove(self) -> None:
        """Says hello, logs in where there is a password, and leaves. Raises Permanent where that is refused."""
        try:
            async with aiosmtplib.SMTP(**self._server):
                return
        except SMTPResponseException as refused:
            raise self._refusal(refused) from refused
        except (TimeoutError, SMTPException, OSError) as failure:
            raise Temporary(f"The mail server cannot be reached ({type(failure).__name__})") from failure

    def _written(self, record: Record, owed: Owed) -> EmailMessage:
        room = record.ref("channel")
        subject, text = mail.page(
            record.incident, str(owed.data.get("name") or ""), room.url if room else "", owed.data
        )
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = formataddr(("Muster", self._sender))
        message["To"] = str(owed.data["email"])
        message["Date"] = format_datetime(owed.due_at)
        message["Message-ID"] = f"<{record.key}.{owed.id}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message

    def _refusal(self, refused: SMTPResponseException) -> Temporary | Permanent:
        """4xx is for now, 5xx for good. The reply may name the person's address, which stays out of every log."""
        said = ADDRESS.sub("[address]", refused.message)
        if refused.code < 500:
            return Temporary(f"The mail server is in trouble ({refused.code}: {self._vendor.safe(said)})")
        return self._vendor.refusal(refused.code, said)
