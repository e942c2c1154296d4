"""The sandbox's mail server keeps what it is given, and refuses, hangs and drops as real ones do."""

import asyncio
import smtplib
from contextlib import asynccontextmanager
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from sandbox.vendors.mail import PASSWORD, USER, Mail
from tests.sandbox.vendor_world import standing

ANA, BEN = "ana@example.com", "ben@example.com"


@pytest.fixture
async def world():
    async with standing(Mail) as world:
        yield world


def letter(subject="[SEV-1] db down", **headers):
    message = EmailMessage()
    given = {"From": "muster@example.com", "To": f"Ana <{ANA}>", "Date": "Mon, 05 Oct 2026 03:00:00 +0000"}
    given |= {"Message-ID": "<1@example.com>", "Auto-Submitted": "auto-generated", "Subject": subject}
    for name, value in (given | headers).items():
        if value is not None:
            message[name] = value
    message.set_content("The database is down.\n")
    message.add_alternative("<p>The database is <b>down</b>.</p>", subtype="html")
    return message


def sending(port, message, recipients=(ANA,), login=None, host="127.0.0.1"):
    with smtplib.SMTP(host, port, timeout=5) as client:
        if login:
            client.login(*login)
        return client.send_message(message, to_addrs=list(recipients))


async def send(mail, message=None, **more):
    """smtplib in a thread: another's idea of the protocol."""
    return await asyncio.to_thread(sending, mail.port, message or letter(), **more)


async def test_a_message_is_kept_with_its_headers_and_both_its_parts(world):
    await send(world.vendor, letter("Störung: db ist weg"), recipients=(ANA, BEN))

    [kept] = world.vendor.state()["messages"]
    assert (kept["from"], kept["to"], kept["subject"]) == ("muster@example.com", [ANA, BEN], "Störung: db ist weg")
    assert kept["at"] == "2026-10-05T03:00:00.000Z"
    assert (kept["text"], kept["html"]) == (
        "The database is down.\n",
        "<p>The database is <b>down</b>.</p>\n",
    )
    assert ["Auto-Submitted", "auto-generated"] in kept["headers"]


@pytest.mark.parametrize("code", [450, 451, 550])
async def test_one_mailbox_that_refuses_does_not_stop_the_others(world, code):
    await world.vendor.actions["refuse"](recipient="Ben@example.com", code=code)
    refused = await send(world.vendor, recipients=(ANA, BEN))

    assert refused[BEN][0] == code
    assert world.vendor.state()["messages"][0]["to"] == [ANA]
    await world.vendor.actions["accept"](recipient=BEN)
    assert await send(world.vendor, recipients=(BEN,)) == {}


async def test_after_a_421_the_server_hangs_up(world):
    await world.vendor.actions["refuse"](recipient=ANA, code=421)

    with pytest.raises((smtplib.SMTPServerDisconnected, smtplib.SMTPRecipientsRefused)) as refused:
        await send(world.vendor)
    assert "421" in str(refused.value) or isinstance(refused.value, smtplib.SMTPServerDisconnected)
    assert world.vendor.state()["messages"] == []


async def test_a_login_is_checked_and_not_needed(world):
    await send(world.vendor, login=(USER, PASSWORD))
    await send(world.vendor)

    with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        await send(world.vendor, login=(USER, "wrong"))
    assert refused.value.smtp_code == 535
    assert len(world.vendor.messages) == 2


async def test_a_login_can_be_insisted_on(world):
    world.vendor.login_required = True

    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        await send(world.vendor)
    assert refused.value.smtp_code == 530
    address = urlsplit(world.vendor.environment("http://127.0.0.1:8400")["SMTP_URL"])
    await send(world.vendor, login=(address.username, address.password))
    assert len(world.vendor.messages) == 1


async def test_what_others_would_mind_is_complained_of(world):
    await send(world.vendor, letter(**{"Message-ID": None, "Auto-Submitted": None}))

    complaints, world.vendor.complaints[:] = list(world.vendor.complaints), []
    assert complaints == ["smtp: a message without Message-ID", "smtp: a message without Auto-Submitted"]


async def test_nobody_can_refuse_with_a_reply_that_does_not_exist(world):
    assert (await world.vendor.actions["refuse"](recipient=ANA, code=200))["ok"] is False
    assert (await world.vendor.actions["accept"](recipient=ANA))["ok"] is False


