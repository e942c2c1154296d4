// The middle of the page: one channel with its head, its links and its messages, or App Home.

import { bare, renderHome, renderPlain } from "./kit/index.js";
import { deed } from "./api.js";
import { context, openLink, webAddress } from "./context.js";
import { el, button, fill, find, icon, refill } from "./dom.js";
import { declare, welcome } from "./first.js";
import { showBox, showMenu, closeMenu } from "./menu.js";
import { Messages } from "./messages.js";
import { attempt } from "./notice.js";
import { go, here, place } from "./place.js";
import { openSide } from "./sidebar.js";
import { me, nameOf, on, rooms, world } from "./world.js";

let messages;

export function startChannel() {
  messages = new Messages(find("#stage"), { empty: () => welcome(here()) });
  on("snapshot", open);
  on("place", open);
  on("channel", (channel) => {
    greet();
    if (channel.id !== place.at) return;
    drawHead();
    read();
  });
  on("channel_gone", (id) => id === place.at && go("home"));
  on("home", () => place.at === "home" && drawHome());
  on("message", taken);
  on("whisper", taken);
  on("message_gone", gone);
  on("whisper_gone", gone);
  on("clock", () => messages.channel && messages.draw()); // what was today may be yesterday now
  on("at-bottom", (list) => list === messages && read());
  on("opened", () => read());
  document.addEventListener("visibilitychange", read);
  addEventListener("focus", read);
}

export function currentMessages() {
  return messages;
}

function taken({ channel, message }) {
  if (channel === place.at) messages.take(message);
}

function gone({ channel, ts }) {
  if (channel === place.at) messages.drop(ts);
}

// What stands in an empty channel is another thing once there is a room.
function greet() {
  if (messages.rows.length || !messages.channel || !find("#declare-first") || !rooms().length) return;
  const held = find("#stage").contains(document.activeElement);
  messages.draw();
  if (held) find("#composer-text")?.focus({ preventScroll: true });
}

async function open() {
  const home = place.at === "home";
  document.body.classList.toggle("at-home", home);
  drawHead();
  if (home) {
    messages.channel = null;
    drawHome();
    await attempt(() => deed("home"));
    return;
  }
  const channel = here();
  if (!channel) return;
  if (channel.kind === "im") attempt(() => deed("home", { tab: "messages" }));
  if (!find("#stage").contains(messages.scroller)) startOver();
  await messages.open(channel.id, { around: place.message, read: channel.unread ? channel.read : "" });
}

function startOver() {
  fill(find("#stage"), messages.scroller, messages.jump);
}

function drawHome() {
  const shown = find("#stage > .home-view");
  const body = shown ?? el("div", { class: "home-view kit scroller" });
  const { scrollTop } = body;
  const nothing = el(
    "div", { class: "welcome" },
    el("h2", {}, "Nothing here yet"),
    el("p", {}, "Muster shows nothing on its Home for now. What it has to say to you alone stands under Muster, and what it does about an incident in that incident's channel."),
    el("p", {}, button([icon("bolt"), "Declare an incident"], declare, { class: "main big" })),
  );
  fill(body, world.home ? renderHome(world.home, context("home")) : nothing);
  if (!shown) fill(find("#stage"), body);
  body.scrollTop = scrollTop; // what the bot publishes anew is read on where it was
}

// How far this person has read: what stands on the screen while somebody looks at it.
function read() {
  const channel = here();
  if (!channel || document.hidden || !messages.atBottom || messages.moreAfter || messages.channel !== channel.id) return;
  if (channel.latest && channel.latest > channel.read) {
    channel.read = channel.latest;
    attempt(() => deed("read", { channel: channel.id, ts: channel.latest }));
  }
}

// The head

function drawHead() {
  const head = find("#channel-head");
  if (place.at === "home") {
    document.title = "App Home · Muster's sandbox";
    drawBookmarks([]);
    return refill(head, "home", () => [sideButton(), el("div", { class: "names" }, el("h1", {}, icon("home"), "App Home"), el("span", { class: "topic" }, "What Muster shows to you alone"))]);
  }
  const channel = here();
  if (!channel) return refill(head, "", () => []);
  const direct = channel.kind === "im";
  document.title = `${direct ? "Muster" : `#${channel.name}`} · Muster's sandbox`;
  drawBookmarks(channel.bookmarks);
  const { id, name, kind, pins: pinned, members: inside, archived } = channel;
  return refill(head, [id, name, kind, topicOf(channel), pinned, inside, archived], () => [
    sideButton(),
    el(
      "div", { class: "names" },
      el("h1", {}, direct ? null : channel.kind === "private" ? icon("lock") : "#", el("span", { class: "clip" }, direct ? "Muster" : channel.name)),
      direct ? el("span", { class: "topic" }, "Direct messages") : topic(channel),
    ),
    direct ? null : pins(channel),
    direct ? null : members(channel),
    direct ? null : more(channel),
  ]);
}

