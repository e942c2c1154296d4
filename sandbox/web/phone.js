// The phone of the person of this window: who calls, what is said, the keys, and the texts.

import { vendor } from "./api.js";
import { button, el, fill, find, icon, refill } from "./dom.js";
import { moveClock } from "./clock.js";
import { openLink } from "./context.js";
import { attempt, say } from "./notice.js";
import { become } from "./place.js";
import { hour, span } from "./times.js";
import { hush, ring, setSound, soundIsOn, speak } from "./tone.js";
import { me, now, on, world } from "./world.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const ENDED = { completed: "The call has ended", busy: "You were busy", "no-answer": "You did not answer", canceled: "The call was called off", failed: "The call failed" };

let screen;
let texts;
let spoken = ""; // sid and number of sentences that were spoken already
let lastRing = "";

export function phoneTab(host) {
  screen = el("div", { class: "screen", "aria-live": "polite", tabindex: "-1" });
  texts = el("div", { class: "texts", role: "log", "aria-label": "Text messages" });
  const field = el("input", { type: "text", placeholder: "Text message", "aria-label": "Reply by text message", autocomplete: "off" });
  const reply = el("form", { class: "reply", on: { submit: (event) => send(event, field) } }, field, el("button", { class: "main", "aria-label": "Send the text message" }, icon("send")));
  fill(host, el("div", { class: "others" }), el("div", { class: "handset" }, el("div", { class: "top" }, el("span", { class: "owner" }), soundKnob()), screen, texts, reply));
  for (const kind of ["snapshot", "phone", "ringing"]) on(kind, draw);
  setInterval(tick, 1000);
  return () => {};
}

function soundKnob() {
  const knob = button(soundIsOn() ? "🔊" : "🔇", () => {
    setSound(!soundIsOn());
    lastRing = ""; // what rings now is heard from now on
    knob.textContent = soundIsOn() ? "🔊" : "🔇";
    knob.setAttribute("aria-pressed", String(soundIsOn()));
    draw();
  }, { class: "tool", "aria-label": "Ring and speak aloud", title: "Ring and speak aloud", "aria-pressed": String(soundIsOn()) });
  return knob;
}

// The call that counts: the one on the line, else the one that rings, else the latest.
function current() {
  const calls = world.phone?.calls ?? [];
  return calls.find((call) => call.status === "in-progress") ?? calls.find((call) => call.status === "ringing") ?? calls.at(-1);
}

function draw() {
  const call = current();
  const person = me();
  find(".handset .owner").textContent = world.phone ? `${person?.real_name} · ${world.phone.number}` : `${person?.real_name ?? ""}`;
  find(".handset").classList.toggle("ringing", call?.status === "ringing");
  const held = find(".handset .screen").contains(document.activeElement) ? document.activeElement.dataset.key : null;
  refill(screen, [world.me, call, Boolean(world.phone)], () => (world.phone ? face(call) : [el("p", { class: "quiet" }, "Nobody has this person's number.")]));
  if (held) (screen.querySelector(`[data-key="${CSS.escape(held)}"]`) ?? screen).focus({ preventScroll: true });
  tick();
  drawTexts();
  drawOthers();
  sound(call);
}

function face(call) {
  if (!call) return idle();
  const from = el("div", { class: "caller" }, el("strong", {}, "Muster"), el("small", {}, call.from));
  switch (call.status) {
    case "ringing":
      return [from, el("p", { class: "state" }, "is calling you"), el("p", { class: "left", "data-until": String(Date.parse(call.date_created) + call.timeout * 1000) }), answers()];
    case "in-progress":
      return [from, el("p", { class: "state" }, "on the line"), heard(call), keypad(), row(hangUp())];
    default:
      return [from, el("p", { class: "state" }, `${ENDED[call.status] ?? call.status} · ${hour(Date.parse(call.end_time ?? call.date_created))}`), call.said.length ? heard(call) : null, ...idleFoot()];
  }
}

