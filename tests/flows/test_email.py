"""A level that names e-mail is written to: at once, never as an answer, and what is refused goes by what is left."""

from tests.flows.test_ladder import own_ladder
from tests.world import ROOT, shown

ANA = "ana@example.com"


async def configured(world, text):
    (world.folder / "config.yaml").write_text(text)
    world.command = (*world.command, "--config", str(world.folder / "config.yaml"))
    await own_ladder(world)


def written_to(world):
    return [(message["to"], message["subject"]) for message in world.sandbox.vendors["smtp"].messages]


async def test_a_level_that_names_email_is_written_to_at_once_and_nothing_is_answered_by_it(world):
    mail = world.sandbox.vendors["smtp"]
    text = (ROOT / "config.yaml").read_text()
    await configured(world, text.replace("        means: null\n", "        means: [slack, email]\n"))
    await mail.refuse(ANA, code=550)

    room = await world.declare()
    await world.until(lambda: "*The page by e-mail did not get through*" in world.room_text(room))
    assert "550: 5.1.1 No such mailbox here" in world.room_text(room)
    await world.until(lambda: world.calls and world.texts)

    await mail.accept(ANA)
    world.move("+61s")
    await world.until(lambda: written_to(world) == [([ANA], "[SEV-1] INC-1 db down")])
    await world.until(lambda: "e-mail ✓ taken by the mail server" in world.card(room))
    assert "*Not acknowledged yet*" in world.card(room)
    explained = shown(await world.say("ana", "/incident explain", room))
    assert "*E-mail* to <@U0001>: sent" in explained
