// The left side: who you are, App Home, the messages with Muster, the channels with what is unread in them.

import { button, el, fill, find, icon, lay, refill } from "./dom.js";
import { avatar } from "./avatar.js";
import { showMenu } from "./menu.js";
import { address, become, go, place } from "./place.js";
import { declare } from "./first.js";
import { me, on, world } from "./world.js";

const WINDOWED_OVER = 60; // so many channels are drawn at once; more on demand
let shown = WINDOWED_OVER;
let list, title, more, person, dot;

const entries = new Map(); // channel's id -> {node, parts, count} of its button
const ORDER = new Intl.Collator("en", { numeric: true });

export function startSidebar() {
  build();
  for (const kind of ["snapshot", "channel_gone", "people", "ringing"]) on(kind, draw);
  on("bot", drawHead);
  on("channel", redraw);
  on("place", mark);
  on("place", closeSide);
  on("modals", closeSide);
  addEventListener("pointerdown", (event) => !event.target.closest?.("#sidebar, .menu") && closeSide());
  find("#sidebar").addEventListener("keydown", (event) => event.key === "Escape" && closeSide());
}

function build() {
  title = el("h2", {}, "Channels");
  more = button("", showMore, { class: "entry quiet" });
  list = el("div", { class: "channels" });
  person = button("", (event) => switcher(event.currentTarget), { class: "person", id: "person", "aria-haspopup": "menu", title: "Be somebody else" });
  dot = el("span", {});
  const quick = button(icon("bolt"), declare, { class: "quick", "aria-label": "Declare an incident", title: "Declare an incident" });
  fill(find("#sidebar"), el("div", { class: "side-head" }, person, quick, dot), list);
}

// In a narrow window the channels lie over the page until one is chosen.
export function openSide() {
  document.body.classList.add("side-open");
  find("#sidebar .here")?.focus();
}

function closeSide() {
  document.body.classList.remove("side-open");
}

// Most changes touch one entry; only those that move it lay the list anew. Every node stays itself: a press that has begun
// on it ends on it.
const drawn = new Map(); // channel's id -> what decides where it stands
function redraw(channel) {
  if (drawn.get(channel.id) !== standing(channel)) return draw();
  if (!entries.has(channel.id)) return undefined;
  return channel.kind === "im" ? direct(channel) : line(channel);
}

function standing(channel) {
  return [channel.name, channel.kind, channel.archived, channel.members.includes(world.me)].join("|");
}

function mark() {
  for (const node of find("#sidebar").querySelectorAll(".here")) {
    node.classList.remove("here");
    node.removeAttribute("aria-current");
  }
  const node = entries.get(place.at)?.node;
  if (!node?.isConnected) return draw();
  node.classList.add("here");
  node.setAttribute("aria-current", "page");
  return undefined;
}

function draw() {
  const channels = [...world.channels.values()];
  for (const id of entries.keys()) if (id !== "home" && !world.channels.has(id)) entries.delete(id);
  drawn.clear();
  for (const channel of channels) drawn.set(channel.id, standing(channel));
  const living = channels.filter((each) => !each.archived && each.kind !== "im");
  const mine = living.filter((each) => each.members.includes(world.me)).sort(byName);
  const others = living.filter((each) => !each.members.includes(world.me)).sort(byName);
  const archived = channels.filter((each) => each.archived).sort(byName);
  const muster = channels.find((each) => each.kind === "im");
  drawHead();
  more.textContent = `${mine.length - shown} more channels`;
  lay(list, [
    entry("home", "", () => [icon("home"), el("span", { class: "name" }, "App Home")], {}),
    ...(muster ? [direct(muster)] : []),
    title,
    ...mine.slice(0, shown).map(line),
    ...(mine.length > shown ? [more] : []),
    ...group("others", `Not joined (${others.length})`, others),
    ...group("archived", `Archived (${archived.length})`, archived),
  ]);
}

function showMore() {
  shown += 200;
  draw();
}

function byName(one, other) {
  return ORDER.compare(one.name, other.name);
}

function direct(channel) {
  return entry(channel.id, "", () => [avatar(world.botUser, "small"), el("span", { class: "name" }, "Muster")], channel);
}

function line(channel) {
  const { id, name, kind } = channel;
  return entry(id, [name, kind], () => [kind === "private" ? icon("lock") : el("span", { class: "hash" }, "#"), el("span", { class: "name" }, name)], channel);
}

// `says`: what `content()` shows.
function entry(at, says, content, { unread = 0, archived = false }) {
  const it = entries.get(at) ?? { node: button("", () => go(at), { "data-at": at }), count: el("span", { class: "count" }) };
  entries.set(at, it);
  const here = at === place.at;
  it.node.className = ["entry", here ? "here" : "", unread ? "unread" : "", archived ? "archived" : ""].join(" ");
  if (here) it.node.setAttribute("aria-current", "page");
  else it.node.removeAttribute("aria-current");
  if (it.says !== String(says)) Object.assign(it, { says: String(says), parts: content() });
  const number = unread > 99 ? "99+" : String(unread);
  if (it.count.textContent !== number) it.count.textContent = number;
  it.count.setAttribute("aria-label", `${unread} unread`);
  lay(it.node, unread ? [...it.parts, it.count] : it.parts);
  return it.node;
}

const groups = new Map(); // name -> {details, summary, channels}
function group(name, label, channels) {
  if (!channels.length) return [];
  if (!groups.has(name)) groups.set(name, folded(name));
  const it = groups.get(name);
  it.channels = channels;
  it.summary.textContent = label;
  if (channels.some((channel) => channel.id === place.at)) it.details.open = true;
  layGroup(it);
  return [it.details];
}

function folded(name) {
  const summary = el("summary", {});
  const it = { details: el("details", { data: { group: name } }, summary), summary, channels: [] };
  it.details.addEventListener("toggle", () => layGroup(it));
  return it;
}

// What is folded away is drawn when it is opened.
function layGroup({ details, summary, channels }) {
  lay(details, [summary, ...(details.open ? channels.slice(0, 200).map(line) : [])]);
}

// Who you are

function drawHead() {
  const name = me()?.real_name ?? "nobody";
  refill(person, [world.me, name], () => [
    avatar(world.me), el("span", { class: "you" }, el("small", {}, "You are"), el("strong", {}, name)), el("span", { class: "caret" }, "▾"),
  ]);
  const bot = world.bot.connections > 0;
  dot.className = `dot ${bot ? "up" : "down"}`;
  dot.title = bot ? "Muster is on the line" : "Muster is not there";
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