function idle() {
  return [el("p", { class: "state" }, "Nobody calls."), el("p", { class: "quiet" }, "A critical incident that nobody acknowledges rings here after two minutes."), ...idleFoot()];
}

function idleFoot() {
  return [row(button("Wait two minutes (+2 min)", () => moveClock("+2m"), { class: "offer", "data-key": "wait" }))];
}

function answers() {
  return row(
    button("Answer", () => act("hear"), { class: "answer", "data-key": "answer" }),
    button("Busy", () => act("busy"), { class: "decline", "data-key": "busy" }),
    button("Voicemail", () => act("voicemail"), { "data-key": "voicemail" }),
  );
}

function hangUp() {
  return button("Hang up", () => act("hang_up"), { class: "decline", "data-key": "hang-up" });
}

function keypad() {
  return el("div", { class: "keypad", role: "group", "aria-label": "Keypad" }, KEYS.map((key) => button(key, () => act("press", { digits: key }), { "data-key": key, "aria-label": `Key ${key}` })));
}

function heard(call) {
  const pressed = (place) => call.pressed.filter((_, index) => call.pressed_after[index] === place).map((keys) => el("p", { class: "pressed" }, `You pressed ${keys}`));
  return el("div", { class: "heard" }, call.said.flatMap((words, place) => [...pressed(place), el("p", {}, words)]), pressed(call.said.length));
}

function row(...buttons) {
  return el("div", { class: "buttons" }, buttons);
}

function act(action, given = {}) {
  hush();
  return attempt(() => vendor("twilio", action, { to: me().name, ...given }));
}

function sound(call) {
  const rings = call?.status === "ringing" ? call.sid : "";
  if (rings !== lastRing) ring(Boolean(rings));
  lastRing = rings;
  if (call?.status !== "in-progress" && !call?.pressed?.length) return;
  const [sid, count] = spoken.split(" ");
  const known = sid === call.sid ? Number(count) : 0;
  if (call.answered_by !== "machine_start") call.said.slice(known).forEach(speak);
  spoken = `${call.sid} ${call.said.length}`;
}

function drawTexts() {
  const all = world.phone?.texts ?? [];
  const count = String(all.length);
  if (texts.dataset.count === `${me()?.name} ${count}`) return;
  texts.dataset.count = `${me()?.name} ${count}`;
  fill(texts, all.map((text) => el("div", { class: text.from === world.phone.number ? "text mine" : "text" }, el("p", {}, withLinks(text.body)), el("small", {}, hour(Date.parse(text.date_created))))));
  find(".handset .reply").hidden = !all.length;
  texts.scrollTop = texts.scrollHeight;
}

// An address in a text is touched like on any phone.
function withLinks(words) {
  return words.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => {
    if (index % 2 === 0) return part;
    const follow = (event) => {
      event.preventDefault();
      openLink(part);
    };
    return el("a", { href: part, on: { click: follow } }, part);
  });
}

// The other phones that ring, with a way to be their owner.
function drawOthers() {
  const others = world.ringing.filter((name) => name !== me()?.name);
  refill(find(".others"), others, () =>
    others.map((name) => {
      const person = [...world.people.values()].find((each) => each.name === name);
      return el("p", { class: "other-rings" }, `${person?.real_name ?? name}'s phone is ringing. `, button(`Be ${person?.real_name ?? name}`, () => become(name), { class: "main" }));
    }),
  );
}

async function send(event, field) {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  const answer = await attempt(() => vendor("twilio", "reply", { to: me().name, text }));
  if (answer?.callback && (answer.callback.status < 200 || answer.callback.status > 299)) {
    const { status } = answer.callback;
    say(status === 404 ? "The text was sent; Muster takes no texts at that address." : `The text was sent; Muster answered ${status || "nothing"}.`, "problem");
  }
}

function tick() {
  for (const node of screen.querySelectorAll("[data-until]")) {
    const left = Number(node.dataset.until) - now();
    node.textContent = left > 0 ? `rings for ${span(left)} more` : "";
  }
}