// Only in a narrow window: there the channels stand aside.
function sideButton() {
  return button(icon("list"), openSide, { class: "tool side-open-button", "aria-label": "Channels", title: "Channels" });
}

function topicOf(channel) {
  return channel.topic ? bare(channel.topic, context()) : "Add a topic";
}

function topic(channel) {
  const words = topicOf(channel);
  const given = { class: "topic", title: `${words} (change the topic)`, disabled: channel.archived };
  return button(words, (event) => changeTopic(event.currentTarget, channel), given);
}

function changeTopic(anchor, channel) {
  const input = el("input", { type: "text", maxlength: "250", value: bare(channel.topic, context()), "aria-label": "Topic" });
  const keep = (event) => {
    event.preventDefault();
    closeMenu();
    attempt(() => deed("topic", { channel: channel.id, text: input.value }));
  };
  showBox(anchor, el("form", { on: { submit: keep } }, el("label", {}, "Topic", input), el("button", { class: "main" }, "Save")), "Topic");
}

function pins(channel) {
  if (!channel.pins.length) return null;
  const items = channel.pins.map((pin) => ({
    label: el("span", { class: "clip" }, renderPlain(pin.text, context())),
    hint: `pinned by ${nameOf(pin.by)}`,
    choose: () => go(channel.id, { message: pin.ts }),
  }));
  return headButton("pin", `${channel.pins.length} pinned`, (anchor) => showMenu(anchor, items, { title: "Pinned" }));
}

function members(channel) {
  return headButton("people", `${channel.members.length}`, (anchor) => showMembers(anchor, channel), `${channel.members.length} members`);
}

function showMembers(anchor, channel) {
  const inside = channel.members.map((id) => ({
    label: `${nameOf(id)}${id === world.me ? " (you)" : ""}${guest(id) ? " (a guest)" : ""}`,
    hint: channel.archived ? "" : id === world.me ? "Leave" : "Remove",
    choose: () => channel.archived || attempt(() => deed("remove", { channel: channel.id, user: id })),
  }));
  const outside = [...world.people.values()]
    .filter((person) => !channel.members.includes(person.id) && !channel.archived)
    .map((person) => ({
      label: `Invite ${person.real_name}${person.guest ? " (a guest)" : ""}`,
      choose: () => attempt(() => deed("invite", { channel: channel.id, user: person.id })),
    }));
  showMenu(anchor, outside.length ? [...inside, null, ...outside] : inside, { title: `In #${channel.name}` });
}

function guest(id) {
  return Boolean(world.people.get(id)?.guest);
}

function more(channel) {
  const room = (act, label, danger) => ({ label, danger, choose: () => attempt(() => deed("room", { do: act, channel: channel.id })) });
  const items = [
    channel.archived ? room("unarchive", "Unarchive the channel") : room("archive", "Archive the channel", true),
    ...(channel.members.includes(world.botUser) && !channel.archived ? [room("remove_bot", "Remove Muster from here", true)] : []),
  ];
  return headButton("dots", "", (anchor) => showMenu(anchor, items, { title: `#${channel.name}` }), "More about this channel");
}

function headButton(picture, words, show, label = words) {
  return button([icon(picture), el("span", {}, words)], (event) => show(event.currentTarget), { class: "head-button", "aria-label": label, title: label, "aria-haspopup": "menu" });
}

function drawBookmarks(bookmarks) {
  const bar = find("#bookmarks");
  bar.hidden = !bookmarks.length;
  refill(bar, bookmarks, () =>
    bookmarks.map((each) => {
      const follow = (event) => {
        event.preventDefault();
        openLink(each.link);
      };
      return el("a", { href: webAddress(each.link), class: "bookmark", on: { click: follow } }, each.emoji ? renderPlain(`${each.emoji} `, context()) : icon("link"), each.title);
    }),
  );
}

export function join(channel) {
  return attempt(() => deed("join", { channel: channel.id }));
}

export function isMember(channel) {
  return Boolean(channel?.members.includes(me()?.id));
}

