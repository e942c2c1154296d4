// The picker of reactions with its search, and reactions as chips.

import { renderPlain } from "./kit/index.js";
import { EMOJI } from "./kit/emoji.js";
import { deed } from "./api.js";
import { context } from "./context.js";
import { button, el, fill } from "./dom.js";
import { closeMenu, showBox } from "./menu.js";
import { attempt } from "./notice.js";
import { nameOf, world } from "./world.js";

const OFTEN = [
  "+1", "eyes", "white_check_mark", "pushpin", "star", "mega", "fire", "rotating_light",
  "tada", "pray", "raised_hands", "heart", "joy", "thinking_face", "warning", "x",
  "question", "wave", "memo", "mag", "wrench", "rocket", "hourglass_flowing_sand", "sos",
];
const ACROSS = 8;
const MOST_FOUND = 48;

// What is used often; after a letter or two, what has them in its name.
export function pickReaction(anchor, channel, message) {
  const choose = (name) => {
    closeMenu();
    toggle(channel, message, name);
  };
  const field = el("input", { type: "search", placeholder: "Find an emoji", "aria-label": "Find an emoji", autocomplete: "off" });
  const grid = el("div", { class: "emoji-grid", role: "menu", "aria-label": "React" });
  const show = () => fill(grid, ...tiles(found(field.value), choose));
  const pressed = (event) => {
    const first = grid.querySelector("[role=menuitem]");
    if (event.key === "Enter") first?.click();
    else if (["ArrowDown", "Tab"].includes(event.key) && !event.shiftKey) first?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  field.addEventListener("input", show);
  field.addEventListener("keydown", pressed);
  show();
  showBox(anchor, el("div", { class: "emoji-picker", data: { across: ACROSS } }, field, grid), "React");
}

function found(typed) {
  const words = typed.trim().toLowerCase().replaceAll(":", "").replaceAll(" ", "_");
  if (!words) return OFTEN;
  const names = [...EMOJI.keys()].filter((name) => name.includes(words));
  const nearest = (name) => (name === words ? 0 : name.startsWith(words) ? 1 : 2);
  return names.sort((one, other) => nearest(one) - nearest(other)).slice(0, MOST_FOUND);
}

function tiles(names, choose) {
  if (!names.length) return [el("p", { class: "quiet" }, "No emoji is called that.")];
  return names.map((name) =>
    button(renderPlain(`:${name}:`, context()), () => choose(name), {
      role: "menuitem", tabindex: "-1", "aria-label": name.replaceAll("_", " "), title: `:${name}:`,
    }),
  );
}

export function chips(channel, message) {
  return (message.reactions ?? []).map((reaction) => {
    const mine = reaction.users.includes(world.me);
    const who = reaction.users.map(nameOf).join(", ");
    return button(
      el("span", {}, renderPlain(`:${reaction.name}:`, context()), ` ${reaction.users.length}`),
      () => toggle(channel, message, reaction.name),
      { class: mine ? "chip mine" : "chip", "data-key": reaction.name, "aria-pressed": String(mine), title: `${who} reacted with :${reaction.name}:` },
    );
  });
}

function toggle(channel, message, name) {
  const mine = message.reactions?.some((each) => each.name === name && each.users.includes(world.me));
  return attempt(() => deed(mine ? "unreact" : "react", { channel, ts: message.ts, name }));
}
