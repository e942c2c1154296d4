// One element that can be touched: its wrapper on the page, what it holds, and how that is sent. Each kind draws itself.

import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { follow } from "./following.js";
import { cellOf, nameOfElement, stateOf, touch, valuesOf } from "./touched.js";
import { contentOf, held } from "./values.js";

export const TIMEOUT = "The app did not respond in time.";

// scope: {context, blocks} of everything that was rendered together; `label`: ids of what names and describes an input.
export class Touchable {
  constructor(scope, block, element, label) {
    Object.assign(this, { scope, block, element, label });
    this.context = scope.context;
    this.node = el("span", { class: `kit-el kit-is-${element.type}` });
    this.node.kit = this;
    this.redraw = () => {};
    const cell = cellOf(this.context, block, element);
    if (cell) {
      cell.current = this;
      this.tell(cell);
    }
    follow(this);
  }

  // The same for every rendering of this element.
  get name() {
    return nameOfElement(this.context, this.block, this.element);
  }

  get cell() {
    const cell = touch(this.context, this.block, this.element);
    if (!cell.current?.node.isConnected) cell.current = this; // else it was rendered again in the meantime
    return cell;
  }

  get content() {
    return contentOf(stateOf(this.context, this.block, this.element));
  }

  // An input sends nothing by itself unless it dispatches.
  get sends() {
    return this.block.type !== "input" || Boolean(this.block.dispatch_action);
  }

  get optional() {
    return this.block.type === "input" && Boolean(this.block.optional);
  }

  // Attributes that name the control for those who do not see it.
  get named() {
    if (!this.label) return { "aria-label": this.words };
    return { "aria-labelledby": this.label.name, "aria-describedby": this.label.about || null };
  }

  get words() {
    const { element } = this;
    return element.accessibility_label ?? element.placeholder?.text ?? WORDS[element.type] ?? element.type;
  }

  keep(content) {
    this.cell.state = held(this.element.type, content);
    this.node.dispatchEvent(new CustomEvent("kit-touched", { bubbles: true }));
  }

  // A person chose: keep it, draw it, and send it where it is to be sent, once confirmed.
  async change(content) {
    const before = this.content;
    this.keep(content);
    this.redraw();
    if (!this.sends) return;
    if (await this.send(stateOf(this.context, this.block, this.element))) return;
    this.keep(before);
    this.cell.current.redraw();
  }

  // False when the person thought better of it. The result is told on whatever node shows the element by then.
  async send(value) {
    const { element, cell } = this;
    if (cell.busy) return true;
    if (element.confirm && !(await confirmed(element.confirm, this.context, this.node))) return false;
    Object.assign(cell, { busy: true, warned: null });
    cell.current.tell(cell);
    cell.warned = await this.acted(value);
    cell.busy = false;
    cell.current.tell(cell);
    return true;
  }

  async acted(value) {
    const { context, block, element, scope } = this;
    const { surface, container } = context;
    const ids = { block_id: block.block_id ?? "", action_id: element.action_id ?? "" };
    try {
      const state = valuesOf(context, scope.blocks);
      const result = await context.act({ surface, container, ...ids, element, value, state });
      return result?.timeout ? TIMEOUT : (result?.error ?? null);
    } catch (error) {
      return error.message || TIMEOUT;
    }
  }

  // Slack's marks on an element: a spinner while the app is asked, a triangle where it did not answer.
  tell({ busy, warned }) {
    this.node.classList.toggle("kit-busy", Boolean(busy));
    this.node.toggleAttribute("data-busy", Boolean(busy));
    this.node.querySelector(":scope > .kit-warning")?.remove();
    if (warned) this.node.append(el("span", { class: "kit-warning", role: "alert", title: warned, "aria-label": warned }, "⚠"));
  }
}

const WORDS = {
  datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time", overflow: "More actions",
  users_select: "Select a user", multi_users_select: "Select users", static_select: "Select an option",
  multi_static_select: "Select options", external_select: "Select an option", multi_external_select: "Select options",
  conversations_select: "Select a conversation", multi_conversations_select: "Select conversations",
  channels_select: "Select a channel", multi_channels_select: "Select channels",
  checkboxes: "Options", radio_buttons: "Options",
};
