// Modals: a stack in one dialog, the one in front shown. Checks, submits and closes; the stack's truth is the server's.

import { updateBlocks } from "./blocks.js";
import { trapped } from "./confirm.js";
import { el, newId } from "./dom.js";
import { closePopup } from "./popup.js";
import { forget, stateOf, valuesOf } from "./touched.js";
import { TIMEOUT } from "./touchable.js";
import { refused } from "./values.js";
import { renderPlain } from "./words.js";

const PATIENCE_MS = 4000; // the server tells after Slack's 3 s; this is for a server that is gone
const TROUBLE = "We had some trouble connecting. Try again?";

const stack = []; // frames, the one in front last
const gone = new Set(); // ids that a person closed here: an older state of the feed does not bring them back
let dialog = null;

export function openModal(view, context) {
  stack.push(new Frame(view, context));
  show();
}

export function updateModal(view, context) {
  const frame = stack.find((each) => each.view.id === view.id);
  if (!frame) return;
  frame.update(view, context);
  if (frame === stack.at(-1)) show();
}

export function closeModal(id) {
  const index = id === undefined ? stack.length - 1 : stack.findIndex((frame) => frame.view.id === id);
  if (index < 0) return;
  for (const frame of stack.splice(index)) frame.leave();
  show();
}

export function showModals(views, context) {
  const wanted = views.filter((view) => !gone.has(view.id));
  const same = wanted.findIndex((view, index) => stack[index]?.view.id !== view.id);
  const keep = same < 0 ? wanted.length : same;
  for (const frame of stack.splice(keep)) frame.leave();
  wanted.slice(0, keep).forEach((view, index) => stack[index].update(view, context));
  for (const view of wanted.slice(keep)) stack.push(new Frame(view, context));
  show();
}

function show() {
  const front = stack.at(-1);
  if (!front) return hide();
  dialog ??= opened();
  if (dialog.firstChild !== front.node) {
    closePopup();
    dialog.replaceChildren(front.node);
    front.enter();
  }
  front.back.hidden = stack.length < 2;
  dialog.setAttribute("aria-labelledby", front.titleId);
}

function opened() {
  const node = el("dialog", { class: "kit kit-modal", keydown: onKey, cancel: (event) => event.preventDefault() });
  document.body.append(node);
  node.showModal();
  return node;
}

function hide() {
  if (!dialog) return;
  closePopup();
  dialog.close(); // gives the focus back to where it was
  dialog.remove();
  dialog = null;
}

function onKey(event) {
  trapped(event);
  const front = stack.at(-1);
  if (event.key === "Escape") {
    event.preventDefault();
    front.dismiss(false);
  } else if (event.key === "Enter" && !event.defaultPrevented && !event.isComposing && front.submits(event)) {
    event.preventDefault();
    front.submit();
  }
}

class Frame {
  constructor(view, context) {
    this.titleId = newId();
    this.title = el("h2", { class: "kit-modal-title", id: this.titleId });
    this.back = el("button", { class: "kit-icon", type: "button", "aria-label": "Back", click: () => this.dismiss(false) }, "‹");
    const shut = el("button", { class: "kit-icon", type: "button", "aria-label": "Close", click: () => this.dismiss(true) }, "✕");
    this.body = el("div", { class: "kit-modal-body", "kit-touched": (event) => this.forgive(event) });
    this.trouble = el("div", { class: "kit-trouble", role: "alert", hidden: true });
    this.foot = el("div", { class: "kit-modal-foot" });
    this.node = el("div", { class: "kit-modal-frame" }, el("div", { class: "kit-modal-head" }, this.back, this.title, shut), this.body, this.trouble, this.foot);
    this.update(view, context);
  }

  update(view, context) {
    this.outer = context;
    if (this.view && same(this.view, view)) return;
    this.view = view;
    this.context = { ...context, surface: "modal", container: { view_id: view.id } };
    this.title.replaceChildren(renderPlain(view.title.text, context));
    this.say(null);
    updateBlocks(this.body, view.blocks, this.context);
    for (const input of this.body.querySelectorAll(".kit-error")) input.replaceChildren();
    const foot = JSON.stringify([view.close ?? null, view.submit ?? null]);
    if (this.footing !== foot) this.foot.replaceChildren(...this.buttons()); // else a press on it would be lost
    this.footing = foot;
  }