async def test_the_story_tells_messages_and_refusals(world):
    await send(world.vendor)
    world.clock.move(seconds=1)
    await world.vendor.actions["refuse"](recipient=BEN)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await send(world.vendor, recipients=(BEN,))
    refused, sent = world.vendor.story()

    assert [line["text"] for line in sent["lines"]] == [
        "From muster@example.com",
        f"To {ANA}",
        "The database is down.",
    ]
    assert (sent["title"], sent["state"], refused["state"]) == ("[SEV-1] db down", "delivered", "refused")
    assert refused["lines"][0]["text"] == f"550 5.1.1 No such mailbox here <{BEN}>"
    assert {"label": f"{BEN} takes mail again", "action": "accept", "given": {"recipient": BEN}}.items() <= (
        world.vendor.offers()[-1].items()
    )


# in the sandbox, whose faults it meets


@asynccontextmanager
async def trouble(sandbox, kind, **options):
    sandbox.faults.add("smtp", kind, **options)
    yield sandbox.vendors["smtp"]
    sandbox.faults.clear()


async def test_the_sandbox_offers_it_and_records_what_came(sandbox):
    port = urlsplit(sandbox.environment()["SMTP_URL"]).port
    sent = asyncio.create_task(asyncio.to_thread(sending, port, letter()))
    [entry] = await sandbox.until(lambda: sandbox.record.to("smtp"))
    await sent

    assert (entry.method, entry.status, entry.body["to"]) == ("DATA", 250, [ANA])
    assert sandbox.record.violations == []


async def test_it_is_gone_with_the_sandbox(sandbox):
    port = sandbox.vendors["smtp"].port
    await send(sandbox.vendors["smtp"])
    await sandbox.vendors["smtp"].stop()

    with pytest.raises(ConnectionRefusedError):
        await asyncio.to_thread(sending, port, letter())


@pytest.mark.parametrize(
    ("kind", "options", "error", "code"),
    [
        ("status", {"code": 503}, smtplib.SMTPSenderRefused, 451),
        ("status", {"code": 554}, smtplib.SMTPSenderRefused, 554),
        ("ratelimit", {}, smtplib.SMTPSenderRefused, 450),
        ("refuse_token", {}, smtplib.SMTPSenderRefused, 530),
        ("status", {"code": 552, "match": "DATA"}, smtplib.SMTPDataError, 552),
    ],
)
async def test_a_fault_is_told_in_the_words_of_smtp(sandbox, kind, options, error, code):
    async with trouble(sandbox, kind, **options) as mail:
        with pytest.raises(error) as refused:
            await send(mail)

    assert refused.value.smtp_code == code
    assert mail.messages == []
    await send(mail)
    assert len(mail.messages) == 1


@pytest.mark.parametrize(("kind", "kept"), [("reset_before", 0), ("reset_after", 1), ("unreachable", 0)])
async def test_a_dropped_connection_leaves_the_sender_in_doubt(sandbox, kind, kept):
    async with trouble(sandbox, kind, match="DATA") as mail:
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            await send(mail)

    assert len(mail.messages) == kept


async def test_a_login_refused_by_a_fault(sandbox):
    async with trouble(sandbox, "refuse_token") as mail:
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            await send(mail, login=(USER, PASSWORD))

    assert refused.value.smtp_code == 535


async def test_it_hangs_until_the_trouble_is_over(sandbox):
    async with trouble(sandbox, "hang") as mail:
        waiting = asyncio.create_task(send(mail))
        await sandbox.until(lambda: mail.waiting)
        assert not waiting.done()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        await waiting
    assert mail.messages == []


@pytest.mark.parametrize(("moment", "kept"), [("before", 0), ("between", 1), ("after", 1)])
async def test_the_bot_can_die_of_a_message(sandbox, moment, kept):
    bot = await asyncio.create_subprocess_exec("sleep", "60")
    sandbox.kill.arm(1, moment, pid=lambda: bot.pid, match="/smtp/")
    mail = sandbox.vendors["smtp"]
    sent = asyncio.create_task(send(mail))
    try:
        assert await asyncio.wait_for(bot.wait(), 5) == -9
    finally:
        await mail.stop()
    await asyncio.gather(sent, return_exceptions=True)

    assert (sandbox.kill.done, len(mail.messages)) == (True, kept)
