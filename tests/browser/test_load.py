"""200 channels and 5,000 messages: whatever a person does at the page is answered within 100 ms (the medians)."""

import random
from statistics import median

import pytest

from sandbox.slack.workspace import BOT_USER

PEOPLE = ("U0001", "U0002", "U0003")
CHANNELS, MESSAGES = 200, 5000
AT_MOST_MS = 100
ROUNDS = 9
CARD = [
    {"type": "header", "text": {"type": "plain_text", "text": "INC-1 checkout returns 500"}},
    {"type": "section", "fields": [{"type": "mrkdwn", "text": f"*Field {n}*\nwords <@U0001>"} for n in range(6)]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": f"do_{n}", "text": {"type": "plain_text", "text": f"Button {n}"}}
            for n in range(4)
        ],
    },
]
# The time from an act to the frame in which its effect has been laid out.
TIMED = """async ([act, done, given]) => {
  const acts = {
    open: (at) => document.querySelector(`#sidebar [data-at="${at}"]`).click(),
    type: (letter) => {
      const field = document.querySelector("#composer-text");
      field.value += letter;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    menu: () => {
      const row = [...document.querySelectorAll("#stage .row")].at(-1);
      row.dispatchEvent(new PointerEvent("pointerenter"));
      row.querySelector(".more").click();
    },
    send: (words) => {
      const field = document.querySelector("#composer-text");
      field.value = words;
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    },
    find: () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true })),
    tab: (name) => document.querySelector(`#tab-of-${name}`).click(),
    become: (name) => {
      document.querySelector("#person").click();
      [...document.querySelectorAll("[role=menuitemradio]")].find((each) => each.textContent.includes(name)).click();
    },
    older: () => { document.querySelector("#stage .scroller").scrollTop = 0; },
  };
  const dones = {
    opened: (at) => document.querySelector("#stage .row .body")?.textContent.includes(`in ${at}`),
    typed: () => true,
    listed: () => !document.querySelector(".completion").hidden,
    shown: () => document.querySelector("[role=menu]"),
    told: () => document.querySelectorAll(".vendor").length,
    become: (name) => document.querySelector("#person").textContent.includes(name)
      && document.querySelectorAll("#sidebar .entry").length > 3,
    said: (words) => [...document.querySelectorAll("#stage .row")].at(-1)?.textContent.includes(words),
    longer: (first) => document.querySelector("#stage .row").dataset.ts < first,
  };
  const until = performance.now() + 5000;
  const begun = performance.now();
  acts[act](given);
  while (!dones[done](given) && performance.now() < until) await new Promise((after) => setTimeout(after, 1));
  document.body.getBoundingClientRect();
  return performance.now() - begun;
}"""


def furnish(sandbox):
    """A workspace as it is after a year: ids of its channels. One channel holds half of all that was said."""
    workspace, chance = sandbox.slack.workspace, random.Random(7)
    rooms = [workspace.add_channel(f"inc-{n}-something-broke", BOT_USER, (*PEOPLE, BOT_USER)) for n in range(CHANNELS)]
    for n in range(MESSAGES):
        room = rooms[0] if n % 2 else rooms[chance.randrange(CHANNELS)]
        words = f"message {n} in {room.id} with *some* `markup` and <@U0002>"
        workspace.post(room, chance.choice(PEOPLE), words, CARD if n % 10 == 0 else ())
    for room in rooms:
        workspace.post(room, BOT_USER, f"the last of all in {room.id}")
    return [room.id for room in rooms]


@pytest.mark.slow
async def test_any_interaction_answers_within_a_tenth_of_a_second(sandbox, hands):
    """A figure that is too large is taken again, twice at most: the machine may be busy with something else."""
    rooms = furnish(sandbox)
    ana = await hands(f"{sandbox.url}/?at={rooms[1]}")
    await ana.presses("more channels")
    await ana.sees(ana.row("in "))
    figures = {}
    for _ in range(3):
        for name, ms in (await _figures(sandbox, ana, rooms)).items():
            figures[name] = min(ms, figures.get(name, ms))
        if max(figures.values()) <= AT_MOST_MS:
            break
    print("\n" + "\n".join(f"{name}: {ms:.0f} ms" for name, ms in figures.items()))
    assert {name: ms for name, ms in figures.items() if ms > AT_MOST_MS} == {}
    assert await ana.stage.locator(".row").count() < 200


async def _figures(sandbox, ana, rooms):
    """Milliseconds by what was done: medians."""

    async def measured(act, done, each):
        return median([await ana.page.evaluate(TIMED, [act, done, given]) for given in each])

    figures = {
        "opening a channel": await measured("open", "opened", rooms[2 : 2 + ROUNDS]),
        "opening the largest": await measured("open", "opened", [rooms[0], rooms[3]] * 3),
        "typing a letter": await measured("type", "typed", "checkout is slow"),
    }
    await ana.page.locator("#composer-text").fill("")
    words = [f"words number {random.randrange(10**9)}" for _ in range(ROUNDS)]
    figures["sending a message"] = await measured("send", "said", words)
    menus, finds, tabs, fetches = [], [], [], []
    for _ in range(ROUNDS):
        menus.append(await ana.page.evaluate(TIMED, ["menu", "shown", None]))
        await ana.page.keyboard.press("Escape")
        finds.append(await ana.page.evaluate(TIMED, ["find", "shown", None]))
        await ana.page.keyboard.press("Escape")
        tabs.append(await ana.page.evaluate(TIMED, ["tab", "told", "vendors"]))
        await ana.tab("Phone")
    figures |= {"finding a channel": median(finds), "opening the vendors": max(tabs)}
    figures["being somebody else"] = await measured("become", "become", ["Ben", "Chris", "Ana"])
    figures["hearing a message"] = await _heard(sandbox, ana, rooms[3])
    await ana.page.locator(f'#sidebar [data-at="{rooms[0]}"]').click()
    await ana.sees(ana.row(f"in {rooms[0]}"))
    for _ in range(5):
        first = await ana.stage.locator(".row").first.get_attribute("data-ts")
        fetches.append(await ana.page.evaluate(TIMED, ["older", "longer", first]))
    return figures | {"opening a menu": median(menus), "fetching older messages": median(fetches)}


async def _heard(sandbox, ana, room):
    """From a message's posting at the server to its row in the window: milliseconds of one clock, both being here."""
    workspace = sandbox.slack.workspace
    await ana.page.evaluate(
        """() => { window.heard = {}; new MutationObserver(() => {
          const words = [...document.querySelectorAll("#stage .row .body")].at(-1)?.textContent ?? "";
          if (words.startsWith("news ")) window.heard[words] ??= Date.now();
        }).observe(document.querySelector("#stage"), { childList: true, subtree: true }); }"""
    )
    times = []
    for _ in range(ROUNDS):
        begun = await ana.page.evaluate("Date.now()")
        words = f"news {random.randrange(10**9)}"
        workspace.post(workspace.channel(room), "U0003", words)
        await ana.sees(ana.row(words))
        times.append(await ana.page.evaluate(f"window.heard['{words}']") - begun)
    return median(times)
