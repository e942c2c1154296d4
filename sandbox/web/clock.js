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
    el("div", { class: "buttons" }, STEPS.map(([by, label]) => button(label, () => moveClock(by), { class: "main", "data-move": by }))),
    el("form", { class: "inline", on: { submit: move } }, el("label", { for: "clock-by" }, "Move by"), field, el("button", {}, "Move")),
    el("p", { class: "quiet" }, "Time here moves for everybody at once: what Muster planned falls due as it would on a real day."),
  );
  on("clock", tick);
  on("snapshot", tick);
  setInterval(tick, 1000);
  return (shown) => shown && tick();
}

export async function moveClock(by) {
  const answer = await attempt(() => deed("clock", { move: by }));
  if (answer) say(`It is now ${utc(Date.parse(answer.now))}.`);
}

function tick() {
  const at = now();
  find("#clock-utc").textContent = utc(at);
  find("#clock-local").textContent = `${second(at)} here (${zone()})`;
  const moved = world.clock.offset * 1000;
  find("#clock-moved").textContent = moved ? `Moved ${moved > 0 ? "forward" : "back"} by ${span(moved)}.` : "Not moved: it is the real time.";
}
