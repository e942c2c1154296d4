// A menu that hangs at a button: arrows move, Enter chooses, Escape and a click elsewhere close it. One at a time.

import { el } from "./dom.js";

let open = null;

// `items`: {label, hint?, choose, danger?, checked?} or null for a line between. Focus returns to `anchor`.
export function showMenu(anchor, items, { title = "" } = {}) {
  if (open?.anchor === anchor) return closeMenu();
  closeMenu();
  const box = el("div", { class: "menu", role: "menu", "aria-label": title || "Menu" });
  if (title) box.append(el("div", { class: "menu-title" }, title));
  for (const item of items) box.append(item ? choice(item) : el("hr"));
  return attach(anchor, box, "[role^=menuitem]");
}

// Anything else that hangs at a button, such as a small form. `data-across`: how many menu items stand in a row.
export function showBox(anchor, box, label) {
  closeMenu();
  box.classList.add("menu", "box");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", label);
  return attach(anchor, box, "input, textarea, button");
}

export function closeMenu() {
  if (!open) return;
  const { box, anchor, back } = open;
  open = null;
  const within = box.contains(document.activeElement);
  box.remove();
  anchor.removeAttribute("aria-expanded");
  anchor.closest(".row")?.classList.remove("acting");
  if (within && back) back.focus();
}

function choice({ label, hint, choose, danger, checked }) {
  const given = { type: "button", role: checked === undefined ? "menuitem" : "menuitemradio", tabindex: "-1", class: danger ? "danger" : "" };
  if (checked !== undefined) given["aria-checked"] = String(checked);
  const pick = () => {
    closeMenu();
    choose();
  };
  return el("button", { ...given, on: { click: pick } }, el("span", {}, label), hint ? el("small", {}, hint) : null);
}

function attach(anchor, box, focusable) {
  document.body.append(box);
  anchor.setAttribute("aria-expanded", "true");
  anchor.closest(".row")?.classList.add("acting");
  open = { anchor, box, back: anchor };
  settle(anchor, box);
  box.addEventListener("keydown", (event) => move(event, box));
  box.querySelector(focusable)?.focus();
  return box;
}

function settle(anchor, box) {
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left), innerWidth - size.width - 8);
  const below = at.bottom + 4;
  const top = below + size.height <= innerHeight - 8 ? below : Math.max(8, at.top - size.height - 4);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

function move(event, box) {
  const items = [...box.querySelectorAll("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const across = Number(box.dataset.across ?? 1);
  const steps = { ArrowDown: across, ArrowRight: 1, ArrowUp: -across, ArrowLeft: -1 };
  if (event.key === "Escape") {
    event.stopPropagation();
    closeMenu();
  } else if (event.key === "Tab" && items.length) {
    closeMenu();
  } else if (event.key in steps && at >= 0) {
    event.preventDefault();
    items.at((at + steps[event.key]) % items.length).focus();
  } else if (event.key === "Home" && at >= 0) {
    items[0].focus();
  } else if (event.key === "End" && at >= 0) {
    items.at(-1).focus();
  }
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.box.contains(event.target) && !open.anchor.contains(event.target)) closeMenu();
});
addEventListener("resize", closeMenu);
