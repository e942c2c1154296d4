// Keys that work everywhere: between the parts of the page (F6), to a channel (Ctrl+K), to the message field (/).

import { find } from "./dom.js";
import { showMenu } from "./menu.js";
import { go } from "./place.js";
import { world } from "./world.js";

const PARTS = ["#sidebar .here, #sidebar .entry", "#stage .scroller", "#composer-text", "#thread-text", '#panel [role="tab"][aria-selected="true"]'];

export function startKeys() {
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "F6") {
      event.preventDefault();
      nextPart(event.shiftKey ? -1 : 1);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      jump();
    } else if (event.key === "/" && !typing(event.target)) {
      if (find("#composer-text")?.value) event.preventDefault(); // else it begins a command there
      find("#composer-text")?.focus();
    }
  });
}

function typing(node) {
  return node.matches?.("input, textarea, select, [contenteditable]");
}

function nextPart(step) {
  const parts = PARTS.map((each) => find(each)).filter((each) => each?.checkVisibility({ visibilityProperty: true }));
  const at = parts.findIndex((part) => part === document.activeElement || part.contains(document.activeElement) || part.closest("nav, aside, main > *")?.contains(document.activeElement));
  parts[(at + step + parts.length) % parts.length]?.focus();
}

// The channels with something unread first.
function jump() {
  const channels = [...world.channels.values()].filter((each) => !each.archived).sort((one, other) => other.unread - one.unread || other.latest.localeCompare(one.latest));
  showMenu(
    find("#person"),
    channels.slice(0, 12).map((each) => ({ label: each.kind === "im" ? "Muster" : `#${each.name}`, hint: each.unread ? `${each.unread} unread` : "", choose: () => go(each.id) })),
    { title: "Jump to" },
  );
}
