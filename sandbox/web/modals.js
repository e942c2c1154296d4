// The forms in front of the person of this window: the kit draws them, the live feed says which there are.

import { showModals } from "./kit/index.js";
import { context } from "./context.js";
import { on, world } from "./world.js";

export function startModals() {
  on("snapshot", draw);
  on("modals", draw);
}

function draw() {
  showModals(world.modals, context("modal"));
}
