// The small picker of reactions, and reactions as chips.

import { renderPlain } from "./kit/index.js";
import { deed } from "./api.js";
import { context } from "./context.js";
import { button, el } from "./dom.js";
import { showMenu } from "./menu.js";
import { attempt } from "./notice.js";
import { nameOf, world } from "./world.js";

const OFTEN = [
  "+1", "eyes", "white_check_mark", "pushpin", "fire", "rotating_light", "tada", "pray",
  "raised_hands", "heart", "joy", "thinking_face", "warning", "x", "question", "wave",
];

export function pickReaction(anchor, channel, message) {
  const items = OFTEN.map((name) => ({
    label: renderPlain(`:${name}:`, context()),
    choose: () => toggle(channel, message, name),
  }));
  const box = showMenu(anchor, items, { title: "React", grid: true });
  box?.querySelectorAll("[role=menuitem]").forEach((item, index) => {
    item.setAttribute("aria-label", OFTEN[index].replaceAll("_", " "));
    item.title = `:${OFTEN[index]}:`;
  });
}

export function chips(channel, message) {
  return (message.reactions ?? []).map((reaction) => {
    const mine = reaction.users.includes(world.me);
    const who = reaction.users.map(nameOf).join(", ");
    return button(
      el("span", {}, renderPlain(`:${reaction.name}:`, context()), ` ${reaction.users.length}`),
      () => toggle(channel, message, reaction.name),
      { class: mine ? "chip mine" : "chip", "aria-pressed": String(mine), title: `${who} reacted with :${reaction.name}:` },
    );
  });
}

function toggle(channel, message, name) {
  const mine = message.reactions?.some((each) => each.name === name && each.users.includes(world.me));
  return attempt(() => deed(mine ? "unreact" : "react", { channel, ts: message.ts, name }));
}
