// The list of a menu: a search line over options in groups, by keyboard or pointer. Knows neither elements nor Slack.

import { el, newId } from "./dom.js";
import { placePopup } from "./popup.js";

const MOST_SHOWN = 250;
const PAGE = 8;
const PAUSE_MS = 200;

// `find(query)` -> groups or a Promise of them: [{label?, items: [{id, words, node(), about?, note?}]}] or {message}.
// `chosen(id)`: whether it is selected. `pick(item)`: a person took it.
export class ListBox {
  constructor({ find, chosen, pick, label, multiple = false, query = "", remote = false }) {
    Object.assign(this, { find, chosen, pick, multiple, remote });
    const id = newId();
    this.list = el("div", { class: "kit-options", role: "listbox", id, "aria-label": label, "aria-multiselectable": multiple || null });
    this.search = el("input", {
      class: "kit-search", type: "text", role: "combobox", "aria-controls": id, "aria-expanded": "true", "aria-label": label,
      "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Search",
      input: () => this.later(), keydown: (event) => this.onKey(event),
    });
    this.search.value = query;
    this.list.addEventListener("click", (event) => this.onPress(event));
    this.list.addEventListener("pointermove", (event) => this.light(event.target.closest(".kit-option"), false));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the search line
    this.node = el("div", { class: "kit-listbox" }, this.search, this.list);
    this.asked = 0;
    this.pending = this.eager = false;
    this.fill();
  }

  later() {
    clearTimeout(this.timer);
    this.eager = false;
    if (!this.remote) return this.fill();
    this.pending = true; // what is shown was found for other words
    this.timer = setTimeout(() => this.fill(), PAUSE_MS);
  }

  async fill() {
    const turn = (this.asked += 1);
    let found = this.find(this.search.value.trim());
    if (found instanceof Promise) {
      this.pending = true;
      this.say("Loading…");
      found = await found;
      if (turn !== this.asked) return; // typed on in the meantime
    }
    if (found.message) this.say(found.message);
    else this.show(found);
    placePopup();
    this.pending = false;
    if (this.eager && this.lit) this.take(this.lit);
    this.eager = false;
  }

  say(message) {
    this.list.replaceChildren(el("div", { class: "kit-empty", role: "status" }, message));
    this.light(null);
  }

  show(groups) {
    this.list.replaceChildren();
    let left = MOST_SHOWN;
    for (const group of groups) {
      const items = group.items.slice(0, left);
      if (!items.length) continue;
      left -= items.length;
      this.list.append(group.label ? this.group(group.label, items) : this.options(items));
    }
    const total = groups.reduce((sum, group) => sum + group.items.length, 0);
    if (!total) return this.say("No matches");
    if (total > MOST_SHOWN) this.list.append(el("div", { class: "kit-empty" }, `${total - MOST_SHOWN} more: type to find them`));
    this.light(this.list.querySelector("[aria-selected=true]") ?? this.list.querySelector(".kit-option"));
  }

  group(label, items) {
    const id = newId();
    const title = el("div", { class: "kit-group", id, role: "presentation" }, label);
    return el("div", { role: "group", "aria-labelledby": id }, title, this.options(items));
  }

  options(items) {
    const fragment = document.createDocumentFragment();
    for (const item of items) {
      const option = el("div", { class: "kit-option", role: "option", id: newId(), "aria-selected": String(this.chosen(item.id)) }, item.node());
      if (item.about) option.append(el("span", { class: "kit-about" }, item.about));
      option.item = item;
      fragment.append(option);
    }
    return fragment;
  }

  light(option, scroll = true) {
    if (option === undefined || (option === null && !scroll) || option === this.lit) return;
    this.lit?.classList.remove("kit-lit");
    this.lit = option;
    option?.classList.add("kit-lit");
    if (option) this.search.setAttribute("aria-activedescendant", option.id);
    else this.search.removeAttribute("aria-activedescendant");
    if (scroll) option?.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    const all = [...this.list.querySelectorAll(".kit-option")];
    const at = all.indexOf(this.lit);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + PAGE, PageUp: at - PAGE };
    if (event.key in steps && all.length) {
      event.preventDefault();
      const once = event.key.startsWith("Arrow");
      const to = once ? (steps[event.key] + all.length) % all.length : Math.max(0, Math.min(all.length - 1, steps[event.key]));
      this.light(all[to]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      if (this.pending) this.eager = true; // taken as soon as it is found
      else if (this.lit) this.take(this.lit);
    } else if ((event.key === "Home" || event.key === "End") && !this.search.value) {
      event.preventDefault();
      this.light(event.key === "Home" ? all[0] : all.at(-1));
    }
  }

  onPress(event) {
    const option = event.target.closest(".kit-option");
    if (option) this.take(option);
  }

  take(option) {
    this.pick(option.item);
    for (const each of this.list.querySelectorAll(".kit-option")) each.setAttribute("aria-selected", String(this.chosen(each.item.id)));
  }
}
