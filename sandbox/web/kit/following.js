// What a person is at survives when its message is rendered again: the focus, the caret, an open popup.

const FOCUSABLE = "input, textarea, button, select, [tabindex]";
const CARETS = new Set(["text", "email", "url", "search", "tel", "password", "textarea"]);

let focused = null; // {name, wrapper, part}
const waiting = new Set(); // popups: {name, next}

document.addEventListener("focusin", ({ target }) => {
  const wrapper = target.closest?.(".kit-el");
  focused = wrapper?.kit ? { name: wrapper.kit.name, wrapper, part: target } : null;
});

document.addEventListener("focusout", ({ target }) => {
  if (target.isConnected) focused = null; // left by a person, not taken away by a new rendering
});

// An element was rendered: if an older node of the same name is in use, it takes over once it is on the page.
export function follow(touchable) {
  if (!focused && !waiting.size) return;
  for (const popup of waiting) if (popup.name === touchable.name) popup.next = touchable;
  if (focused?.name !== touchable.name || focused.wrapper === touchable.node) return;
  const { wrapper, part } = focused;
  const index = [...wrapper.querySelectorAll(FOCUSABLE)].indexOf(part);
  const caret = CARETS.has(part.type) ? [part.selectionStart, part.selectionEnd] : null;
  const at = [part.scrollTop, part.scrollLeft];
  queueMicrotask(() => {
    const left = document.activeElement === document.body || document.activeElement === null;
    if (!left || wrapper.isConnected || !touchable.node.isConnected) return;
    const heir = touchable.node.querySelectorAll(FOCUSABLE)[index];
    heir?.focus({ preventScroll: true });
    if (heir && caret) heir.setSelectionRange(...caret);
    if (heir) [heir.scrollTop, heir.scrollLeft] = at;
  });
}

export function wait(popup) {
  waiting.add(popup);
}

export function leave(popup) {
  waiting.delete(popup);
}
