// What is typed: plain text on one line or many, e-mail, address, number.

import { el } from "./dom.js";
import { Touchable } from "./touchable.js";

const KINDS = {
  email_text_input: { type: "email", inputmode: "email", autocomplete: "off" },
  url_text_input: { type: "url", inputmode: "url", autocomplete: "off" },
  number_input: { type: "text", inputmode: "decimal", autocomplete: "off" },
  plain_text_input: { type: "text", autocomplete: "off" },
};
const PAUSE_MS = 300;

export function textInput(scope, block, element, label) {
  const touchable = new Touchable(scope, block, element, label);
  const input = element.multiline
    ? el("textarea", { class: "kit-input", rows: 4, ...touchable.named })
    : el("input", { class: "kit-input", ...KINDS[element.type], ...touchable.named });
  if (element.placeholder) input.placeholder = element.placeholder.text;
  if (element.focus_on_load) input.setAttribute("autofocus", "");
  listen(touchable, input);
  touchable.redraw = () => (input.value = touchable.content ?? "");
  touchable.redraw();
  touchable.node.prepend(input);
  if (element.max_length) counter(touchable, input);
  return touchable.node;
}

// Typed text is kept at every key, and sent when the element's dispatch_action_config says so (Enter by default).
export function listen(touchable, input, read = () => input.value || null) {
  const wanted = touchable.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = null;
  const send = () => {
    clearTimeout(timer);
    if (touchable.sends) touchable.change(read());
  };
  input.addEventListener("input", () => {
    touchable.keep(read());
    clearTimeout(timer);
    if (wanted.includes("on_character_entered")) timer = setTimeout(send, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !touchable.sends || !wanted.includes("on_enter_pressed")) return;
    if (input.tagName === "TEXTAREA" && !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  });
}

function counter(touchable, input) {
  const { max_length: most, min_length: least = 0 } = touchable.element;
  const left = el("span", { class: "kit-counter", "aria-live": "polite" });
  const count = () => {
    const length = [...input.value].length;
    left.textContent = length < least ? `${least - length} more needed` : `${most - length}`;
    left.title = `${length} of ${most} characters`;
    left.classList.toggle("kit-over", length > most);
  };
  input.addEventListener("input", count);
  count();
  touchable.node.classList.add("kit-counted");
  touchable.node.append(left);
}
