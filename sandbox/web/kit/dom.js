// DOM nodes from words. The only place that creates them: text is always text, never markup.

export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const name in attributes) put(node, name, attributes[name]);
  node.append(...children);
  return node;
}

// Functions become listeners; null and false leave the attribute out.
function put(node, name, value) {
  if (typeof value === "function") node.addEventListener(name, value);
  else if (name === "class") node.className = value;
  else if (value === true) node.setAttribute(name, "");
  else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
}

let serial = 0;

// An id for aria-labelledby and its like; unique in the page.
export function newId() {
  serial += 1;
  return `kit-${serial}`;
}

const SAFE = /^(https?:\/\/|mailto:)/i;

// Only the web and mail: no javascript:, data: or file: address ever becomes a link.
export function safeUrl(url) {
  if (typeof url !== "string" || !SAFE.test(url.trim())) return null;
  try {
    return new URL(url.trim()).href;
  } catch {
    return null;
  }
}

export function link(url, ...children) {
  return el("a", { class: "kit-link", href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, ...children);
}
