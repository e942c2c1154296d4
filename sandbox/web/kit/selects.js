// Menus: static, external, users, conversations and channels, for one or for many.

import { el } from "./dom.js";
import { ListBox } from "./listbox.js";
import { closePopup, isOpen, openPopup, placePopup } from "./popup.js";
import { Touchable } from "./touchable.js";
import { isMany } from "./values.js";
import { channelNode, nameOf, renderPlain, renderText } from "./words.js";

const SHORTEST_QUERY = 3; // Slack's own, where min_query_length says nothing
const KINDS = ["public", "private", "im", "mpim"];

export function select(scope, block, element, label) {
  const touchable = new Touchable(scope, block, element, label);
  const menu = (touchable.menu = new Menu(touchable));
  touchable.redraw = () => menu.draw();
  menu.draw();
  return touchable.node;
}

class Menu {
  constructor(touchable) {
    this.touchable = touchable;
    this.element = touchable.element;
    this.context = touchable.context;
    this.many = isMany(this.element.type);
    this.shown = el("span", { class: "kit-chosen" });
    this.trigger = el(
      "button",
      {
        class: "kit-trigger", type: "button", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false",
        ...touchable.named, click: () => this.toggle(), keydown: (event) => this.onKey(event),
      },
      this.shown,
      el("span", { class: "kit-arrow", "aria-hidden": "true" }, "▾"),
    );
    touchable.trigger = this.trigger;
    this.tokens = el("span", { class: "kit-tokens" });
    touchable.node.prepend(this.tokens, this.trigger);
  }

  get items() {
    const content = this.touchable.content;
    return this.many ? (content ?? []) : content === null ? [] : [content];
  }

  draw() {
    const { items, element, context } = this;
    this.shown.replaceChildren();
    this.shown.classList.toggle("kit-placeholder", this.many || !items.length);
    if (!this.many && items.length) this.shown.append(nodeOf(items[0], element, context));
    else this.shown.append(renderPlain(element.placeholder?.text ?? this.touchable.words, context));
    this.tokens.replaceChildren(...(this.many ? items.map((item) => this.token(item)) : this.clearing(items)));
    this.trigger.setAttribute("data-value", items.map(idOf).join(","));
    if (!this.touchable.label) this.name(items);
    placePopup(); // the tokens of many have moved what it hangs on
  }

  // The name that a screen reader says: what it is, and what is chosen.
  name(items) {
    const chosen = items.map((item) => wordsOf(item, this.element, this.context)).join(", ");
    this.trigger.setAttribute("aria-label", chosen ? `${this.touchable.words}: ${chosen}` : this.touchable.words);
  }

  token(item) {
    const words = wordsOf(item, this.element, this.context);
    const drop = () => this.touchable.change(this.items.filter((each) => idOf(each) !== idOf(item)));
    return el("button", { class: "kit-token", type: "button", "aria-label": `Remove ${words}`, click: drop }, words, el("span", { "aria-hidden": "true" }, " ✕"));
  }

  clearing(items) {
    if (!this.touchable.optional || !items.length) return [];
    const drop = () => this.touchable.change(null);
    return [el("button", { class: "kit-clear", type: "button", "aria-label": "Clear", click: drop }, "✕")];
  }

  toggle(query = "") {
    if (isOpen(this.touchable)) return closePopup({ back: true });
    this.before = JSON.stringify(this.items.map(idOf));
    const list = new ListBox({
      find: (typed) => find(typed, this.touchable),
      chosen: (id) => this.current.items.some((item) => idOf(item) === id),
      pick: (item) => this.current.pick(item.value),
      label: this.touchable.words,
      multiple: this.many,
      remote: this.element.type.endsWith("external_select"),
      query,
    });
    // The popup may outlive this rendering: what is picked goes to the one that is on the page by then.
    const popup = openPopup(this.touchable, list.node, { label: this.touchable.words, closed: () => this.sendMany() });
    popup.classList.add("kit-menu");
    list.search.focus();
    list.lit?.scrollIntoView({ block: "nearest" });
  }

  get current() {
    return this.touchable.node.isConnected ? this : (this.touchable.cell.current.menu ?? this);
  }

