// The left side: who you are, App Home, the messages with Muster, the channels with what is unread in them.

import { button, el, fill, find, icon } from "./dom.js";
import { avatar } from "./avatar.js";
import { showMenu } from "./menu.js";
import { address, become, go, place } from "./place.js";
import { declare } from "./first.js";
import { me, on, world } from "./world.js";

const WINDOWED_OVER = 60; // so many channels are drawn at once; more on demand
let shown = WINDOWED_OVER;

const entries = new Map(); // channel's id -> its button
const ORDER = new Intl.Collator("en", { numeric: true });

export function startSidebar() {
  for (const kind of ["snapshot", "channel_gone", "people", "ringing"]) on(kind, draw);
  on("bot", drawHead);
  on("channel", redraw);
  on("place", mark);
  on("place", closeSide);
  on("modals", closeSide);
  addEventListener("pointerdown", (event) => !event.target.closest?.("#sidebar, .menu") && closeSide());
  find("#sidebar").addEventListener("keydown", (event) => event.key === "Escape" && closeSide());
}

// In a narrow window the channels lie over the page until one is chosen.
export function openSide() {
  document.body.classList.add("side-open");
  find("#sidebar .here")?.focus();
}

function closeSide() {
  document.body.classList.remove("side-open");
}

// Most changes touch one entry; only those that move it draw the list anew.
const drawn = new Map(); // channel's id -> what decides where it stands
function redraw(channel) {
  const old = entries.get(channel.id);
  if (drawn.get(channel.id) !== standing(channel)) return draw();
  if (!old) return undefined;
  const focused = document.activeElement === old;
  const next = channel.kind === "im" ? direct(channel) : line(channel);
  old.replaceWith(next);
  if (focused) next.focus();
  return undefined;
}

function standing(channel) {
  return [channel.name, channel.kind, channel.archived, channel.members.includes(world.me)].join("|");
}

function mark() {
  for (const node of find("#sidebar").querySelectorAll(".here")) {
    node.classList.remove("here");
    node.removeAttribute("aria-current");
  }
  const node = entries.get(place.at);
  if (!node?.isConnected) return draw();
  node.classList.add("here");
  node.setAttribute("aria-current", "page");
  return undefined;
}

function draw() {
  const side = find("#sidebar");
  const scrolled = find(".channels", side)?.scrollTop ?? 0;
  const focused = document.activeElement?.dataset?.at;
  const openGroups = new Set([...side.querySelectorAll("details[open]")].map((each) => each.dataset.group));
  const channels = [...world.channels.values()];
  entries.clear();
  drawn.clear();
  for (const channel of channels) drawn.set(channel.id, standing(channel));
  const living = channels.filter((each) => !each.archived && each.kind !== "im");
  const mine = living.filter((each) => each.members.includes(world.me)).sort(byName);
  const others = living.filter((each) => !each.members.includes(world.me)).sort(byName);
  const archived = channels.filter((each) => each.archived).sort(byName);
  const muster = channels.find((each) => each.kind === "im");
  fill(
    side,
    head(),
    el(
      "div",
      { class: "channels" },
      entry("home", [icon("home"), "App Home"], {}),
      muster ? direct(muster) : null,
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
  return ORDER.compare(one.name, other.name);
}

function direct(channel) {
  return entry(channel.id, [avatar(world.botUser, "small"), "Muster"], channel);
}

function line(channel) {
  return entry(channel.id, [channel.kind === "private" ? icon("lock") : el("span", { class: "hash" }, "#"), el("span", { class: "name" }, channel.name)], channel);
}

function entry(at, content, { unread = 0, archived = false }) {
  const classes = ["entry", at === place.at ? "here" : "", unread ? "unread" : "", archived ? "archived" : ""].join(" ");
  const count = unread ? el("span", { class: "count", "aria-label": `${unread} unread` }, unread > 99 ? "99+" : String(unread)) : null;
  const node = button([...content, count], () => go(at), { class: classes, "data-at": at, "aria-current": at === place.at ? "page" : null });
  entries.set(at, node);
  return node;
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

function drawHead() {
  find("#sidebar .side-head")?.replaceWith(head());
}

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
