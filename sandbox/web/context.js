// What the kit needs to know of this window: names, the clock, and how a click reaches the bot.

import { attempt, say } from "./notice.js";
import { deed } from "./api.js";
import { openVendor } from "./panel.js";
import { go } from "./place.js";
import { now, world } from "./world.js";

const VENDORS = { "app.plane.so": "plane", "plane.so": "plane", "pagerduty.com": "pagerduty", "statuspage.io": "statuspage", "opsgenie.com": "opsgenie" };

const names = {
  user: (id) => world.people.get(id) ?? null,
  channel: (id) => {
    const channel = world.channels.get(id);
    return channel ? { name: channel.name, private: channel.kind === "private" } : null;
  },
  usergroup: (id) => world.usergroups.get(id) ?? null,
};

// `container`: {channel, ts} of a message.
export function context(surface = "message", container = undefined) {
  return {
    me: world.me,
    surface,
    container,
    names,
    people: () => [...world.people.values()],
    channels: () => [...world.channels.values()],
    now,
    act: ({ container: where, block_id, action_id, value, state }) =>
      answered(deed("act", { ...where, block_id, action_id, value, state })),
    options: ({ container: where, block_id, action_id, query }) =>
      answered(deed("options", { ...where, block_id, action_id, query })),
    submit: (view, values) => answered(deed("submit_view", { view_id: view.id, values })),
    closed: (view, { everything = false } = {}) => attempt(() => deed("close_view", { view_id: view.id, everything })),
    openLink,
    openChannel: (id) => (world.channels.has(id) ? go(id) : say("You cannot see that channel.", "problem")),
    openUser: () => {},
  };
}

async function answered(work) {
  try {
    return await work;
  } catch (problem) {
    say(problem.message, "problem");
    return { error: problem.message };
  }
}

// A link to a vendor opens that vendor here; one to this workspace goes there; any other opens a window of its own.
export function openLink(url) {
  const address = webAddress(url);
  if (!address) return say("That link leads nowhere that is safe.", "problem");
  const target = new URL(address);
  const vendor = Object.entries(VENDORS).find(([host]) => target.hostname === host || target.hostname.endsWith(`.${host}`));
  const own = target.host === location.host ? target.pathname.split("/")[1] : "";
  if (own === "archives") return visit(target.pathname.split("/"));
  if (vendor || own in world.vendors) return openVendor(vendor ? vendor[1] : own);
  window.open(target.href, "_blank", "noopener");
  return undefined;
}

// The whole address of what a browser may follow; null for scripts and the like.
export function webAddress(url) {
  try {
    const target = new URL(url, location.href);
    return ["http:", "https:", "mailto:"].includes(target.protocol) ? target.href : null;
  } catch {
    return null;
  }
}

function visit([, , channel, message = ""]) {
  const digits = message.replace("p", "");
  go(channel, { message: digits && `${digits.slice(0, -6)}.${digits.slice(-6)}` });
}
