// The ledger: what happened in an incident, what Muster owes the world, what its clock will call. Read from Muster itself.

import { inTurn, look } from "./api.js";
import { el, fill, find } from "./dom.js";
import { fromNow, hour, second, span } from "./times.js";
import { now, on, world } from "./world.js";

const SOON_MS = 250;
const AGAIN_MS = 2000;
const LATE_MS = 2000; // an effect that goes out later than this is told so
const OPEN_STATES = ["pending", "claimed", "owed", "waiting"];
let inView = false;
let number = 0; // 0: the newest
let version = "";
let wanted = null;

export function ledgerTab(host) {
  const select = el("select", { id: "ledger-of", hidden: true, "aria-label": "Incident", on: { change: () => open(Number(select.value)) } });
  fill(host, el("h2", {}, "The ledger"), el("p", { class: "quiet" }, "What Muster owes the world, as it stands in its database."), select, el("div", { id: "ledger" }));
  for (const kind of ["frame", "snapshot", "bot"]) on(kind, soon);
  setInterval(() => inView && !document.hidden && refresh(), AGAIN_MS);
  setInterval(tick, 1000);
  return (shown) => {
    inView = shown;
    if (shown) refresh();
  };
}

function open(chosen) {
  number = chosen;
  version = "";
  refresh();
}

function soon() {
  if (!inView || wanted) return;
  wanted = setTimeout(() => {
    wanted = null;
    refresh();
  }, SOON_MS);
}

const refresh = inTurn(async () => {
  try {
    const { incidents } = await look("ledger");
    offer(incidents);
    const chosen = number || incidents[0]?.number;
    draw(chosen ? await look(`ledger/${chosen}`) : null);
  } catch (problem) {
    version = "";
    fill(find("#ledger"), el("p", { class: "quiet" }, problem.message));
  }
});

function offer(incidents) {
  const select = find("#ledger-of");
  select.hidden = !incidents.length;
  const labels = incidents.map((each) => {
    const owed = each.owed ? `, ${each.owed} owed` : "";
    return [String(each.number), `${each.key} ${each.severity} ${each.title} · ${each.status}${owed}${each.failed ? `, ${each.failed} failed` : ""}`];
  });
  const print = JSON.stringify(labels);
  if (select.dataset.print !== print) {
    fill(select, labels.map(([value, label]) => el("option", { value }, label)));
    select.dataset.print = print;
  }
  select.value = String(number || incidents[0]?.number || "");
}

function draw(page) {
  const host = find("#ledger");
  if (!page) return fill(host, el("p", { class: "quiet" }, "No incident yet. Declare one, and watch it here."));
  if (page.version === version) return undefined;
  version = page.version;
  const scroller = find("#tab-ledger");
  const { scrollTop } = scroller;
  fill(
    host,
    timers(page.timers),
    outbox(page.outbox),
    timeline(page.timeline),
    page.left_out ? el("p", { class: "quiet" }, `${page.left_out} older lines are not shown.`) : null,
  );
  tick();
  scroller.scrollTop = scrollTop;
  return undefined;
}

function timers(all) {
  return [
    el("h3", {}, "What its clock will call"),
    all.length
      ? el("ul", { class: "owed" }, all.map((timer) => el("li", { class: timer.overdue ? "late" : "" }, el("span", {}, timer.words), due(timer.due_at))))
      : el("p", { class: "quiet" }, "Nothing: no timer is set."),
  ];
}

// What is still owed first, then what is done, the newest first.
function outbox(all) {
  const open = all.filter((effect) => OPEN_STATES.includes(effect.state));
  const done = all.filter((effect) => !open.includes(effect)).reverse();
  return [
    el("h3", {}, open.length ? `What it owes (${open.length})` : "What it owes"),
    open.length ? el("ul", { class: "owed" }, open.map(effect)) : el("p", { class: "quiet" }, "Nothing: all is delivered."),
    done.length ? el("h3", {}, `What it has done (${done.length})`) : null,
    done.length ? el("ul", { class: "owed done" }, done.map(effect)) : null,
  ];
}

function effect(each) {
  const tries = each.attempts > 1 ? ` · ${each.attempts} tries` : "";
  const late = each.sent_at && each.due_at ? Date.parse(each.sent_at) - Date.parse(each.due_at) : 0;
  const took = late >= LATE_MS ? ` · ${span(late)} after it was due` : "";
  const at = each.sent_at ?? each.due_at;
  return el(
    "li",
    { class: each.state },
    el("span", {}, el("strong", {}, each.what), el("small", {}, each.words, tries, took)),
    each.sent_at ? el("time", { title: second(Date.parse(at)) }, hour(Date.parse(at))) : at ? due(each.next_at ?? at) : null,
  );
}

function timeline(all) {
  return [
    el("h3", {}, "What happened"),
    el("ol", { class: "owed line-of-time" }, all.map((entry) =>
      el("li", {}, el("span", {}, entry.words), entry.at ? el("time", { title: second(Date.parse(entry.at)) }, second(Date.parse(entry.at))) : null),
    ).reverse()),
  ];
}

function due(at) {
  return el("time", { class: "due", "data-due": String(Date.parse(at)), title: second(Date.parse(at)) }, "");
}

function tick() {
  if (!inView || !world.me) return;
  for (const node of document.querySelectorAll("#ledger [data-due]")) {
    const at = Number(node.dataset.due);
    node.textContent = `${hour(at)}, ${fromNow(at)}`;
    node.classList.toggle("late", at < now());
  }
}
