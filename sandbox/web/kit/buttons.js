// Buttons and the overflow menu: they hold nothing, and send at once.

import { el, safeUrl } from "./dom.js";
import { closePopup, isOpen, openPopup } from "./popup.js";
import { Touchable } from "./touchable.js";
import { held } from "./values.js";
import { renderPlain, renderText } from "./words.js";

const STYLES = { primary: "kit-button kit-primary", danger: "kit-button kit-danger" };

export function button(scope, block, element) {
  const touchable = new Touchable(scope, block, element);
  const press = async () => {
    if (touchable.cell.busy) return;
    const sent = touchable.send(null);
    if (element.url && !element.confirm) follow(element.url, touchable.context);
    else if (await sent && element.url) follow(element.url, touchable.context);
  };
  touchable.node.prepend(
    el(
      "button",
      { class: STYLES[element.style] ?? "kit-button", type: "button", click: press, "aria-label": element.accessibility_label },
      renderText(element.text, touchable.context),
      ...(element.url ? [el("span", { class: "kit-out", "aria-hidden": "true" }, "↗")] : []),
    ),
  );
  return touchable.node;
}

function follow(url, context) {
  const safe = safeUrl(url);
  if (safe) context.openLink(safe);
}

export function overflow(scope, block, element) {
  const touchable = new Touchable(scope, block, element);
  touchable.trigger = el(
    "button",
    {
      class: "kit-button kit-more", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": touchable.words,
      click: () => open(touchable),
      keydown: (event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        open(touchable);
      },
    },
    "⋯",
  );
  touchable.node.prepend(touchable.trigger);
  return touchable.node;
}

function open(touchable) {
  if (isOpen(touchable)) return closePopup({ back: true });
  const { element, context } = touchable;
  const take = (option) => {
    closePopup({ back: true });
    const now = touchable.node.isConnected ? touchable : touchable.cell.current;
    now.send(held("overflow", option));
    if (option.url) follow(option.url, context);
  };
  const items = element.options.map((option) =>
    el(
      "button",
      { class: "kit-menuitem", type: "button", role: "menuitem", tabindex: -1, click: () => take(option) },
      renderText(option.text, context),
      ...(option.description ? [el("span", { class: "kit-about" }, renderPlain(option.description.text, context))] : []),
    ),
  );
  const menu = el("div", { role: "menu", "aria-label": touchable.words, keydown: (event) => step(event, items) }, ...items);
  openPopup(touchable, menu, { label: touchable.words });
  items[0].focus();
}

// Up and down go round; a letter goes to the next item that begins with it.
function step(event, items) {
  const at = items.indexOf(document.activeElement);
  const last = items.length - 1;
  const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key];
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  const letter = event.key.length === 1 && event.key !== " " ? event.key.toLowerCase() : null;
  const next = to === undefined ? letter && after.find((item) => item.textContent.toLowerCase().startsWith(letter)) : items[to];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
