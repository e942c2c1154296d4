// What a newcomer sees where nothing has been said yet: the way in.

import { deed } from "./api.js";
import { button, el, icon } from "./dom.js";
import { attempt, say } from "./notice.js";
import { me, rooms, world } from "./world.js";
import { putIntoComposer } from "./composer.js";
import { startTour } from "./tour.js";

export const COMMAND = '/incident start SEV-1 "db down"';

export async function declare() {
  const answer = await attempt(() => deed("shortcut", { callback_id: "declare_incident" }));
  if (answer?.timeout) say("Muster did not answer in time. Is it up?", "problem");
}

// Stands in an empty channel.
export function welcome(channel) {
  if (!channel) return null;
  if (channel.kind === "im") return plain("Messages from Muster", "Pages, questions and answers for you alone arrive here.");
  if (channel.creator === world.botUser) return plain(`#${channel.name}`, "The room of an incident.");
  if (rooms().length) return plain(`#${channel.name}`, "Nothing has been said here yet.");
  return el(
    "div",
    { class: "welcome" },
    el("h2", {}, "Something is broken, and it is 3 a.m."),
    el("p", {}, `You are ${me()?.real_name}, in a Slack workspace that lives on this machine. Muster, the incident bot, is in it; a phone, the vendors and a clock stand beside it.`),
    el("p", {}, button([icon("bolt"), "Declare your first incident"], declare, { class: "main big", id: "declare-first" })),
    el("p", { class: "quiet" }, "or type it below: ", button(COMMAND, () => putIntoComposer(COMMAND), { class: "code", title: "Put this into the message field" })),
    el("p", { class: "quiet" }, button("Show me around in six steps", () => startTour(), { class: "link" })),
  );
}

function plain(title, words) {
  return el("div", { class: "welcome small" }, el("h2", {}, title), el("p", {}, words));
}