  pick(value) {
    if (!this.many) {
      closePopup({ back: true });
      if (JSON.stringify(this.items) !== JSON.stringify([value])) this.touchable.change(value);
      return;
    }
    const without = this.items.filter((item) => idOf(item) !== idOf(value));
    const most = this.element.max_selected_items ?? Infinity;
    if (without.length === this.items.length && without.length >= most) return;
    this.touchable.keep(without.length === this.items.length ? [...without, value] : without);
    this.draw();
  }

  // Many are sent when the list is closed, as one choice.
  sendMany() {
    const menu = this.current;
    if (this.many && JSON.stringify(menu.items.map(idOf)) !== this.before) menu.touchable.change(menu.items);
  }

  onKey(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.toggle();
    } else if ((event.key === "Backspace" || event.key === "Delete") && this.items.length) {
      if (this.many) this.touchable.change(this.items.slice(0, -1));
      else if (this.touchable.optional) this.touchable.change(null);
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.toggle(event.key);
    }
  }
}

const idOf = (item) => (typeof item === "string" ? item : item.value);

function nodeOf(item, element, context) {
  if (typeof item !== "string") return renderText(item.text, context);
  return wordsOf(item, element, context);
}

function wordsOf(item, element, context) {
  if (typeof item !== "string") return renderPlain(item.text.text, context).textContent;
  if (element.type.endsWith("users_select")) return nameOf(item, context) ?? item;
  const known = context.channels().find((each) => each.id === item);
  return known ? nameOfChannel(known, context) : channelNode(item, context).textContent;
}

function nameOfChannel(channel) {
  if (channel.kind === "im" || channel.kind === "mpim") return channel.real_name ?? channel.name;
  return `${channel.kind === "private" ? "🔒" : "#"}${channel.name}`;
}

// What a menu offers for what was typed: groups, a message, or a Promise of either.
function find(typed, touchable) {
  const { element, context } = touchable;
  if (element.type.endsWith("external_select")) return outside(typed, touchable);
  if (element.type.endsWith("static_select")) return filtered(grouped(element, context), typed);
  if (element.type.endsWith("users_select")) return filtered([{ items: context.people().map((user) => person(user, context)) }], typed);
  return filtered([{ items: channels(element, context) }], typed);
}

function grouped({ options = [], option_groups }, context) {
  const groups = option_groups ?? [{ options }];
  return groups.map((group) => ({
    label: group.label && renderPlain(group.label.text, context).textContent,
    items: group.options.map((value) => option(value, context)),
  }));
}

function option(value, context) {
  const words = renderPlain(value.text.text, context).textContent;
  return { id: value.value, words, value, node: () => renderText(value.text, context), about: value.description?.text };
}

function person(user) {
  const words = user.real_name || user.name;
  return { id: user.id, words: `${words} ${user.name}`, value: user.id, node: () => words, about: user.name };
}

function channels(element, context) {
  const only = element.type.endsWith("channels_select") ? ["public"] : (element.filter?.include ?? KINDS);
  return context
    .channels()
    .filter((channel) => only.includes(channel.kind) && !channel.archived)
    .map((channel) => ({ id: channel.id, words: channel.name, value: channel.id, node: () => nameOfChannel(channel, context) }));
}

function filtered(groups, typed) {
  const wanted = typed.toLowerCase();
  if (!wanted) return groups;
  return groups.map((group) => ({ ...group, items: group.items.filter((item) => item.words.toLowerCase().includes(wanted)) }));
}

async function ask(typed, { element, block, context }) {
  const { surface, container } = context;
  const ids = { block_id: block.block_id ?? "", action_id: element.action_id ?? "" };
  try {
    const answer = await context.options({ surface, container, ...ids, element, query: typed });
    if (answer.timeout || answer.error) return { message: answer.error ?? "The app did not answer in time." };
    return grouped(answer, context);
  } catch (error) {
    return { message: error.message || "The options could not be loaded." };
  }
}

function outside(typed, touchable) {
  const least = touchable.element.min_query_length ?? SHORTEST_QUERY;
  if (typed.length >= least) return ask(typed, touchable);
  return { message: `Type at least ${least} character${least === 1 ? "" : "s"} to search` };
}
