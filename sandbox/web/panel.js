// The right side: the world around the workspace, one tab for each part of it. It can be folded away.

import { button, el, fill, find, icon } from "./dom.js";
import { clockTab } from "./clock.js";
import { keep, kept } from "./kept.js";
import { ledgerTab } from "./ledger.js";
import { phoneTab } from "./phone.js";
import { startTour } from "./tour.js";
import { troubleTab } from "./trouble.js";
import { pointAtVendor, vendorsTab } from "./vendors.js";
import { emit, on, world } from "./world.js";

const TABS = [
  { name: "phone", label: "Phone", start: phoneTab, mark: () => world.ringing.length > 0 },
  { name: "vendors", label: "Vendors", start: vendorsTab, mark: () => false },
  { name: "clock", label: "Clock", start: clockTab, mark: () => false },
  { name: "trouble", label: "Trouble", start: troubleTab, mark: () => world.trouble.faults.length > 0 || world.trouble.deaf || Boolean(world.bot.held) },
  { name: "ledger", label: "Ledger", start: ledgerTab, mark: () => false },
];
const KEPT = "muster-panel";
const NARROW = matchMedia("(width <= 900px)"); // here the panel lies over the channel: frame.css
let current = "phone";
const shows = new Map(); // name -> function that is told whether its tab is in view

export function startPanel() {
  const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "The world around", on: { keydown: walk } }, TABS.map(tab));
  const fold = button(icon("panel"), () => toggle(), { class: "tool fold", "aria-label": "Fold this panel", title: "Fold this panel", id: "fold" });
  const help = button("?", () => startTour(), { class: "tool", "aria-label": "Show me around", title: "Show me around", id: "tour-open" });
  const bodies = TABS.map(({ name }) => el("div", { class: "tab-body", role: "tabpanel", id: `tab-${name}`, "aria-labelledby": `tab-of-${name}`, hidden: true, tabindex: "-1" }));
  fill(find("#panel"), el("header", {}, tabs, help, fold), bodies);
  for (const { name, start } of TABS) shows.set(name, start(find(`#tab-${name}`)));
  fit();
  NARROW.addEventListener("change", fit);
  on("place", () => NARROW.matches && toggle(true)); // whoever goes to a channel wants to see it
  openTab(current);
  for (const kind of ["ringing", "trouble", "bot", "snapshot"]) on(kind, marks);
  on("ringing", (names) => names.includes(world.people.get(world.me)?.name) && current !== "phone" && ringing());
}

// Nothing is taken from under the hand of whoever is busy in another tab: the banner says that it rings. The clock is moved
// for the phone to ring.
function ringing() {
  const body = find(`#tab-${current}`);
  const focus = body.contains(document.activeElement);
  if (current === "clock" || !(focus || body.matches(":hover"))) openTab("phone", { focus });
}

export function openTab(name, { focus = false } = {}) {
  current = name;
  for (const tab of TABS) {
    const here = tab.name === name;
    const knob = find(`#tab-of-${tab.name}`);
    knob.setAttribute("aria-selected", String(here));
    knob.tabIndex = here ? 0 : -1;
    find(`#tab-${tab.name}`).hidden = !here;
    shows.get(tab.name)(here);
  }
  if (focus) find(`#tab-of-${name}`).focus();
  emit("panel", name);
}

export function unfold(name) {
  toggle(false);
  openTab(name);
}

export function openVendor(name) {
  unfold("vendors");
  pointAtVendor(name);
}

function tab({ name, label }) {
  return el(
    "button",
    { type: "button", role: "tab", id: `tab-of-${name}`, "aria-controls": `tab-${name}`, on: { click: () => unfold(name) }, title: label },
    icon(name), el("span", {}, label), el("i", { class: "mark", hidden: true }),
  );
}

function toggle(folded = !document.body.classList.contains("panel-folded")) {
  document.body.classList.toggle("panel-folded", folded);
  find("#fold").setAttribute("aria-pressed", String(folded));
  if (!NARROW.matches) keep(KEPT, folded ? "folded" : "");
  emit("panel", current);
}

// A narrow window begins folded, and what is done in it is not remembered for a wide one.
function fit() {
  toggle(NARROW.matches || kept(KEPT) === "folded");
}

function marks() {
  for (const { name, mark } of TABS) find(`#tab-of-${name} .mark`).hidden = !mark();
}

function walk(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = TABS.findIndex((each) => each.name === current);
  openTab(TABS[(at + step + TABS.length) % TABS.length].name, { focus: true });
}
