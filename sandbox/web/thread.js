// The side pane with one message and its replies.

import { Composer } from "./composer.js";
import { button, el, fill, find, icon } from "./dom.js";
import { Messages } from "./messages.js";
import { closeThread, here, place } from "./place.js";
import { on } from "./world.js";

let messages = null;
let composer = null;
let shown = ""; // the ts of the message whose thread stands there

export function startThread() {
  const pane = find("#thread");
  const close = button(icon("close"), closeThread, { class: "tool", "aria-label": "Close the thread" });
  const list = el("div", { class: "stage" });
  const writing = el("div", {});
  fill(pane, el("header", {}, el("h2", {}, "Thread"), close), list, writing);
  messages = new Messages(list, { inThread: true, label: "Thread" });
  composer = new Composer(writing, {
    id: "thread-text",
    label: "Reply",
    key: () => `${place.at} ${place.thread}`,
    where: () => ({ channel: place.at, thread_ts: place.thread }),
  });
  pane.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && closeThread());
  on("thread", () => open(true));
  on("snapshot", () => open(false));
  on("channel", (channel) => channel.id === place.at && lock());
  on("message", ({ channel, message }) => isOpen(channel) && messages.take(message));
  on("message_gone", ({ channel, ts }) => isOpen(channel) && messages.drop(ts));
}

function isOpen(channel) {
  return place.thread && channel === place.at;
}

function lock() {
  find("#thread .composer").hidden = Boolean(here()?.archived);
}

// `asked`: by the person, who writes there next.
async function open(asked) {
  const pane = find("#thread");
  const held = pane.contains(document.activeElement);
  pane.hidden = !place.thread;
  document.body.classList.toggle("with-thread", Boolean(place.thread));
  if (!place.thread) return leave(held);
  shown = place.thread;
  lock();
  composer.restore();
  if (asked && !composer.box.hidden) composer.text.focus();
  await messages.openThread(place.at, place.thread);
}

// Whoever was in here goes on at the message.
function leave(held) {
  if (held) (find(`#stage .row[data-ts="${CSS.escape(shown)}"]`) ?? find("#composer-text"))?.focus({ preventScroll: true });
}
