// kit.html: the catalogue on a page, with an app that only writes down what it would have been sent.

import { CATALOGUE, ELEMENTS, FORM, HOSTILE, text } from "./catalogue.js";
import { el } from "./dom.js";
import { closeModal, openModal, renderBlocks, renderHome, showModals } from "./index.js";

const PEOPLE = [
  { id: "U0001", name: "ana", real_name: "Ana" },
  { id: "U0002", name: "ben", real_name: "Ben" },
  { id: "U0003", name: "chris", real_name: "Chris" },
  { id: "U0009", name: "guest", real_name: "Guest" },
];
const CHANNELS = [
  { id: "C0GENERAL", name: "general", kind: "public" },
  { id: "C0INCIDENTS", name: "incidents", kind: "public" },
  { id: "C0SECRET", name: "inc-7-secret", kind: "private" },
  { id: "C0OLD", name: "inc-1-old", kind: "public", archived: true },
  { id: "D0001", name: "ben", kind: "im" },
];
const INCIDENTS = Array.from({ length: 30 }, (_, n) => ({ text: text(`INC-${n + 1} incident number ${n + 1}`), value: `${n + 1}` }));
const SLOW_MS = location.search ? 400 : 2000; // on the stage for tests nobody watches

const found = (list, id) => list.find((each) => each.id === id) ?? null;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const sent = []; // what the app would have been sent, the newest last

function send(what, payload) {
  sent.push({ what, ...payload });
  const words = JSON.stringify(payload.value ?? payload.values ?? payload.url ?? payload.query ?? null, null, 1);
  log.prepend(el("li", {}, el("strong", {}, `${what} ${payload.action_id ?? payload.id ?? ""}`), el("pre", {}, words)));
  while (log.childNodes.length > 20) log.lastChild.remove();
}

export const context = {
  me: "U0001",
  surface: "message",
  container: { channel: "C0GENERAL", ts: "0" },
  names: {
    user: (id) => found(PEOPLE, id),
    channel: (id) => found(CHANNELS, id),
    usergroup: (id) => (id === "S1" ? { handle: "oncall" } : null),
  },
  people: () => PEOPLE,
  channels: () => CHANNELS,
  zone: "Europe/London",
  now: () => Date.UTC(2026, 1, 3, 12),
  async act(payload) {
    send("act", payload);
    if (payload.action_id === "slow") await wait(SLOW_MS);
    return { timeout: payload.action_id === "timeout" };
  },
  async options(payload) {
    send("options", payload);
    if (payload.action_id === "timeout") return { timeout: true };
    return { options: INCIDENTS.filter((each) => each.text.text.includes(payload.query)) };
  },
  async submit(view, values) {
    send("submit", { id: view.id, values });
    return OUTCOMES[view.callback_id]?.(view) ?? {};
  },
  closed: (view, more) => send("closed", { id: view.id, value: more }),
  openLink: (url) => send("link", { url }),
  openChannel: (id) => send("channel", { id }),
};

let serial = 0;
const next = (view) => ({ ...view, id: `V${(serial += 1)}` });
const small = (title, callback_id, more) => ({
  type: "modal", title: text(title), submit: text("Go on"), callback_id,
  blocks: [{ type: "input", block_id: "title", label: text("Title"), element: { type: "plain_text_input", action_id: "a" }, optional: true }],
  ...more,
});
const OUTCOMES = {
  errors: () => ({ errors: { title: "Say more than that." } }),
  timeout: () => wait(SLOW_MS).then(() => ({ timeout: true })),
  push: (view) => ({ views: [view, next(small("Third view", "update"))] }),
  update: (view) => ({ views: [{ ...view, title: text("Updated"), submit: null, blocks: [{ type: "section", text: text("Done.") }] }] }),
};
const MODALS = [
  ["every input", () => FORM],
  ["an error under an input", () => small("Refused", "errors")],
  ["an app that does not answer", () => small("No answer", "timeout")],
  ["a stack of views", () => small("First view", "push")],
  ["an updated view", () => small("To be updated", "update")],
  ["words only", () => ({ type: "modal", title: text("Words"), blocks: CATALOGUE[0].entries[2].blocks })],
];

const log = document.querySelector("#sent");

function fill() {
  const page = document.querySelector("#catalogue");
  CATALOGUE.forEach((group, g) => {
    page.append(el("h2", {}, group.title));
    group.entries.forEach(({ name, blocks }, n) => page.append(entry(name, blocks, `${g}.${n}`)));
  });
  page.append(el("h2", {}, "Modals"), modals(), el("h2", {}, "App Home"), home());
  page.append(el("h2", {}, "Text that means harm"), entry("in every place", hostile(), "hostile"));
}

function entry(name, blocks, ts) {
  const body = el("div", { class: "kit" }, renderBlocks(blocks, { ...context, container: { channel: "C0GENERAL", ts } }));
  return el("section", { class: "entry", "data-name": name }, el("h3", {}, name), body);
}

function modals() {
  const open = (make) => (make() === FORM ? showModals([next(FORM)], context) : openModal(next(make()), context));
  return el("p", { class: "modals" }, ...MODALS.map(([name, make]) => el("button", { type: "button", click: () => open(make) }, name)));
}

function home() {
  const blocks = [...CATALOGUE[0].entries[0].blocks, ...CATALOGUE[1].entries[0].blocks, ...ELEMENTS.slice(0, 1).map((element) => ({ type: "actions", block_id: "h", elements: [{ ...element, action_id: "h" }] }))];
  return el("div", {}, renderHome({ id: "V-home", type: "home", blocks }, context), renderHome(null, context));
}

function hostile() {
  const words = { type: "mrkdwn", text: HOSTILE };
  const plain = { type: "plain_text", text: HOSTILE.slice(0, 140) };
  return [
    { type: "header", text: plain },
    { type: "section", text: words, fields: [words, text(HOSTILE)] },
    { type: "markdown", text: HOSTILE },
    { type: "context", elements: [words] },
    { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: HOSTILE }, { type: "link", url: "javascript:1", text: HOSTILE }] }] },
    { type: "actions", elements: [{ type: "button", action_id: "h", text: plain, url: "javascript:document.title='ran'" }] },
  ];
}

for (const button of document.querySelectorAll("[data-theme-is]")) {
  button.addEventListener("click", () => {
    if (button.dataset.themeIs) document.documentElement.dataset.theme = button.dataset.themeIs;
    else delete document.documentElement.dataset.theme;
  });
}
if (!location.search) fill(); // ?empty: a stage for tests
document.documentElement.dataset.ready = "";
export { closeModal };
