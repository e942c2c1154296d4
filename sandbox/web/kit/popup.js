// One popup at a time, beside what opened it: above everything, closed by Escape or a press elsewhere, and kept open when
// its element is rendered again.

import { el } from "./dom.js";
import { leave, wait } from "./following.js";

const GAP = 4;
const EDGE = 8;
let open = null;

// `owner`: a Touchable whose `trigger` the popup belongs to. `closed(returned)`: whether the focus goes back to it.
export function openPopup(owner, content, { label, closed = () => {} }) {
  closePopup();
  owner.cell.current = owner; // known by name from now on, should it be rendered again
  const host = owner.trigger.closest("dialog") ?? document.body;
  const node = el("div", { class: "kit kit-popup", popover: "manual", "aria-label": label, keydown: onKey }, content);
  host.append(node);
  node.showPopover();
  open = { owner, name: owner.name, node, closed, next: null };
  wait(open);
  open.observer = new MutationObserver(keepUp);
  open.observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("pointerdown", onPress, true);
  window.addEventListener("scroll", place, true);
  window.addEventListener("resize", place);
  owner.trigger.setAttribute("aria-expanded", "true");
  place();
  return node;
}

export function closePopup({ back = false } = {}) {
  if (!open) return;
  const { owner, node, closed, observer } = open;
  leave(open);
  open = null;
  observer.disconnect();
  document.removeEventListener("pointerdown", onPress, true);
  window.removeEventListener("scroll", place, true);
  window.removeEventListener("resize", place);
  node.remove();
  owner.trigger.setAttribute("aria-expanded", "false");
  if (back) owner.trigger.focus();
  closed();
}

export const isOpen = (owner) => open?.owner === owner;

function onKey(event) {
  if (event.key !== "Escape" && event.key !== "Tab") return;
  event.stopPropagation();
  if (event.key === "Escape") event.preventDefault();
  closePopup({ back: true }); // on Tab the browser then goes on from there
}

function onPress(event) {
  if (!open.node.contains(event.target) && !open.owner.node.contains(event.target)) closePopup();
}

// Rendered again: the popup moves to the new node, or goes with its element.
function keepUp() {
  if (!open || open.owner.trigger.isConnected) return;
  if (!open.next?.node.isConnected) return closePopup();
  open.owner = open.next;
  open.owner.trigger.setAttribute("aria-expanded", "true");
  place();
}

function place() {
  if (!open) return;
  const { node, owner } = open;
  const at = owner.trigger.getBoundingClientRect();
  const { innerWidth: width, innerHeight: height } = window;
  node.style.minWidth = `${Math.min(at.width, width - 2 * EDGE)}px`;
  const below = height - at.bottom - GAP - EDGE;
  const above = at.top - GAP - EDGE;
  const up = node.scrollHeight > below && above > below;
  node.style.maxHeight = `${Math.max(120, up ? above : below)}px`;
  const size = node.getBoundingClientRect();
  node.style.left = `${Math.max(EDGE, Math.min(at.left, width - size.width - EDGE))}px`;
  node.style.top = `${up ? Math.max(EDGE, at.top - GAP - size.height) : at.bottom + GAP}px`;
}

// After its content has changed its size.
export const placePopup = place;
