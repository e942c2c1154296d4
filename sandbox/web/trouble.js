// Trouble on demand: what is slow, broken or gone, and what stands broken now.

import { deed } from "./api.js";
import { button, el, fill, find, refill } from "./dom.js";
import { attempt, say } from "./notice.js";
import { span } from "./times.js";
import { on, world } from "./world.js";

const NAMES = { slack: "Slack", "*": "everything", pagerduty: "PagerDuty", opsgenie: "Opsgenie", twilio: "Twilio", plane: "Plane", statuspage: "Statuspage", smtp: "SMTP" };
const KINDS = [
  ["hang", "hangs: never answers"],
  ["latency", "is slow: 2 seconds each"],
  ["status", "is broken: answers 500"],
  ["ratelimit", "limits the rate: 429, wait 5 s"],
  ["reset_before", "breaks the connection before it acts"],
  ["reset_after", "breaks the connection after it acted"],
  ["refuse_token", "refuses the token"],
  ["unreachable", "cannot be reached"],
];
const LASTING = [["", "until I end it"], ["1", "for the next request"], ["3", "for three requests"], ["30s", "for 30 seconds"]];
const MORE = { latency: { ms: 2000 }, ratelimit: { retry_after: 5 }, status: { code: 500 } };

export function troubleTab(host) {
  const service = el("select", { id: "trouble-service", "aria-label": "Who" });
  const kind = el("select", { "aria-label": "What" }, KINDS.map(([value, label]) => el("option", { value }, label)));
  const lasting = el("select", { "aria-label": "How long" }, LASTING.map(([value, label]) => el("option", { value }, label)));
  const match = el("input", { type: "text", placeholder: "only for, such as chat.postMessage", "aria-label": "Only for this method or path" });
  const submit = (event) => {
    event.preventDefault();
    start(service.value, kind.value, lasting.value, match.value.trim());
  };
  fill(
    host,
    el("h2", {}, "Trouble"),
    el("div", { id: "standing" }),
    el("form", { class: "stacked", on: { submit } }, service, kind, lasting, match, el("button", { class: "main" }, "Break it")),
    el("h3", {}, "Slack's line"),
    el("div", { id: "line" }, el("p", { class: "words" }), el("div", { class: "deeds" })),
    el("h3", {}, "The bot"),
    el("div", { id: "bot" }, el("p", { class: "words" }), el("div", { class: "deeds buttons" })),
    el("h3", {}, "What real services would mind"),
    el("div", { id: "violations" }),
  );
  for (const each of ["trouble", "bot", "violations", "snapshot"]) on(each, draw);
  setInterval(tick, 1000);
  return () => {};
}

function start(service, kind, lasting, match) {
  const given = { service, kind, ...MORE[kind] };
  if (match) given.match = match;
  if (lasting.endsWith("s")) given.seconds = parseFloat(lasting);
  else if (lasting) given.times = Number(lasting);
  return attempt(() => deed("faults", without(given)));
}

// `as` is no part of a fault.
function without(given) {
  return { ...given, as: undefined };
}

function draw() {
  const select = find("#trouble-service");
  const services = ["slack", ...Object.keys(world.vendors), "*"];
  if (select.children.length !== services.length) {
    fill(select, services.map((name) => el("option", { value: name }, NAMES[name] ?? name)));
    select.value = services.find((name) => name === "plane") ?? "slack"; // one whose trouble leaves the room alive
  }
  drawStanding();
  drawLine();
  drawBot();
  drawViolations();
}

function drawStanding() {
  const { faults } = world.trouble;
  const list = faults.map((fault) =>
    el("li", {}, el("span", {}, words(fault), fault.ends ? el("i", { "data-ends": String(fault.ends) }) : null), button("End it", () => attempt(() => deed("end_fault", { id: fault.id })), { class: "small" })),
  );
  refill(find("#standing"), faults, () => [
    faults.length ? el("ul", { class: "faults" }, list) : el("p", { class: "quiet" }, "All is well."),
    faults.length ? button("End all trouble", () => attempt(() => deed("faults", without({ clear: true })))) : null,
  ]);
  tick();
}

function words({ service, kind, match, times }) {
  const what = KINDS.find(([value]) => value === kind)?.[1] ?? kind;
  const only = match ? ` (${match})` : "";
  const left = times === null ? "" : times === 0 ? ", one request is still held" : `, ${times} more`;
  return `${NAMES[service] ?? service} ${what.split(":")[0]}${only}${left}`;
}

function drawLine() {
  const socket = (act, label) => button(label, () => attempt(() => deed("socket", { do: act })), {});
  const { tiers, deaf } = world.trouble;
  refill(find("#line .words"), [world.bot.connections, deaf], () => [`${world.bot.connections} open connections${deaf ? "; new ones hear nothing" : ""}.`]);
  refill(find("#line .deeds"), [tiers, deaf], () => [
    el("div", { class: "buttons" }, socket("cut", "Cut the cable"), deaf ? socket("hear", "Let it hear again") : socket("deaf", "Make it deaf"), socket("abort", "Reset the connections")),
    el("label", { class: "check" }, check(tiers), " Slack's published rate limits"),
  ]);
}

function check(tiers) {
  const box = el("input", { type: "checkbox", on: { change: () => attempt(() => deed("faults", without({ tiers: box.checked }))) } });
  box.checked = tiers;
  return box;
}

function drawBot() {
  const { alive, held, pid, connections } = world.bot;
  const off = world.trouble.deaf ? "It hears nothing of Slack" : "It is on its way to Slack's line";
  const bot = (act) => () => attempt(() => deed("bot", { do: act }));
  const state = held ? "It is down." : alive === false ? "It is being started." : connections ? "It is up" : off;
  refill(find("#bot .words"), [state, alive, pid], () => [alive && pid ? `${state} (process ${pid}).` : state]);
  refill(find("#bot .deeds"), [held, alive === null], () => [
    held ? button("Start it", bot("start"), { class: "main" }) : button("Kill it: it starts again", kill, { id: "kill" }),
    held || alive === null ? null : button("Kill it and leave it down", bot("hold")),
  ]);
}

async function kill() {
  if (await attempt(() => deed("kill"))) say("Killed as by a power cut. What was owed stays written.");
}

function drawViolations() {
  const { count, latest } = world.violations;
  fill(find("#violations"), count ? el("ul", { class: "violations" }, latest.map((text) => el("li", {}, text))) : el("p", { class: "quiet" }, "Nothing so far."));
}

function tick() {
  for (const node of document.querySelectorAll("#standing [data-ends]")) {
    node.textContent = `, ${span(Number(node.dataset.ends) - Date.now() - world.skew)} left`;
  }
}
