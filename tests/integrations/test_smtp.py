"""A page by e-mail, at a real mail server: what is said, to whom, and every refusal in words people can act on."""

import pytest

from domain.errors import Permanent, Temporary
from integrations.smtp import Smtp
from sandbox.vendors.mail import PASSWORD, USER, Mail
from tests.integrations.records import KEY, ROOM, T0, owed, record
from tests.sandbox.vendor_world import standing

ANA = "ana@example.com"
TO_ANA = {"person": "ana", "name": "Ana", "email": ANA}
HOSTILE = 'db"down\r\nBcc: eve@example.com\x00 \N{FIRE} ' + "x" * 2000


@pytest.fixture
async def world():
    async with standing(Mail) as world:
        yield world


def smtp(world, login="", **more):
    return Smtp(url=f"smtp://{login}127.0.0.1:{world.vendor.port}", **more)


async def sent(world, *refs, data=None, **changes):
    """The message as the server has it, and the receipt."""
    receipt = await smtp(world).email(record(*refs, **changes), owed("email", **(TO_ANA | (data or {}))))
    return world.vendor.messages[-1], receipt


async def test_the_page_says_who_what_where_and_how_to_acknowledge(world):
    message, receipt = await sent(world, ROOM)

    assert (message["to"], message["subject"]) == ([ANA], "[SEV-1] INC-42 db down")
    assert message["text"] == (
        "Ana, you are paged.\n\n"
        "SEV-1 incident INC-42: db down\n\n"
        "Since 2026-11-20 03:04 UTC. Nobody has acknowledged it yet.\n\n"
        "nothing answers\n\n"
        "Its room: https://example.com/archives/C0042\n\n"
        "Acknowledge it in Slack: by the button in its room, or /incident ack INC-42.\n\n"
        "Nobody reads an answer to this e-mail, and it acknowledges nothing.\n"
    )
    assert message["html"] == ""
    assert world.vendor.complaints == []
    assert receipt.result == "taken by the mail server"


async def test_a_repeat_is_known_by_its_message_id_and_no_machine_answers_it(world):
    for _ in range(2):
        _, receipt = await sent(world)
    headers = [dict(each["headers"]) for each in world.vendor.messages]
    assert {each["Message-ID"] for each in headers} == {f"<{KEY}.7@127.0.0.1>"} == {receipt.vendor_id}
    assert {each["Auto-Submitted"] for each in headers} == {"auto-generated"}


async def test_what_people_typed_adds_no_header_and_no_complaint(world):
    message, _ = await sent(world, title=HOSTILE, description=HOSTILE)
    assert message["to"] == [ANA]
    assert "Bcc" not in dict(message["headers"])
    assert world.vendor.complaints == []


async def test_whoever_has_answered_is_said_and_so_is_an_alarm_and_a_test(world):
    assert "Somebody has acknowledged it already." in (await sent(world, acknowledged_at=T0))[0]["text"]
    assert "Ana, nobody in the ladder can be reached." in (await sent(world, data={"alarm": True}))[0]["text"]
    test, _ = await sent(world, test=True)
    assert test["subject"] == "TEST by Muster, INC-42: nothing is wrong"
    assert "db down" not in test["text"]


@pytest.mark.parametrize(("code", "error"), [(450, Temporary), (452, Temporary), (550, Permanent), (554, Permanent)])
async def test_4xx_is_for_now_and_5xx_for_good_and_no_reason_names_the_address(world, code, error):
    await world.vendor.refuse(ANA, code=code)
    with pytest.raises(error) as refused:
        await sent(world)
    assert str(code) in refused.value.reason
    assert ANA not in refused.value.reason


@pytest.mark.parametrize("deed", ["email", "prove"])
async def test_a_wrong_password_says_what_to_check_and_not_what_it_was(world, deed):
    world.vendor.login_required = True
    client = smtp(world, f"{USER}:wrong-password@")
    with pytest.raises(Permanent) as refused:
        await (client.prove() if deed == "prove" else client.email(record(), owed("email", **TO_ANA)))
    assert "check the user and the password in SMTP_URL" in refused.value.reason
    assert "wrong-password" not in refused.value.reason


async def test_the_right_password_lets_in(world):
    world.vendor.login_required = True
    client = smtp(world, f"{USER}:{PASSWORD}@", sender="muster@example.com")
    await client.prove()
    await client.email(record(), owed("email", **TO_ANA))
    assert world.vendor.messages[-1]["from"] == "muster@example.com"


@pytest.mark.parametrize("deed", ["email", "prove"])
async def test_nobody_there_is_for_now(world, deed):
    client = smtp(world)
    await world.vendor.stop()
    with pytest.raises(Temporary) as failure:
        await (client.prove() if deed == "prove" else client.email(record(), owed("email", **TO_ANA)))
    assert "The mail server cannot be reached" in failure.value.reason


def test_a_password_leaves_this_machine_by_tls_alone():
    def tls(url):
        server = Smtp(url=url)._server
        return server["use_tls"], server["start_tls"], server["port"]

    assert tls("smtp://muster:secret@mail.example.com") == (False, True, 587)
    assert tls("smtps://muster:secret@mail.example.com") == (True, None, 465)
    assert tls("smtp://mail.example.com:25") == (False, None, 25)
