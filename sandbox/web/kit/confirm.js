// Slack's confirm dialog: asked before an element's action is sent.

import { el, newId } from "./dom.js";
import { renderText } from "./words.js";

// Resolves to whether the person confirmed. Escape is a no.
export function confirmed(confirm, context, near) {
  return new Promise((resolve) => {
    const [title, text] = [newId(), newId()];
    const button = (words, kind, value) =>
      el("button", { class: `kit-button ${kind}`, type: "button", click: () => dialog.close(value) }, renderText(words, context));
    const yes = button(confirm.confirm, confirm.style === "danger" ? "kit-danger" : "kit-primary", "yes");
    const no = button(confirm.deny, "", "no");
    const dialog = el(
      "dialog",
      { class: "kit kit-confirm", "aria-labelledby": title, "aria-describedby": text, keydown: trapped },
      el("div", { class: "kit-confirm-title", id: title }, renderText(confirm.title, context)),
      el("div", { class: "kit-confirm-text", id: text }, renderText(confirm.text, context)),
      el("div", { class: "kit-confirm-buttons" }, no, yes),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    (near.closest("dialog") ?? document.body).append(dialog);
    dialog.showModal();
    yes.focus();
  });
}

const FOCUSABLE = "button, [href], input, textarea, select, [tabindex]:not([tabindex='-1'])";

// Tab goes round within a dialog, and Escape closes only the one in front.
export function trapped(event) {
  if (event.key === "Escape") event.stopPropagation();
  if (event.key !== "Tab") return;
  const all = [...event.currentTarget.querySelectorAll(FOCUSABLE)].filter((node) => !node.disabled && node.offsetParent !== null);
  const [first, last] = [all[0], all.at(-1)];
  const at = document.activeElement;
  if (!first || (event.shiftKey ? at === first || at === event.currentTarget : at === last)) {
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}