  buttons() {
    const { view, outer } = this;
    const words = (text, otherwise) => renderPlain(text?.text ?? otherwise, outer);
    const close = words(view.close, view.submit ? "Cancel" : "Close");
    const buttons = [el("button", { class: "kit-button", type: "button", click: () => this.dismiss(false) }, close)];
    if (!view.submit) return buttons;
    this.send = el("button", { class: "kit-button kit-primary kit-submit", type: "button", click: () => this.submit() }, words(view.submit, "Submit"));
    return [...buttons, this.send];
  }

  enter() {
    const first = this.body.querySelector("[autofocus]") ?? this.body.querySelector("input, textarea, .kit-trigger, .kit-button");
    (first ?? this.foot.lastChild).focus({ preventScroll: !first?.hasAttribute("autofocus") });
    this.body.scrollTop = this.scroll ?? 0;
    this.body.onscroll = () => (this.scroll = this.body.scrollTop);
  }

  leave() {
    forget(this.context);
    this.left = true;
  }

  // Enter submits from one line of text, and with Ctrl or ⌘ from everywhere.
  submits({ target, ctrlKey, metaKey }) {
    return this.view.submit && (ctrlKey || metaKey || target.matches("input[type=text]:not(.kit-search), input[type=email], input[type=url]"));
  }

  async submit() {
    if (this.busy) return;
    const errors = this.refusals();
    if (Object.keys(errors).length) return this.show(errors);
    this.wait(true);
    const result = await this.answered();
    this.wait(false);
    if (this.left) return;
    if (result.timeout || result.error) this.say(result.error ?? TIMEOUT);
    if (Object.keys(result.errors ?? {}).length) this.show(result.errors);
    else if (result.views) showModals(result.views, this.outer);
    else if (!result.timeout && !result.error) closeModal(this.view.id);
  }

  async answered() {
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, { timeout: true }));
    try {
      const values = valuesOf(this.context, this.view.blocks);
      return (await Promise.race([this.outer.submit(this.view, values), late])) ?? {};
    } catch (error) {
      return { error: error.message || TROUBLE };
    }
  }

  refusals() {
    const errors = {};
    for (const block of this.view.blocks) {
      const problem = block.type === "input" && refused(block, stateOf(this.context, block, block.element));
      if (problem) errors[block.block_id] = problem;
    }
    return errors;
  }

  show(errors) {
    let first = null;
    let shown = 0;
    for (const node of this.body.querySelectorAll(".kit-input-block")) {
      const words = errors[node.dataset.block];
      mark(node, words);
      if (!words) continue;
      shown += 1;
      first ??= node.querySelector("input, textarea, .kit-trigger");
    }
    if (shown < Object.keys(errors).length) this.say(TROUBLE);
    else if (shown) this.say(null);
    first?.focus();
  }

  forgive({ target }) {
    const block = target.closest(".kit-input-block");
    if (block) mark(block, null);
  }

  say(words) {
    this.trouble.hidden = !words;
    this.trouble.textContent = words ?? "";
  }

  wait(busy) {
    this.busy = busy;
    this.body.inert = busy;
    this.node.setAttribute("aria-busy", String(busy));
    this.send.classList.toggle("kit-busy", busy);
    if (busy) {
      this.at = document.activeElement;
      this.say(null);
      this.send.focus();
    } else if (document.activeElement === this.send && this.at?.isConnected) this.at.focus();
  }

  // A person closes it: with ✕ everything, else this one (all of them when the view says clear_on_close).
  dismiss(all) {
    const everything = all || Boolean(this.view.clear_on_close);
    const closing = everything ? stack.splice(0) : stack.splice(stack.indexOf(this), 1);
    for (const frame of closing) {
      gone.add(frame.view.id);
      frame.leave();
    }
    show();
    Promise.resolve(this.outer.closed(this.view, { everything })).catch(() => {});
  }
}

function mark(node, words) {
  const place = node.querySelector(".kit-error");
  place.textContent = words ?? "";
  node.classList.toggle("kit-wrong", Boolean(words));
  for (const control of node.querySelectorAll("input, textarea, .kit-trigger")) {
    if (words) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

function same(before, now) {
  if (before.hash && now.hash) return before.hash === now.hash;
  return JSON.stringify({ ...before, state: null }) === JSON.stringify({ ...now, state: null });
}
