// What a half typed word may become: commands with their hints, verbs of a command, people and channels.

import { el, fill } from "./dom.js";
import { world } from "./world.js";

const MOST = 40; // the list scrolls
const learnt = new Map(); // verb -> {usage, words}, from the bot's own help

export class Completion {
  constructor(text, host, changed) {
    this.text = text;
    this.changed = changed;
    this.id = `${text.id || "thread-text"}-list`;
    this.list = el("div", { class: "completion", id: this.id, role: "listbox", "aria-label": "Suggestions", hidden: true });
    host.append(this.list);
    text.setAttribute("role", "combobox");
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", this.id);
    text.setAttribute("aria-expanded", "false");
    text.addEventListener("blur", () => this.close()); // a press on an option is heard before
    this.items = [];
  }

  update() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    this.items = suggestions(before).slice(0, MOST);
    this.at = 0;
    this.draw();
  }

  draw() {
    const { items, list, text } = this;
    list.hidden = !items.length;
    text.setAttribute("aria-expanded", String(items.length > 0));
    fill(list, items.map((item, index) => this.option(item, index)));
    list.children[this.at]?.scrollIntoView({ block: "nearest" });
    if (items.length) text.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
    else text.removeAttribute("aria-activedescendant");
  }

  option(item, index) {
    const pick = (event) => {
      event.preventDefault();
      this.pick(item);
    };
    return el(
      "div",
      { class: "option", role: "option", id: `${this.id}-${index}`, "aria-selected": String(index === this.at), on: { pointerdown: pick } },
      el("strong", {}, item.label), item.hint ? el("span", { class: "usage" }, item.hint) : null, item.words ? el("small", {}, item.words) : null,
    );
  }

  // Whether the key was taken.
  pressed(event) {
    if (!this.items.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.items.length) % this.items.length;
      this.draw();
    } else if (event.key === "Tab" && !event.shiftKey) {
      this.pick(this.items[this.at]);
    } else if (event.key === "Enter" && !event.shiftKey && !this.items[this.at].whole) {
      this.pick(this.items[this.at]);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  pick({ from, put }) {
    const { text } = this;
    const end = text.selectionStart;
    text.setRangeText(put, from, end, "end");
    this.close();
    this.changed();
    text.focus();
  }

  close() {
    this.items = [];
    this.draw();
  }
}

// For the text before the cursor. `whole`: what is typed is complete already, so Enter sends it.
export function suggestions(before) {
  const command = before.match(/^\/(\S*)$/);
  if (command) return commands(before);
  const verb = before.match(/^(\/\S+) +(\S*)$/);
  if (verb) return verbs(verb[1], verb[2], before.length - verb[2].length);
  const name = before.match(/(^|\s)([@#])([\w.-]*)$/);
  return name ? names(name[2], name[3].toLowerCase(), before.length - name[3].length - 1) : [];
}

function commands(typed) {
  return world.app.slash_commands
    .filter(({ command }) => command.startsWith(typed.toLowerCase()))
    .map(({ command, usage_hint, description }) => ({ label: command, hint: usage_hint, words: description, put: `${command} `, from: 0, whole: command === typed }));
}

function verbs(name, typed, from) {
  const known = world.app.slash_commands.find(({ command }) => command === name);
  if (!known) return [];
  const hinted = (known.usage_hint ?? "").split("|").map((part) => part.trim()).filter(Boolean);
  const usages = new Map(hinted.map((usage) => [usage.split(" ")[0], { usage, words: "" }]));
  for (const [verb, told] of learnt) if (told.usage !== verb || !usages.has(verb)) usages.set(verb, told);
  return [...usages]
    .filter(([verb]) => verb.startsWith(typed.toLowerCase()))
    .map(([verb, { usage, words }]) => ({ label: verb, hint: usage.slice(verb.length).trim(), words, put: `${verb} `, from, whole: verb === typed }));
}

function names(mark, typed, from) {
  const all =
    mark === "@"
      ? [...[...world.people.values()].map((person) => [person.name, called(person)]), ...[...world.usergroups.values()].map((group) => [group.handle, group.name])]
      : [...world.channels.values()].filter((channel) => channel.kind !== "im" && !channel.archived).map((channel) => [channel.name, ""]);
  return all
    .filter(([name]) => name.toLowerCase().includes(typed))
    .map(([name, words]) => ({ label: `${mark}${name}`, words, put: `${mark}${name} `, from, whole: name === typed }));
}

function called({ real_name, guest }) {
  return guest ? `${real_name} (a guest)` : real_name;
}

// Takes the verbs out of the bot's own help: named by subject, "*Look*  `list`  `show`", or a line each with what it does,
// "`/incident ack [incident]` Say that you are on it."
export function learn(message) {
  const text = [message.text, ...(message.blocks ?? []).map((block) => block.text?.text)].join("\n"); // what is long is cut in the text
  if (!text.includes("`/incident")) return;
  for (const [line] of text.matchAll(/^\*[^*\n]+\*(\s+`[a-z-]+`)+$/gm)) {
    for (const [, verb] of line.matchAll(/`([a-z-]+)`/g)) if (!learnt.has(verb)) learnt.set(verb, { usage: verb, words: "" });
  }
  for (const [, verb, usage, words] of text.matchAll(/^`\/incident ([a-z-]+)([^`\n]*)` ?([^\n]*)$/gm)) {
    if (words || !learnt.get(verb)?.words) learnt.set(verb, { usage: plain(`${verb}${usage}`), words: plain(words) });
  }
}

function plain(words) {
  return words.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").replaceAll("`", "").trim();
}
