// Times in words. Milliseconds of the epoch in, text out; whatever is "today" is so by the sandbox's clock.

import { now } from "./world.js";

const DAY_MS = 86_400_000;
const clockOf = (zone) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone });
const LOCAL = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit" }); // as Slack writes it by default
const LOCAL_SECONDS = clockOf();
const UTC_SECONDS = clockOf("UTC");
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const UTC_DAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });

export const ofTs = (ts) => Number(ts) * 1000;
export const hour = (ms) => LOCAL.format(ms);
export const second = (ms) => LOCAL_SECONDS.format(ms);
export const utc = (ms) => `${UTC_DAY.format(ms)}, ${UTC_SECONDS.format(ms)} UTC`;
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function dayKey(ms) {
  const date = new Date(ms);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

export function day(ms) {
  if (dayKey(ms) === dayKey(now())) return "Today";
  if (dayKey(ms) === dayKey(now() - DAY_MS)) return "Yesterday";
  return DAY.format(ms);
}

// "1 d 2 h", "3 min 5 s": the two largest units.
export function span(ms) {
  let left = Math.round(Math.abs(ms) / 1000);
  const parts = [];
  for (const [size, unit] of [[86_400, "d"], [3600, "h"], [60, "min"], [1, "s"]]) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

// "in 2 min", "3 s ago", "now"
export function fromNow(ms) {
  const away = ms - now();
  if (Math.abs(away) < 1000) return "now";
  return away > 0 ? `in ${span(away)}` : `${span(away)} ago`;
}
