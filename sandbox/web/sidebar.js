// The left side: who you are, App Home, the messages with Muster, the channels with what is unread in them.

import { button, el, fill, find, icon } from "./dom.js";
import { avatar } from "./avatar.js";
import { showMenu } from "./menu.js";
import { address, become, go, place } from "./place.js";
import { declare } from "./first.js";
import { me, on, world } from "./world.js";

const WINDOWED_OVER = 60; // so many channels are drawn at once; more on demand
let shown = WINDOWED_OVER;

export function startSidebar() {
  for (const kind of ["snapshot", "channel_gone", "people", "place", "ringing"]) on(kind, draw);
  on("channel", redraw);
}

// A change that alters nothing in the list costs nothing.
let last = new Map();
function redraw(channel) {
  const now = fingerprint(channel);
  if (last.get(channel.id) === now) return;
  draw();
}

function fingerprint(channel) {
  return [channel.name, channel.kind, channel.archived, channel.unread, channel.members.includes(world.me)].join("|");
}

function draw() {
  const side = find("#sidebar");
  const scrolled = find(".channels", side)?.scrollTop ?? 0;
  const focused = document.activeElement?.dataset?.at;
  const openGroups = new Set([...side.querySelectorAll("details[open]")].map((each) => each.dataset.group));
  const channels = [...world.channels.values()];
  last = new Map(channels.map((channel) => [channel.id, fingerprint(channel)]));
  const living = channels.filter((each) => !each.archived && each.kind !== "im");
  const mine = living.filter((each) => each.members.includes(world.me)).sort(byName);
  const others = living.filter((each) => !each.members.includes(world.me)).sort(byName);
  const archived = channels.filter((each) => each.archived).sort(byName);
  const direct = channels.find((each) => each.kind === "im");
  fill(
    side,
    head(),
    el(
      "div",
      { class: "channels" },
      entry("home", [icon("home"), "App Home"], {}),
      direct ? entry(direct.id, [avatar(world.botUser, "small"), "Muster"], direct) : null,
      el("h2", {}, "Channels"),
      mine.slice(0, shown).map(line),
      mine.length > shown ? button(`${mine.length - shown} more channels`, showMore, { class: "entry quiet" }) : null,
      group("others", `Not joined (${others.length})`, others, openGroups),
      group("archived", `Archived (${archived.length})`, archived, openGroups),
    ),
  );
  find(".channels", side).scrollTop = scrolled;
  if (focused) find(`[data-at="${CSS.escape(focused)}"]`, side)?.focus();
}

function showMore() {
  shown += 200;
  draw();
}

function byName(one, other) {
  return one.name.localeCompare(other.name, "en", { numeric: true });
}

function line(channel) {
  return entry(channel.id, [channel.kind === "private" ? icon("lock") : el("span", { class: "hash" }, "#"), el("span", { class: "name" }, channel.name)], channel);
}

function entry(at, content, { unread = 0, archived = false }) {
  const classes = ["entry", at === place.at ? "here" : "", unread ? "unread" : "", archived ? "archived" : ""].join(" ");
  const count = unread ? el("span", { class: "count", "aria-label": `${unread} unread` }, unread > 99 ? "99+" : String(unread)) : null;
  return button([...content, count], () => go(at), { class: classes, "data-at": at, "aria-current": at === place.at ? "page" : null });
}

function group(name, label, channels, openGroups) {
  if (!channels.length) return null;
  const here = channels.some((channel) => channel.id === place.at);
  const details = el("details", { data: { group: name }, open: here || openGroups.has(name) }, el("summary", {}, label));
  const lay = () => details.open && details.children.length === 1 && details.append(...channels.slice(0, 200).map(line));
  details.addEventListener("toggle", lay);
  lay();
  return details;
}

// Who you are

function head() {
  const person = me();
  const bot = world.bot.connections > 0;
  return el(
    "div",
    { class: "side-head" },
    button(
      [avatar(world.me), el("span", { class: "you" }, el("small", {}, "You are"), el("strong", {}, person?.real_name ?? "nobody")), el("span", { class: "caret" }, "▾")],
      (event) => switcher(event.currentTarget),
      { class: "person", id: "person", "aria-haspopup": "menu", title: "Be somebody else" },
    ),
    button(icon("bolt"), declare, { class: "quick", "aria-label": "Declare an incident", title: "Declare an incident" }),
    el("span", { class: `dot ${bot ? "up" : "down"}`, title: bot ? "Muster is on the line" : "Muster is not there" }),
  );
}

function switcher(anchor) {
  const people = [...world.people.values()].filter((person) => !person.bot);
  showMenu(
    anchor,
    [
      ...people.map((person) => ({
        label: el("span", { class: "with-avatar" }, avatar(person.id, "small"), person.real_name, world.ringing.includes(person.name) ? " 📳" : ""),
        hint: person.guest ? "a guest: sees only what it is invited to" : "",
        checked: person.id === world.me,
        choose: () => become(person.name),
      })),
      null,
      ...people
        .filter((person) => person.id !== world.me)
        .map((person) => ({
          label: `Open a window as ${person.real_name}`,
          choose: () => window.open(address({ as: person.name }), "_blank", "noopener"),
        })),
    ],
    { title: "Who are you?" },
  );
}
