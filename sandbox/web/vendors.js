// What each vendor received, in words, with what its people may do about it.

import { deed, inTurn, look, vendor } from "./api.js";
import { button, el, fill, find, lay } from "./dom.js";
import { attempt, say } from "./notice.js";
import { hour, second } from "./times.js";
import { me, on, world } from "./world.js";

const SOON_MS = 120;
let inView = false;
let waiting = null;
let pointed = "";
let drawn = new Map(); // key -> {print, node} of what stands there
let drawing = new Map();

export function vendorsTab(host) {
  fill(host, el("h2", {}, "The vendors"), el("div", { class: "vendor-list" }, el("p", { class: "quiet" }, "…")));
  for (const kind of ["vendors", "snapshot", "clock"]) on(kind, () => refresh());
  find(".vendor-list", host).addEventListener("focusout", () => refresh()); // what came while somebody wrote there
  return (shown) => {
    inView = shown;
    if (shown) refresh(0);
  };
}

export function pointAtVendor(name) {
  pointed = name;
  refresh();
}

// A moment later, for changes come together; at once for whoever has just opened the tab.
function refresh(after = SOON_MS) {
  if (!inView || waiting) return;
  waiting = setTimeout(() => {
    waiting = null;
    ask();
  }, after);
}

const ask = inTurn(async () => {
  const told = await attempt(() => look("vendors"));
  if (told) draw(told);
});

function draw(told) {
  const list = find(".vendor-list");
  const busy = list.contains(document.activeElement) && document.activeElement.matches("input");
  if (busy && document.activeElement.value) return;
  drawing = new Map();
  lay(list, told.map(section));
  drawn = drawing;
  if (!pointed) return;
  const wanted = find(`[data-vendor="${CSS.escape(pointed)}"]`);
  if (wanted) wanted.open = true;
  wanted?.scrollIntoView({ block: "start" });
  pointed = "";
}

// The node that stands there already while what it says is the same: a press or a click that has begun on it ends on it.
// `make(old)` makes another.
function same(key, says, make) {
  const print = JSON.stringify(says);
  const old = drawn.get(key);
  const node = old?.print === print ? old.node : make(old?.node);
  drawing.set(key, { print, node });
  return node;
}

function section(told) {
  const { name, title, items } = told;
  const details = same(name, "", () => el("details", { class: "vendor", data: { vendor: name }, open: true }));
  const count = items.length ? `${items.length}` : "nothing yet";
  lay(details, [
    same(`${name} summary`, [title, count], () => el("summary", {}, el("strong", {}, title), el("small", {}, count))),
    ...(told.offered ? [] : [same(`${name} unused`, world.bot.alive === null, () => unused(told))]),
    ...items.slice(0, 50).map((item) => card(name, item)),
    ...actions(name, told.actions, ""),
  ]);
  return details;
}

// One pager at a time: the other one can take its place.
function unused({ name, title }) {
  const use = button(`Let Muster page by ${title}`, () => attempt(() => deed("bot", { do: "page_by", pager: name })), { class: "small" });
  return el("div", { class: "unused" }, el("p", { class: "quiet" }, "Not in use: Muster pages by one at a time."), world.bot.alive === null ? null : use);
}

function card(name, item) {
  const key = `${name} ${item.id}`;
  const article = same(key, "", () => el("article", { class: "vendor-item" }));
  const state = item.state.replaceAll(" ", "-").toLowerCase();
  lay(article, [
    same(`${key} header`, [item.title, item.state], () => el("header", {}, el("strong", {}, item.title), el("span", { class: `state-word ${state}` }, item.state))),
    same(`${key} lines`, item.lines, () => el("ul", {}, item.lines.map((line) => el("li", {}, line.at ? time(line.at) : null, el("span", {}, line.text))))),
    ...actions(name, item.actions, item.id),
  ]);
  return article;
}

function time(at) {
  const ms = Date.parse(at);
  return el("time", { title: second(ms) }, hour(ms));
}

// What goes by one press stands there; what wants words is folded away.
function actions(name, offered, id) {
  const key = `${name} ${id}`;
  const pressed = offered.filter((each) => !each.asks.length);
  const asked = offered.filter((each) => each.asks.length);
  const alone = asked.length === 1 ? asked : [];
  const buttons = () => el("div", { class: "buttons" }, pressed.map((each) => button(each.label, () => act(name, each))), alone.map((each) => asking(name, each)));
  const more = (old) => el("details", { class: "more-actions", open: old?.open }, el("summary", {}, "More"), asked.map((each) => asking(name, each)));
  return [
    ...(pressed.length || alone.length ? [same(`${key} buttons`, [pressed, alone], buttons)] : []),
    ...(asked.length > 1 ? [same(`${key} more`, asked, more)] : []),
  ];
}

function asking(name, each) {
  const fields = each.asks.map(({ name: field, label }) => el("input", { type: "text", name: field, placeholder: label, "aria-label": label, autocomplete: "off" }));
  const submit = (event) => {
    event.preventDefault();
    const typed = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    for (const field of fields) field.value = "";
    act(name, each, typed);
  };
  return el("form", { class: "inline", on: { submit } }, fields, el("button", {}, each.label));
}

async function act(name, { action, given, by }, typed = {}) {
  const answer = await attempt(() => vendor(name, action, { ...given, ...typed, ...(by ? { by: me().real_name } : {}) }));
  const heard = answer?.webhook ?? answer?.callback;
  if (heard) say(...heardBy(heard.status));
  refresh();
}

// How Muster took what the vendor told it of this.
function heardBy(status) {
  if (status >= 200 && status < 300) return ["Muster was told of it."];
  if (status === 404) return ["It was done. Muster takes no webhooks from there: it learns of it when it next looks."];
  return [`It was done; Muster ${status ? `answered ${status}` : "did not answer"}.`, "problem"];
}
