// The clock of the sandbox, which can be moved; Muster's timers follow.

import { deed } from "./api.js";
import { button, el, fill, find } from "./dom.js";
import { attempt, say } from "./notice.js";
import { second, span, utc, zone } from "./times.js";
import { now, on, world } from "./world.js";

const STEPS = [["+2m", "+2 min"], ["+30m", "+30 min"], ["+24h", "+24 h"]];

export function clockTab(host) {
  const field = el("input", { type: "text", placeholder: "90s, 5m, +2d", "aria-label": "Move by", id: "clock-by" });
  const move = (event) => {
    event.preventDefault();
    if (field.value.trim()) moveClock(field.value.trim());
  };
  fill(
    host,
    el("h2", {}, "The clock"),
    el("p", { class: "clock-utc", id: "clock-utc" }),
    el("p", { class: "clock-local", id: "clock-local" }),
    el("p", { class: "quiet", id: "clock-moved" }),
    el("p", { class: "went-back", id: "clock-back", role: "status", hidden: true }),
    el("div", { class: "buttons" }, STEPS.map(([by, label]) => button(label, () => moveClock(by), { class: "main", "data-move": by }))),
    el("form", { class: "inline", on: { submit: move } }, el("label", { for: "clock-by" }, "Move by"), field, el("button", {}, "Move")),
    el("p", { class: "quiet" }, "Time here moves for everybody at once: what Muster planned falls due as it would on a real day. It is made to go forward; a real clock does not go back either."),
  );
  on("clock", tick);
  on("snapshot", tick);
  setInterval(tick, 1000);
  return (shown) => shown && tick();
}

export async function moveClock(by) {
  const answer = await attempt(() => deed("clock", { move: by }));
  if (!answer) return;
  const back = answer.seen_before ? ` Time went back: until it is ${utc(Date.parse(answer.seen_before))} again, much stands still. See Clock.` : "";
  say(`It is now ${utc(Date.parse(answer.now))}.${back}`, back ? "problem" : "info");
}

function tick() {
  const at = now();
  find("#clock-utc").textContent = utc(at);
  find("#clock-local").textContent = `${second(at)} here (${zone()})`;
  const moved = world.clock.offset * 1000;
  find("#clock-moved").textContent = moved ? `Moved ${moved > 0 ? "forward" : "back"} by ${span(moved)}.` : "Not moved: it is the real time.";
  const seen = Date.parse(world.clock.seen_before);
  const behind = seen > at;
  find("#clock-back").hidden = !behind;
  if (behind) tell(seen);
}

function tell(seen) {
  const words = `It was ${utc(seen)} here already. Until it is so again, what was begun or planned by then stands still (a call rings on, a reminder waits), and new messages bear that later time. Move forward past it, or start the sandbox anew.`;
  if (find("#clock-back").textContent !== words) find("#clock-back").textContent = words;
}
