// Slack's dates: <!date^…> and rich text's `date` in the reader's zone. Formats as docs.slack.dev lists them.

const DAY = 86_400_000;
const formats = new Map();

// One Intl.DateTimeFormat for each zone and purpose: making one is what is slow.
function format(zone, name, options) {
  const id = `${zone}|${name}`;
  if (!formats.has(id)) formats.set(id, new Intl.DateTimeFormat("en-US", { ...options, timeZone: known(zone) }));
  return formats.get(id);
}

function known(zone) {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return zone;
  } catch {
    return undefined; // the browser's own
  }
}

const PARTS = {
  year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  hourCycle: "h23",
};

// {year, month, day, hour, minute, second} of a moment (milliseconds) in a zone.
export function partsOf(at, zone) {
  const parts = {};
  for (const { type, value } of format(zone, "parts", PARTS).formatToParts(at)) parts[type] = Number(value);
  return parts;
}

// Milliseconds of a wall clock's time in a zone. An hour that does not exist is moved on, one that exists twice is the first.
export function momentOf({ year, month, day, hour = 0, minute = 0 }, zone) {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const around = [wall - DAY, wall + DAY].map((at) => wall - offset(at, zone)).sort((a, b) => a - b);
  return around.find((at) => at + offset(at, zone) === wall) ?? around[1];
}

function offset(at, zone) {
  const { year, month, day, hour, minute, second } = partsOf(at, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

const pad = (number) => String(number).padStart(2, "0");

// "2026-02-03" and "09:05" of a moment, as date and time inputs hold them.
export function wallOf(at, zone) {
  const { year, month, day, hour, minute } = partsOf(at, zone);
  return { date: `${year}-${pad(month)}-${pad(day)}`, time: `${pad(hour)}:${pad(minute)}` };
}

function ordinal(day) {
  const tail = day % 100 > 10 && day % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${day}${tail}`;
}

function long(at, zone, options) {
  const { year, day } = partsOf(at, zone);
  const name = options.weekday ? "long" : "date";
  const words = format(zone, name, options).formatToParts(at).filter((part) => part.type !== "literal");
  return `${words.map((part) => (part.type === "day" ? ordinal(day) : part.value)).join(" ")}, ${year}`
    .replace(/^(\w+day) /, "$1, ");
}

// "today", "yesterday", "tomorrow", or null.
function near(at, now, zone) {
  const day = (moment) => {
    const { year, month, day } = partsOf(moment, zone);
    return Date.UTC(year, month - 1, day);
  };
  return { [-1]: "yesterday", 0: "today", 1: "tomorrow" }[Math.round((day(at) - day(now)) / DAY)] ?? null;
}

function ago(at, now) {
  const seconds = Math.round((now - at) / 1000);
  const size = Math.abs(seconds);
  const steps = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const [length, unit] = steps.find(([length]) => size >= length) ?? steps[3];
  const count = Math.floor(size / length);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

const LONG = { weekday: "long", month: "long", day: "numeric" };
const SHORT = { month: "short", day: "numeric", year: "numeric" };
const TIME = { hour: "numeric", minute: "2-digit" };

const TOKENS = {
  date_num: (at, now, zone) => wallOf(at, zone).date,
  date: (at, now, zone) => long(at, zone, { month: "long", day: "numeric" }),
  date_short: (at, now, zone) => format(zone, "short", SHORT).format(at),
  date_long: (at, now, zone) => long(at, zone, LONG),
  date_pretty: (at, now, zone) => near(at, now, zone) ?? TOKENS.date(at, now, zone),
  date_short_pretty: (at, now, zone) => near(at, now, zone) ?? TOKENS.date_short(at, now, zone),
  date_long_pretty: (at, now, zone) => near(at, now, zone) ?? TOKENS.date_long(at, now, zone),
  day_divider_pretty: (at, now, zone) => near(at, now, zone) ?? TOKENS.date_long(at, now, zone),
  time: (at, now, zone) => format(zone, "time", TIME).format(at).replace(/\u202f/g, " "),
  time_secs: (at, now, zone) => format(zone, "secs", { ...TIME, second: "2-digit" }).format(at).replace(/\u202f/g, " "),
  ago: (at, now) => ago(at, now),
};

// The words of a date, or null where Slack would show the fallback: no such token, or no such moment.
export function dateWords(seconds, pattern, { zone, now }) {
  const at = Number(seconds) * 1000;
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return null;
  let understood = true;
  const words = pattern.replace(/\{(\w+)\}/g, (whole, token, place) => {
    if (!Object.hasOwn(TOKENS, token)) understood = false;
    else {
      const text = TOKENS[token](at, now(), zone);
      return place === 0 ? text.charAt(0).toUpperCase() + text.slice(1) : text;
    }
    return whole;
  });
  return understood ? words : null;
}

// The whole moment in words, for the tip over a date.
export function dateTip(seconds, { zone, now }) {
  return dateWords(seconds, "{date_long} at {time_secs}", { zone, now });
}
