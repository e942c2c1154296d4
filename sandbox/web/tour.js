// Six steps that show a newcomer what there is, each beside what it speaks of. It goes on by itself when the thing has
// been done, can be left at any time, and comes back with "?".

import { inTurn, look } from "./api.js";
import { button, el, find } from "./dom.js";
import { moveClock } from "./clock.js";
import { keep, kept } from "./kept.js";
import { unfold } from "./panel.js";
import { go, here, place } from "./place.js";
import { on, rooms, world } from "./world.js";

const KEPT = "muster-tour";
const GAP_PX = 12;
const READ_MS = 4000;

const STEPS = [
  {
    title: "Declare an incident",
    words: "Press the button, write what is broken, choose SEV-1 and send the form. Or type /incident in the message field.",
    at: () => find("#declare-first") ?? find(".quick"),
    below: () => find(".welcome > :last-child"),
    done: () => rooms().some((room) => !room.archived),
  },
  {
    title: "Its room and its card",
    words: "Muster has paged Ana and opened a room. The card on top shows who was paged and what is done. Its buttons work.",
    enter: () => enterRoom(),
    again: () => enterRoom(), // Muster invites a moment after it has opened the room
    at: () => find("#stage .row.pinned") ?? roomEntry(),
    done: () => false,
  },
  {
    title: "Nobody answers, so the phone rings",
    words: "Nobody has acknowledged yet. For a SEV-1 Muster rings two minutes later: move the clock instead of waiting.",
    enter: () => unfold("phone"),
    at: () => find(".handset"),
    offer: () => ["+2 min", () => moveClock("+2m")],
    done: () => world.ringing.length > 0 || acknowledged(),
  },
  {
    title: "Answer, and press 1",
    words: "Answer the phone and press 1 to acknowledge. Or press Acknowledge on the card: after that nobody is rung.",
    enter: () => unfold("phone"),
    at: () => (find(".keypad") && find(".handset .screen")) ?? find(".handset .buttons") ?? find(".handset"),
    done: () => acknowledged(),
    read: true, // what Muster says to the key stands on the phone, which the next step puts away
  },
  {
    title: "Break something",
    words: "Press Break it, then send /incident update and some words. The ledger shows what Muster still owes the vendor; end the trouble, and it is delivered.",
    enter: () => lookAt("trouble"),
    at: () => find(`#tab-${watched}`)?.querySelector("form, h2"),
    offer: () => (watched === "trouble" ? ["Watch the ledger", () => turn("ledger")] : ["Back to the trouble", () => turn("trouble")]),
    done: () => false,
  },
  {
    title: "Resolve it, and let a day pass",
    words: "Press Mark resolved on the card and say what helped. 24 hours later Muster archives the room.",
    enter: () => unfold("clock"),
    at: () => find("#tab-clock .buttons"),
    offer: () => (newest?.status === "resolved" ? ["+24 h", () => moveClock("+24h")] : null),
    done: () => rooms().some((room) => room.archived),
  },
];

let step = -1;
let card = null;
let newest = null; // the newest incident, as Muster's own ledger has it
let entered = false;
let watched = ""; // of trouble and the ledger, the tab that the fifth step shows
let leaving = null; // the wait before a step whose end wants reading is left

export function startTours() {
  for (const kind of ["channel", "ringing", "phone", "message", "frame"]) on(kind, follow);
  on("opened", settle);
  const shape = new ResizeObserver(settle); // of the window, by the banner, by a panel that is folded
  for (const part of ["#stage", "#panel"]) shape.observe(find(part));
  on("snapshot", first);
}

let offered = false;
function first() {
  if (offered || rooms().length || remembered()) return;
  offered = true;
  show(0);
}

// Where an incident is open there is none to declare first.
export function startTour() {
  show(STEPS[0].done() ? 1 : 0);
}

function show(next) {
  leave();
  clearTimeout(leaving);
  leaving = null;
  entered = false;
  step = next;
  if (step >= STEPS.length) return end();
  STEPS[step].enter?.();
  draw();
  if (step > 0 || document.activeElement === document.body) find("button.main", card)?.focus({ preventScroll: true });
  return undefined;
}

