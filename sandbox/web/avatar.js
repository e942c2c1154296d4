// A face for everybody: the first letter on a colour of their own.

import { el } from "./dom.js";
import { nameOf, world } from "./world.js";

const HUES = { U0001: 265, U0002: 165, U0003: 25, U0009: 210 };

export function avatar(id, size = "") {
  const bot = id === world.botUser;
  const node = el("span", { class: `avatar ${size} ${bot ? "bot" : ""}`, "aria-hidden": "true" }, bot ? "M" : nameOf(id).charAt(0).toUpperCase());
  if (!bot) node.style.setProperty("--hue", String(HUES[id] ?? hue(id)));
  return node;
}

function hue(id) {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
}
