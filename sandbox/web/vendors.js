// What each vendor received, in words, with what its people may do about it.

import { deed, look, vendor } from "./api.js";
import { button, el, fill, find } from "./dom.js";
import { attempt, say } from "./notice.js";
import { hour, second } from "./times.js";
import { me, on, world } from "./world.js";

const SOON_MS = 120;
let inView = false;
let waiting = null;
let pointed = "";
const folded = new Set();
const unfolded = new Set(); // what wants words, by vendor and item

export function vendorsTab(host) {
  fill(host, el("h2", {}, "The vendors"), el("div", { class: "vendor-list" }, el("p", { class: "quiet" }, "…")));
  for (const kind of ["vendors", "snapshot", "clock"]) on(kind, refresh);
  return (shown) => {
    inView = shown;
    if (shown) refresh();
  };
}

export function pointAtVendor(name) {
  pointed = name;
  folded.delete(name);
  refresh();
}

function refresh() {
  if (!inView || waiting) return;
  waiting = setTimeout(async () => {
    waiting = null;
    const told = await attempt(() => look("vendors"));
    if (told) draw(told);
  }, SOON_MS);
}

function draw(told) {
  const list = find(".vendor-list");
  const busy = list.contains(document.activeElement) && document.activeElement.matches("input");
  if (busy && document.activeElement.value) return;
  const scroller = find("#tab-vendors");
  const { scrollTop } = scroller;
  fill(list, told.map(section));
  scroller.scrollTop = scrollTop;
  if (pointed) find(`[data-vendor="${CSS.escape(pointed)}"]`)?.scrollIntoView({ block: "start" });
  pointed = "";
}

function section(told) {
  const details = el("details", { class: "vendor", data: { vendor: told.name }, open: !folded.has(told.name) });
  const summary = el("summary", {}, el("strong", {}, told.title), el("small", {}, told.items.length ? `${told.items.length}` : "nothing yet"));
  details.addEventListener("toggle", () => (details.open ? folded.delete(told.name) : folded.add(told.name)));
  details.append(summary, ...(told.offered ? [] : [unused(told)]), ...told.items.slice(0, 50).map((item) => card(told.name, item)), ...actions(told.name, told.actions, ""));
  return details;
}

// One pager at a time: the other one can take its place.
function unused({ name, title }) {
  const use = button(`Let Muster page by ${title}`, () => attempt(() => deed("bot", { do: "page_by", pager: name })), { class: "small" });
  return el("div", { class: "unused" }, el("p", { class: "quiet" }, "Not in use: Muster pages by one at a time."), world.bot.alive === null ? null : use);
}

function card(name, item) {
  return el(
    "article",
    { class: "vendor-item" },
    el("header", {}, el("strong", {}, item.title), el("span", { class: `state-word ${item.state.replaceAll(" ", "-").toLowerCase()}` }, item.state)),
    el("ul", {}, item.lines.map((line) => el("li", {}, line.at ? time(line.at) : null, el("span", {}, line.text)))),
    ...actions(name, item.actions, item.id),
  );
}

function time(at) {
  const ms = Date.parse(at);
  return el("time", { title: second(ms) }, hour(ms));
}

// What goes by one press stands there; what wants words is folded away.
function actions(name, offered, id) {
  const pressed = offered.filter((each) => !each.asks.length);
  const asked = offered.filter((each) => each.asks.length);
  const buttons = pressed.map((each) => button(each.label, () => act(name, each)));
  if (asked.length === 1) return [el("div", { class: "buttons" }, buttons, asking(name, asked[0]))];
  return [buttons.length ? el("div", { class: "buttons" }, buttons) : null, asked.length ? more(name, asked, id) : null].filter(Boolean);
}

function more(name, asked, id) {
  const key = `${name} ${id}`;
  const details = el("details", { class: "more-actions", open: unfolded.has(key) }, el("summary", {}, "More"), asked.map((each) => asking(name, each)));
  details.addEventListener("toggle", () => (details.open ? unfolded.add(key) : unfolded.delete(key)));
  return details;
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
  if (status === 404) return ["It was done; Muster takes no news from there.", "problem"];
  return [`It was done; Muster ${status ? `answered ${status}` : "did not answer"}.`, "problem"];
}
