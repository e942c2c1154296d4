// Date, time and both, with the browser's own inputs: those can be typed, stepped and picked from.

import { momentOf, wallOf } from "./dates.js";
import { el } from "./dom.js";
import { Touchable } from "./touchable.js";

export function datepicker(scope, block, element, label) {
  return picker("date", new Touchable(scope, block, element, label));
}

export function timepicker(scope, block, element, label) {
  const node = picker("time", new Touchable(scope, block, element, label));
  if (element.timezone) node.append(el("span", { class: "kit-zone" }, element.timezone));
  return node;
}

function picker(type, touchable) {
  const done = (value) => {
    if (value !== (touchable.content ?? "")) touchable.change(value || null);
  };
  const input = field(type, touchable.named, done);
  touchable.redraw = () => (input.value = touchable.content ?? "");
  input.value = touchable.content ?? "";
  remember(touchable, input);
  const placeholder = touchable.element.placeholder?.text;
  if (placeholder) input.title = placeholder;
  touchable.node.prepend(input);
  return touchable.node;
}

// An input that tells its value when it is complete: at once when it was picked, on Enter or on leaving when it was typed.
function field(type, named, done) {
  let typing = false;
  const input = el("input", {
    class: "kit-input kit-picker", type, ...named,
    max: type === "date" ? "9999-12-31" : null,
    pointerdown: () => (typing = false),
    keydown: (event) => {
      if (event.key !== "Enter") typing = event.key !== "Escape";
      else {
        event.preventDefault();
        done(input.value);
      }
    },
    change: () => typing || done(input.value),
    blur: () => input.isConnected && done(input.value),
  });
  return input;
}

// What is typed and not yet sent is what a form submits, too.
function remember(touchable, input) {
  if (!touchable.sends) input.addEventListener("input", () => touchable.keep(input.value || null));
}

// Seconds of the epoch, shown as a date and a time in the reader's zone.
export function datetimepicker(scope, block, element, label) {
  const touchable = new Touchable(scope, block, element, label);
  const { zone } = touchable.context;
  const read = () => {
    if (!date.value || !time.value) return null;
    const [year, month, day] = date.value.split("-").map(Number);
    const [hour, minute] = time.value.split(":").map(Number);
    return Math.floor(momentOf({ year, month, day, hour, minute }, zone) / 1000);
  };
  const done = () => {
    const value = read();
    if (value !== touchable.content && (value !== null || (!date.value && !time.value))) touchable.change(value);
  };
  const date = field("date", {}, done);
  const time = field("time", {}, done);
  const name = (input, what) => input.setAttribute("aria-label", `${touchable.label?.words ?? touchable.words}: ${what}`);
  name(date, "date");
  name(time, "time");
  touchable.redraw = () => {
    const wall = touchable.content === null ? { date: "", time: "" } : wallOf(touchable.content * 1000, zone);
    date.value = wall.date;
    time.value = wall.time;
  };
  touchable.redraw();
  if (!touchable.sends) for (const input of [date, time]) input.addEventListener("input", () => touchable.keep(read()));
  touchable.node.prepend(date, time);
  return touchable.node;
}
