// Where this window is: who looks, at which channel or App Home, in which thread. It stands in the address, so that several
// windows are several people and a reload changes nothing.

import { emit, world } from "./world.js";

const asked = new URLSearchParams(location.search);

export const place = {
  as: asked.get("as") || "ana",
  at: asked.get("at") || "", // a channel's id, or "home"
  message: dotted(asked.get("message")), // a message to show when the channel opens
  thread: "",
};

export function go(at, { message = "", thread = "" } = {}) {
  const moved = at !== place.at || message;
  Object.assign(place, { at, message, thread });
  write();
  if (moved) emit("place", place);
  emit("thread", place);
}

export function openThread(ts) {
  place.thread = ts;
  emit("thread", place);
}

export function closeThread() {
  openThread("");
}

export function become(handle) {
  place.as = handle;
  place.thread = "";
  write();
  emit("person", handle);
}

// The address of this place for somebody else's window.
export function address({ as = place.as, at = place.at, message = "" } = {}) {
  const query = new URLSearchParams({ as, at });
  if (message) query.set("message", message.replace(".", ""));
  return `/?${query}`;
}

export function here() {
  return world.channels.get(place.at);
}

// The channel that a window opens when it asked for none, or for one that is not there.
export function settle() {
  if (place.at === "home" || here()) return;
  const mine = [...world.channels.values()].filter((channel) => channel.kind !== "im" && !channel.archived);
  const first = mine.find((channel) => channel.name === "general") ?? mine[0] ?? [...world.channels.values()][0];
  Object.assign(place, { at: first ? first.id : "home", message: "", thread: "" });
  write();
}

function write() {
  history.replaceState(null, "", address());
}

function dotted(digits) {
  return digits && digits.length > 6 ? `${digits.slice(0, -6)}.${digits.slice(-6)}` : "";
}
