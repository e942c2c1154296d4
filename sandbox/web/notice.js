// Short words at the edge of the page: what was refused, and that the sandbox or the bot is gone.

import { el, fill, find } from "./dom.js";
import { me, on, world } from "./world.js";

const STAYS_MS = 6000;

// `kind`: "info" or "problem".
export function say(text, kind = "info") {
  const note = el("div", { class: `note ${kind}`, role: kind === "problem" ? "alert" : "status", on: { click: () => note.remove() } }, text);
  find("#notes").append(note);
  setTimeout(() => note.remove(), STAYS_MS);
}

// Runs what a click began; a refusal is said.
export async function attempt(work) {
  try {
    return await work();
  } catch (problem) {
    say(problem.message, "problem");
    return undefined;
  }
}

let line = true;

export function startNotices() {
  on("line", (there) => {
    line = there;
    draw();
  });
  for (const kind of ["bot", "trouble", "snapshot", "ringing", "panel"]) on(kind, draw);
}

function draw() {
  const text = words();
  const banner = find("#banner");
  banner.hidden = !text;
  fill(banner, text);
}

function words() {
  if (!line) return "The sandbox does not answer. Is make run still running? This page comes back by itself.";
  if (world.ringing.includes(me()?.name) && !find("#tab-phone")?.checkVisibility()) return "Your phone is ringing: open Phone.";
  const { alive, held, connections } = world.bot;
  if (held) return "Muster is down, and stays down until you start it, under Trouble.";
  if (alive === false) return "Muster's process has ended. It is being started again.";
  if (connections === 0 && !world.trouble.deaf) return "Muster is not on Slack's line yet. It is on its way.";
  return "";
}
