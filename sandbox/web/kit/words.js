// Inline words as nodes: mrkdwn's tree, names of people and channels, dates, emoji. Shared with rich text and markdown.

import { dateTip, dateWords } from "./dates.js";
import { el, link, safeUrl } from "./dom.js";
import { emoji } from "./emoji.js";
import { decoded, inline, parse } from "./mrkdwn.js";

export function renderMrkdwn(text, context, options) {
  const fragment = document.createDocumentFragment();
  let open = null; // the paragraph that lines are added to
  for (const block of parse(text, options)) {
    if (block.type === "line") {
      if (open) open.append("\n");
      else fragment.append((open = el("span", { class: "kit-lines" })));
      nodesInto(open, block.children, context);
      continue;
    }
    open = null;
    fragment.append(BLOCKS[block.type](block, context));
  }
  return fragment;
}

const BLOCKS = {
  code: (block) => el("pre", { class: "kit-pre" }, el("code", {}, block.text)),
  quote: (block, context) => {
    const node = el("blockquote", { class: "kit-quote" });
    block.lines.forEach((line, index) => {
      if (index) node.append("\n");
      nodesInto(node, line, context);
    });
    return node;
  },
  item: (block, context) => {
    const body = nodesInto(el("span"), block.children, context);
    const node = el("div", { class: "kit-item" }, el("span", { class: "kit-marker" }, block.marker), body);
    if (block.depth) node.style.setProperty("--depth", block.depth);
    return node;
  },
};

const MAKERS = {
  bold: (node, context) => nodesInto(el("strong"), node.bold, context),
  italic: (node, context) => nodesInto(el("em"), node.italic, context),
  strike: (node, context) => nodesInto(el("s"), node.strike, context),
  code: (node) => codeNode(node.code),
  link: (node, context) => linkNode(node.link, nodesInto(document.createDocumentFragment(), node.children, context)),
  user: (node, context) => userNode(node.user, context, node.label),
  channel: (node, context) => channelNode(node.channel, context, node.label),
  group: (node, context) => groupNode(node.group, context, node.label),
  broadcast: (node) => broadcastNode(node.broadcast),
  date: (node, context) => dateNode(node.date, context),
  emoji: (node) => emojiNode(node.emoji),
};

export function nodesInto(parent, nodes, context) {
  for (const node of nodes) {
    if (node.text !== undefined) parent.append(node.text);
    else parent.append(MAKERS[Object.keys(node)[0]](node, context));
  }
  return parent;
}

// plain_text: emoji (unless switched off) and line breaks, nothing else.
export function renderPlain(text, context, withEmoji = true) {
  const fragment = document.createDocumentFragment();
  const pieces = withEmoji ? decoded(String(text)).split(/(:[a-z0-9_+'-]+:)/i) : [decoded(String(text))];
  pieces.forEach((piece, index) => {
    if (index % 2) fragment.append(emojiNode(piece.slice(1, -1).toLowerCase(), piece));
    else if (piece) fragment.append(piece);
  });
  return fragment;
}

// A text object: {type: "plain_text" | "mrkdwn", text, emoji?, verbatim?}.
export function renderText(text, context) {
  if (text?.type === "mrkdwn") return renderMrkdwn(text.text ?? "", context, { links: !text.verbatim });
  return renderPlain(text?.text ?? "", context, text?.emoji !== false);
}

export function linkNode(url, ...children) {
  const safe = safeUrl(url);
  return safe ? link(safe, ...children) : el("span", { class: "kit-unlinked" }, ...children);
}

export function codeNode(text) {
  return el("code", { class: "kit-code" }, text);
}

export function userNode(id, context, label) {
  const name = nameOf(id, context) ?? label?.replace(/^@/, "") ?? id;
  const kind = id === context.me ? "kit-mention kit-mention-me" : "kit-mention";
  if (!context.openUser) return el("span", { class: kind }, `@${name}`);
  return el("button", { class: kind, type: "button", click: () => context.openUser(id) }, `@${name}`);
}

export function nameOf(id, context) {
  const user = context.names.user(id);
  return user && (user.real_name || user.name);
}

export function channelNode(id, context, label) {
  const channel = context.names.channel(id);
  const words = channel ? `${channel.private ? "🔒" : "#"}${channel.name}` : `#${label?.replace(/^#/, "") ?? id}`;
  if (!channel) return el("span", { class: "kit-mention" }, words);
  return el("button", { class: "kit-mention", type: "button", click: () => context.openChannel(id) }, words);
}

export function groupNode(id, context, label) {
  const handle = context.names.usergroup(id)?.handle ?? label?.replace(/^@/, "") ?? id;
  return el("span", { class: "kit-mention" }, `@${handle}`);
}

export function broadcastNode(range) {
  return el("span", { class: "kit-mention kit-mention-me" }, `@${range}`);
}

// `date`: {ts in seconds, format, url, fallback}.
export function dateNode(date, context) {
  const words = dateWords(date.ts, date.format, context) ?? date.fallback ?? String(date.ts);
  const node = el("time", { class: "kit-date", title: dateTip(date.ts, context) }, words);
  return date.url ? linkNode(date.url, node) : node;
}

export function emojiNode(name, typed = `:${name}:`) {
  const characters = emoji(name);
  return characters ? el("span", { class: "kit-emoji", title: `:${name}:` }, characters) : typed;
}

// The words as one line without markup: for notifications, titles and screen readers.
export function bare(text, context) {
  const words = document.createElement("p");
  for (const line of String(text).split("\n")) {
    nodesInto(words, inline(line), context);
    words.append(" ");
  }
  return words.textContent.replace(/\s+/g, " ").trim();
}
