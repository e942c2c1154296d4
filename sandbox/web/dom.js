// Building the page. Data becomes text and attributes here, never markup.

// el("button", {class: "small", on: {click}, "aria-label": "Close"}, "Close", icon)
export function el(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function button(label, click, given = {}) {
  return el("button", { type: "button", on: { click }, ...given }, label);
}

export function fill(host, ...children) {
  host.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return host;
}

// Makes the children of `host` exactly `nodes`, moving none that stands right already; what has the focus keeps it.
export function lay(host, nodes) {
  const wanted = new Set(nodes);
  const focused = host.contains(document.activeElement) ? document.activeElement : null;
  for (const child of [...host.children]) if (!wanted.has(child)) child.remove();
  let next = host.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else host.insertBefore(node, next);
  }
  if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

const printed = new WeakMap();

// Fills `host` only where `says` differs from the last time: what is being pressed or typed into stays where it is.
export function refill(host, says, make) {
  const print = JSON.stringify(says);
  if (printed.get(host) === print) return;
  printed.set(host, print);
  fill(host, ...make());
}

export function find(selector, host = document) {
  return host.querySelector(selector);
}

// A line drawing of 20 by 20; `d` is a path of this project's own.
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const ICONS = {
  list: "M3 5h14M3 10h14M3 15h14",
  lock: "M6 9V6.5a4 4 0 0 1 8 0V9M4.5 9h11v8h-11z",
  bolt: "M11 2 4.5 11H9l-1 7 7.5-10H11z",
  pin: "M7 3h6l-1 5 3 3H5l3-3zM10 11v7",
  link: "M8 12l4-4M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2",
  smile: "M10 2.5a7.5 7.5 0 1 0 .01 0M7 8v.5M13 8v.5M6.5 12c1.8 2.4 5.2 2.4 7 0",
  reply: "M3 4h14v10H9l-4 3.5V14H3z",
  dots: "M4 10h.1M10 10h.1M16 10h.1",
  people: "M7.5 9.5a3 3 0 1 0-.01 0M2 17c0-3.5 2.5-5.5 5.5-5.5S13 13.500 13 17M13 4a3 3 0 0 1 0 5.500M15 12c2 .8 3 2.600 3 5",
  phone: "M6 2h8v16H6zM9 15.500h2",
  clock: "M10 2.500a7.500 7.500 0 1 0 .01 0M10 6v4.500l3 2",
  vendors: "M3 8l7-5 7 5v9H3zM8 17v-5h4v5",
  trouble: "M10 3l8 14H2zM10 8v4M10 14.500v.1",
  ledger: "M4 3h12v14H4zM7 7h6M7 10h6M7 13h3",
  send: "M3 4l15 6-15 6 2-6zM5 10h7",
  close: "M5 5l10 10M15 5L5 15",
  home: "M3 9.500L10 3l7 6.500M5 8.500V17h10V8.500",
  panel: "M3 4h14v12H3zM12.500 4v12",
};
