// The rich_text block: what people write in Slack's own composer, as nodes.

import { el } from "./dom.js";
import { broadcastNode, channelNode, codeNode, dateNode, emojiNode, groupNode, linkNode, userNode } from "./words.js";

const UNICODE = /^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i;

export function richText(block, context) {
  const node = el("div", { class: "kit-rich" });
  for (const element of block.elements ?? []) node.append(part(element, context));
  return node;
}

function part(element, context) {
  switch (element.type) {
    case "rich_text_list":
      return list(element, context);
    case "rich_text_preformatted":
      return el("pre", { class: "kit-pre" }, el("code", {}, ...inlines(element, context)));
    case "rich_text_quote":
      return el("blockquote", { class: "kit-quote" }, ...inlines(element, context));
    default:
      return el("div", { class: "kit-lines" }, ...inlines(element, context));
  }
}

function list(element, context) {
  const ordered = element.style === "ordered";
  const node = el(ordered ? "ol" : "ul", { class: "kit-list", start: ordered ? (element.offset ?? 0) + 1 : null });
  node.style.setProperty("--depth", element.indent ?? 0);
  if (element.border) node.classList.add("kit-bordered");
  for (const item of element.elements ?? []) node.append(el("li", {}, part(item, context)));
  return node;
}

const inlines = (element, context) => (element.elements ?? []).map((each) => styled(each, context));

function styled(element, context) {
  const style = element.style ?? {};
  let node = style.code ? codeNode(wordsOf(element, context)) : wordsOf(element, context);
  for (const [name, tag] of [["strike", "s"], ["italic", "em"], ["bold", "strong"], ["underline", "u"]]) {
    if (style[name]) node = el(tag, {}, node);
  }
  return style.highlight ? el("mark", { class: "kit-mark" }, node) : node;
}

function wordsOf(element, context) {
  const maker = Object.hasOwn(INLINES, element.type) ? INLINES[element.type] : null;
  return maker ? maker(element, context) : (element.text ?? element.fallback ?? "");
}

const INLINES = {
  text: (element) => element.text ?? "",
  link: (element) => linkNode(element.url, element.text || element.url || ""),
  emoji: (element) => emojiOf(element),
  user: (element, context) => userNode(element.user_id, context),
  usergroup: (element, context) => groupNode(element.usergroup_id, context),
  channel: (element, context) => channelNode(element.channel_id, context),
  broadcast: (element) => broadcastNode(element.range),
  team: (element) => el("span", { class: "kit-mention" }, element.team_id ?? ""),
  date: ({ timestamp, format, url, fallback }, context) =>
    dateNode({ ts: timestamp, format: format ?? "{date}", url, fallback }, context),
  color: (element) => color(element.value),
};

function emojiOf(element) {
  const known = emojiNode(element.name);
  if (typeof known !== "string" || !UNICODE.test(element.unicode ?? "")) return known;
  const points = element.unicode.split("-").map((code) => Number.parseInt(code, 16));
  return points.some((point) => point > 0x10ffff) ? known : String.fromCodePoint(...points);
}

function color(value) {
  const swatch = el("span", { class: "kit-swatch" });
  if (/^#[0-9a-f]{3,8}$/i.test(value)) swatch.style.backgroundColor = value;
  return el("span", {}, swatch, value ?? "");
}
