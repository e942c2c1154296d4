"""Six people over two hours: from a message to the close, and the timeline read back as it happened."""

import re

from sandbox.slack.objects import User
from tests.flows.asking import ask, last_words
from tests.flows.test_checklists import boxes, ticked
from tests.flows.test_reminders import standing

SUPPORT, DBA, LEAD = (User(f"U001{n}", name, name.title()) for n, name in enumerate(("support", "dba", "lead")))
WHO = {"U0001": "ana", "U0002": "ben", "U0003": "chris", **{user.id: user.name for user in (SUPPORT, DBA, LEAD)}}

HAPPENED = [
    "<@support> wrote: checkout fails for everybody since about ten minutes (kept by <@support>)",
    "declared by <@support>",
    "acknowledged by <@ana> in Slack",
    "<@dba> took the role Technical lead",
    "<@support> handed the role Incident commander over to <@ben>",
    "<@ana> changed the severity from SEV-2 to SEV-1: payments are lost",
    "<@chris> took the role Communications",
    "note by <@ben>: handed over to Chris: the replica is 20 minutes behind",
    "<@ben> handed the role Incident commander over to <@chris>: the replica is 20 minutes behind",
    "<@dba> changed what is affected from nothing to database (major outage), payments (degraded)",
    "<@chris> described the impact: every payment since 14:00 is lost",
    "<@chris>: the replica is promoted",
    "<@lead> merged INC-2 into it",
    "<@dba> wrote: the lock was held by the nightly export (kept by <@dba>)",
    "<@ana> made an action item for <@ben>, due 2026-12-01: give the export a timeout",
    "<@dba> changed the status to monitoring: errors are gone",
    "mitigated, says <@dba>: errors are gone",
    "<@chris> changed the status to resolved",
    "resolved by <@chris>: the export was stopped and the replica promoted",
    "<@support> ticked: The root cause is known",
    "stable, says <@ana>",
    "<@chris> changed the status to closed",
]
"""Who did what, in this order, as the timeline words it."""

MACHINES = ("paged ", "told ", "no word ", "checklist ", "reminded ", "the vendors' ")


def told(text):
    """The lines of a timeline that are somebody's doing, without their times and links, people by their names."""
    lines = re.findall(r"^• <!date[^>]*> (.*)$", text, re.MULTILINE)
    named = [re.sub(r"<@(U\w+)>", lambda found: f"<@{WHO[found[1]]}>", line) for line in lines]
    people = [re.sub(r" <http[^>]*>$", "", line) for line in named if not line.startswith(MACHINES)]
    return list(dict.fromkeys(people))  # a message says everything twice: as text, and in blocks


async def test_six_people_over_two_hours_and_the_timeline_says_what_happened(world):
    for user in (SUPPORT, DBA, LEAD):
        world.workspace.add_user(user)

    # Support points at what a customer wrote, and declares from it.
    complaint = world.people.post("support", "#general", "checkout fails for everybody\nsince about ten minutes")
    await world.people.message_shortcut("support", "declare_from_message", "#general", complaint.ts)
    assert await world.people.submit("support", {"Severity": "SEV-2 high"}) == {}
    room = await world.until(lambda: world.rooms() and world.rooms()[-1])
    await world.until(lambda: world.workspace.channel(room).pins)
    await world.settled()

    world.move("+1m")
    await world.people.click("ana", "Acknowledge", channel=room)
    await world.until(lambda: "Acknowledged* by <@U0001>" in world.card(room))
    await ask(world, "role tech", room, who="dba")
    await ask(world, "role commander @ben", room, who="support")

    # It is worse than it looked: the page goes out anew.
    world.move("+4m")
    pages = len(world.alerts)
    await ask(world, "severity SEV-1 payments are lost", room, who="ana")
    await world.until(lambda: len(world.alerts) == pages + 1)
    await ask(world, "role comms", room, who="chris")
    await ask(world, 'handover @chris "the replica is 20 minutes behind"', room, who="ben")
    await ask(world, "services database=down, payments=degraded", room, who="dba")
    await ask(world, 'impact "every payment since 14:00 is lost"', room, who="chris")

    # Nobody has said anything for a quarter of an hour.
    world.move("+16m")
    await world.until(lambda: standing(world, room, "*An update is due.*"))
    await world.people.click("chris", "Send update", channel=room)
    await world.until(lambda: world.people.modal("chris"))
    assert await world.people.submit("chris", {"What is new?": "the replica is promoted"}) == {}

    # Somebody declares the same again, and merges it.
    await ask(world, 'start SEV-3 "payments are slow"', who="lead")
    twin = await world.until(lambda: world.rooms()[-1] if len(world.rooms()) == 2 else None)
    await world.until(lambda: world.workspace.channel(twin).pins)
    await world.settled()
    await ask(world, "merge INC-1", twin, who="lead")
    await world.people.click("lead", "Merge", channel=twin)
    await world.until(lambda: "merged *INC-2*" in world.room_text(room))

    world.move("+40m")
    await world.settled()
    found = world.people.post("dba", room, "the lock was held by the nightly export")
    world.people.react("dba", "pushpin", room, found.ts)
    await world.until(lambda: "U0BOT0001" in found.reactions.get("white_check_mark", ()))
    await ask(world, 'action "give the export a timeout" @ben 2026-12-01', room, who="ana")
    await ask(world, "status monitoring errors are gone", room, who="dba")
    await ask(world, "resolve the export was stopped and the replica promoted", room, who="chris")
    await world.settled()
    _, _, element = boxes(world, room)
    item = element["options"][0]["text"]["text"]
    await world.people.select("support", "tick", [item], channel=room)
    await world.until(lambda: item in ticked(world, room))

    world.move("+31m")
    await world.until(lambda: standing(world, room, "*Stable for 3"))
    await world.people.click("ana", "Yes, it is stable", channel=room)
    await world.until(lambda: standing(world, room, "*Stable*, says <@U0001>."))
    world.move("+28m")
    await world.settled()
    await world.people.click("chris", "Close", channel=room)
    await world.until(lambda: "Thank you" in world.room_text(room))
    await world.settled()

    latest = await ask(world, "timeline", room, who="lead")
    await world.people.click("lead", "Earlier", channel=room)
    await world.until(lambda: "– 1–" in last_words(world, LEAD.id))
    assert [*told(last_words(world, LEAD.id)), *told(latest)] == HAPPENED
    kept = world.rows("SELECT author, recorded_at FROM timeline WHERE incident = 1 ORDER BY id")
    assert {WHO[author] for author, _ in kept if author in WHO} == set(WHO.values())
    assert kept[-1][1] - kept[0][1] >= 2 * 3600 * 1000