function draw() {
  const { title, words, offer } = STEPS[step];
  const [label, act] = offer?.() ?? [];
  const last = step === STEPS.length - 1;
  card = el(
    "div",
    { class: "tour", role: "dialog", "aria-label": `Step ${step + 1} of ${STEPS.length}: ${title}`, on: { keydown: (event) => event.key === "Escape" && end() } },
    el("small", {}, `${step + 1} of ${STEPS.length}`),
    el("h2", {}, title),
    el("p", {}, words),
    el("div", { class: "buttons" },
      label ? button(label, act, { class: "main" }) : null,
      step ? button("Back", () => show(step - 1)) : null,
      button(last ? "Done" : "Next", () => show(step + 1), label || !step ? {} : { class: "main" }),
      button("Skip the tour", end, { class: "link" }),
    ),
  );
  document.body.append(card);
  settle();
  setTimeout(settle, 350);
}

// Beside what it speaks of, wherever there is room.
function settle() {
  if (!card) return;
  document.querySelectorAll(".tour-target").forEach((each) => each.classList.remove("tour-target"));
  const target = STEPS[step].at();
  const size = card.getBoundingClientRect();
  const at = target?.getBoundingClientRect();
  if (!at?.width) {
    card.style.left = `${(innerWidth - size.width) / 2}px`;
    card.style.top = `${innerHeight - size.height - 24}px`;
    return;
  }
  target.classList.add("tour-target");
  const under = STEPS[step].below?.()?.getBoundingClientRect();
  const right = !under && at.right + GAP_PX + size.width < innerWidth;
  const leftwards = !under && !right && at.left - GAP_PX - size.width > 0;
  let left = right ? at.right + GAP_PX : leftwards ? at.left - GAP_PX - size.width : at.left;
  let top = right || leftwards ? at.top : (under ?? at).bottom + GAP_PX;
  left = Math.min(Math.max(8, left), innerWidth - size.width - 8);
  top = Math.min(Math.max(8, top), innerHeight - size.height - 8);
  card.style.left = `${left}px`;
  card.style.top = `${top}px`;
}

function follow() {
  if (step < 0) return;
  if (step >= 2) ask();
  STEPS[step].again?.();
  if (STEPS[step].done()) onwards();
  else settle();
}

// At once, or when there was time to read what the step has led to.
function onwards() {
  if (!STEPS[step].read) return show(step + 1);
  leaving ??= setTimeout(() => show(step + 1), READ_MS);
  return settle();
}

// What is offered may have changed with the incident.
function again() {
  if (STEPS[step].done()) return onwards();
  leave();
  return draw();
}

function lookAt(tab) {
  watched = tab;
  unfold(tab);
}

function turn(tab) {
  lookAt(tab);
  again();
  find("button.main", card)?.focus({ preventScroll: true });
}

function leave() {
  document.querySelectorAll(".tour-target").forEach((each) => each.classList.remove("tour-target"));
  card?.remove();
  card = null;
}

function end() {
  leave();
  clearTimeout(leaving);
  leaving = null;
  step = -1;
  keep(KEPT, "seen");
}

function remembered() {
  return kept(KEPT) === "seen";
}

// Once a step: whoever goes elsewhere afterwards is not brought back.
function enterRoom() {
  const room = rooms().find((each) => !each.archived && each.members.includes(world.me));
  if (!room || entered) return;
  entered = true;
  if (place.at !== room.id) go(room.id);
}

function roomEntry() {
  const room = rooms()[0] ?? here();
  return room ? find(`#sidebar [data-at="${CSS.escape(room.id)}"]`) : null;
}

function acknowledged() {
  return Boolean(newest?.acknowledged);
}

const ask = inTurn(async () => {
  try {
    const { incidents } = await look("ledger");
    const was = `${newest?.acknowledged} ${newest?.status}`;
    newest = incidents[0] ?? null;
    if (step >= 0 && `${newest?.acknowledged} ${newest?.status}` !== was) again();
  } catch {
    // Muster is away; the next change asks again.
  }
});

