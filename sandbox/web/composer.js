// Where one writes: words for everybody, or a slash command with what it may be completed to.

import { deed } from "./api.js";
import { join, currentMessages } from "./channel.js";
import { Completion } from "./completion.js";
import { button, el, fill, find, icon } from "./dom.js";
import { showMenu } from "./menu.js";
import { attempt, say } from "./notice.js";
import { here, place } from "./place.js";
import { on, world } from "./world.js";

const TALLEST_PX = 180;
const drafts = new Map();
let main = null;

export class Composer {
  // `place()`: {channel, thread_ts?}; `key()`: what its draft is kept under.
  constructor(host, { where, key, label, id }) {
    this.where = where;
    this.key = key;
    this.text = el("textarea", {
      id, rows: "1", "aria-label": label, placeholder: label, autocomplete: "off", spellcheck: "false",
      on: { input: () => this.typed(), keydown: (event) => this.pressed(event) },
    });
    const lightning = button(icon("bolt"), (event) => shortcuts(event.currentTarget), { class: "tool lightning", "aria-label": "Shortcuts", title: "Shortcuts of Muster", "aria-haspopup": "menu" });
    const send = button(icon("send"), () => this.send(), { class: "tool send", "aria-label": "Send", title: "Send (Enter)" });
    this.box = el("div", { class: "composer" }, lightning, this.text, send);
    this.completion = new Completion(this.text, this.box, () => this.typed());
    fill(host, this.box);
    this.restore();
  }

  restore() {
    this.text.value = drafts.get(this.key()) ?? "";
    this.completion.close();
    this.grow();
  }

  label(words) {
    this.text.placeholder = words;
    this.text.setAttribute("aria-label", words);
  }

  put(words) {
    this.text.value = words;
    this.text.focus();
    this.typed();
  }

  typed() {
    drafts.set(this.key(), this.text.value);
    this.grow();
    this.completion.update();
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, TALLEST_PX)}px`;
  }

  pressed(event) {
    if (this.completion.pressed(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.text.value) {
      event.preventDefault();
      currentMessages().focusNewest();
    }
  }

  async send() {
    const words = this.text.value.trim();
    if (!words) return;
    const key = this.key();
    const place = this.where();
    this.text.value = "";
    this.typed();
    try {
      await (words.startsWith("/") ? command(words, place) : deed("post", { ...place, text: encoded(words) }));
    } catch (problem) {
      say(problem.message, "problem");
      drafts.set(key, words);
      if (key === this.key() && !this.text.value) this.restore();
    }
  }
}

async function command(words, { channel }) {
  const answer = await deed("say", { text: words, channel });
  if (answer.timeout) throw new Error(`${words.split(" ")[0]} failed: Muster did not answer in time.`);
}

// As Slack's client sends what was typed: markup made harmless, names turned into ids.
function encoded(words) {
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return safe
    .replace(/https?:\/\/[^\s<>]+/g, (url) => `<${url}>`)
    .replace(/(^|\s)@([\w.-]+)/g, (whole, before, name) => {
      const person = [...world.people.values()].find((each) => each.name === name.toLowerCase());
      if (person) return `${before}<@${person.id}>`;
      const group = [...world.usergroups.values()].find((each) => each.handle === name.toLowerCase());
      if (group) return `${before}<!subteam^${group.id}|@${group.handle}>`;
      return ["here", "channel", "everyone"].includes(name) ? `${before}<!${name}>` : whole;
    })
    .replace(/(^|\s)#([\w-]+)/g, (whole, before, name) => {
      const channel = [...world.channels.values()].find((each) => each.name === name && each.kind !== "im");
      return channel ? `${before}<#${channel.id}>` : whole;
    });
}

export function shortcuts(anchor) {
  const items = world.app.shortcuts
    .filter((shortcut) => shortcut.type === "global")
    .map(({ name, callback_id, description }) => ({
      label: name,
      hint: description,
      choose: async () => {
        const answer = await attempt(() => deed("shortcut", { callback_id }));
        if (answer?.timeout) say("Muster did not answer in time.", "problem");
      },
    }));
  showMenu(anchor, items, { title: "Shortcuts" });
}

// The field below the channel

export function startComposer() {
  main = new Composer(find("#composer"), {
    id: "composer-text",
    label: "Message",
    key: () => place.at,
    where: () => ({ channel: place.at }),
  });
  on("place", draw);
  on("snapshot", draw);
  on("channel", (channel) => channel.id === place.at && draw());
  on("channel_gone", draw);
}

export function putIntoComposer(words) {
  main.put(words);
}

let drawnFor = "";

function draw() {
  const host = find("#composer");
  const channel = here();
  host.hidden = place.at === "home";
  const bar = closed(channel);
  if (bar) {
    fill(host, bar);
  } else if (!host.contains(main.box)) {
    fill(host, main.box);
  }
  if (drawnFor === `${place.as} ${place.at}`) return;
  drawnFor = `${place.as} ${place.at}`;
  main.label(channel?.kind === "im" ? "Message Muster" : `Message #${channel?.name ?? ""}`);
  main.restore();
  if (!bar && !document.querySelector("dialog[open]")) main.text.focus({ preventScroll: true });
}

// What stands in the field's place where nobody can write.
function closed(channel) {
  if (!channel) return null;
  if (channel.archived) {
    return el("div", { class: "closed" }, "This channel is archived. ", button("Unarchive it", () => attempt(() => deed("room", { do: "unarchive", channel: channel.id }))));
  }
  if (channel.kind !== "im" && !channel.members.includes(world.me)) {
    return el("div", { class: "closed" }, `You look at #${channel.name} from outside. `, button("Join", () => join(channel), { class: "main" }));
  }
  return null;
}
