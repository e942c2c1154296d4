// Checkboxes and radio buttons: native inputs, so that the browser's own keys work.

import { el, newId } from "./dom.js";
import { Touchable } from "./touchable.js";
import { renderText } from "./words.js";

export function checkboxes(scope, block, element, label) {
  return choices("checkbox", "group", new Touchable(scope, block, element, label), (touchable, option, inputs) =>
    element.options.filter((_, index) => inputs[index].checked),
  );
}

export function radioButtons(scope, block, element, label) {
  return choices("radio", "radiogroup", new Touchable(scope, block, element, label), (_, option) => option);
}

function choices(type, role, touchable, chosen) {
  const { element } = touchable;
  const name = newId();
  const inputs = [];
  const rows = element.options.map((option) => {
    const input = el("input", { type, name, change: () => touchable.change(chosen(touchable, option, inputs)) });
    inputs.push(input);
    return row(input, option, touchable.context);
  });
  touchable.redraw = () => {
    const content = [touchable.content ?? []].flat().map((option) => option.value);
    element.options.forEach((option, index) => (inputs[index].checked = content.includes(option.value)));
  };
  touchable.redraw();
  touchable.node.prepend(el("span", { class: "kit-choices", role, ...touchable.named }, ...rows));
  return touchable.node;
}

function row(input, option, context) {
  const words = el("span", { class: "kit-choice-words" }, renderText(option.text, context));
  if (option.description) words.append(el("span", { class: "kit-about" }, renderText(option.description, context)));
  return el("label", { class: "kit-choice" }, input, words);
}
