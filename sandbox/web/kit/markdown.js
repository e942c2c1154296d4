// The markdown block: headings, lists, tasks, quotes, code, tables and rules as nodes. Markup in it stays text.

import { el } from "./dom.js";
import { codeNode, emojiNode, linkNode } from "./words.js";

const FENCE = /^\s*(```|~~~)(\S*)/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const ROW = /^\s*\|.*\|\s*$/;
const DIVIDER = /^\s*\|(\s*:?-+:?\s*\|)+\s*$/;
const DEEPEST = 8;

export function renderMarkdown(text, depth = 0) {
  const lines = String(text).split("\n");
  const fragment = document.createDocumentFragment();
  let at = 0;
  while (at < lines.length) {
    const [node, next] = block(lines, at, depth);
    if (node) fragment.append(node);
    at = next;
  }
  return fragment;
}

// [node, the line after it].
function block(lines, at, depth) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  if (FENCE.test(line)) return fence(lines, at);
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) return [title(heading[1].length, heading[2]), at + 1];
  if (RULE.test(line)) return [el("hr", { class: "kit-divider" }), at + 1];
  if (/^\s*>/.test(line)) return quote(lines, at, depth);
  if (ITEM.test(line)) return list(lines, at);
  if (ROW.test(line) && DIVIDER.test(lines[at + 1] ?? "")) return table(lines, at);
  return paragraph(lines, at);
}

const title = (level, words) =>
  el("div", { class: `kit-md-h kit-md-h${level}`, role: "heading", "aria-level": Math.min(level + 2, 6) }, ...spans(words));

function take(lines, at, wanted) {
  let end = at;
  while (end < lines.length && wanted(lines[end], end)) end += 1;
  return end;
}

function fence(lines, at) {
  const mark = FENCE.exec(lines[at])[1];
  const end = take(lines, at + 1, (line) => !line.trim().startsWith(mark));
  return [el("pre", { class: "kit-pre" }, el("code", {}, lines.slice(at + 1, end).join("\n"))), end + 1];
}

function quote(lines, at, depth) {
  const end = take(lines, at, (line) => /^\s*>/.test(line));
  const marks = depth < DEEPEST ? /^\s*> ?/ : /^(\s*>)+ ?/; // what is quoted deeper is quoted no further in
  const inner = lines.slice(at, end).map((line) => line.replace(marks, "")).join("\n");
  return [el("blockquote", { class: "kit-quote" }, renderMarkdown(inner, depth + 1)), end];
}

function list(lines, at) {
  const end = take(lines, at, (line, n) => ITEM.test(line) || (n > at && /^\s{2,}\S/.test(line)));
  const ordered = /^\s*\d/.test(lines[at]);
  const node = el("div", { class: "kit-md-list", role: "list" });
  for (const line of lines.slice(at, end)) {
    const match = ITEM.exec(line);
    if (match) node.append(item(match, ordered));
    else node.lastChild?.lastChild.append("\n", ...spans(line.trim()));
  }
  return [node, end];
}

function item([, indent, marker, task, words]) {
  const sign = task === undefined ? (/\d/.test(marker) ? marker : "•") : task === " " ? "☐" : "☑";
  const body = el("span", {}, ...spans(words));
  const node = el("div", { class: "kit-item", role: "listitem" }, el("span", { class: "kit-marker" }, sign), body);
  node.style.setProperty("--depth", Math.min(Math.floor(indent.length / 2), 6));
  return node;
}

function table(lines, at) {
  const end = take(lines, at, (line) => ROW.test(line));
  const cells = (line) => line.trim().slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
  const row = (line, tag) => el("tr", {}, ...cells(line).map((cell) => el(tag, {}, ...spans(cell))));
  const body = lines.slice(at + 2, end).map((line) => row(line, "td"));
  const node = el("table", { class: "kit-table" }, el("thead", {}, row(lines[at], "th")), el("tbody", {}, ...body));
  return [el("div", { class: "kit-scroll", tabindex: 0, role: "region", "aria-label": "Table" }, node), end];
}

function paragraph(lines, at) {
  const plain = (line, n) => n === at || (line.trim() && !FENCE.test(line) && !ITEM.test(line) && !/^(#{1,6}\s|\s*>)/.test(line));
  const end = take(lines, at, plain);
  return [el("p", { class: "kit-md-p" }, ...spans(lines.slice(at, end).join("\n"))), end];
}

// Inline markdown; `sticky` patterns are tried in turn at each place that could begin one.
const RULES = [
  [/\\([\\`*_{}[\]()#+\-.!~|<>:])/y, (m) => m[1]],
  [/(`+)(.{1,2000}?)\1(?!`)/sy, (m) => codeNode(m[2].trim())],
  [/!?\[([^\]\n]{0,500})\]\(([^()\s]{1,3000}(?:\([^()\s]*\))?)\)/y, (m, deep) => linkNode(m[2], ...spans(m[1], deep))],
  [/<(https?:\/\/[^\s<>]+|mailto:[^\s<>]+)>/y, (m) => linkNode(m[1], m[1])],
  [/(\*\*|__)(?=\S)([^\n]{1,2000}?)(?<=\S)\1/y, (m, deep) => el("strong", {}, ...spans(m[2], deep))],
  [/~~(?=\S)([^\n]{1,2000}?)(?<=\S)~~/y, (m, deep) => el("s", {}, ...spans(m[1], deep))],
  [/\*(?=\S)([^*\n]{1,2000}?)(?<=\S)\*/y, (m, deep) => el("em", {}, ...spans(m[1], deep))],
  [/_(?=\S)([^_\n]{1,2000}?)(?<=\S)_(?![\p{L}\p{N}])/uy, (m, deep) => el("em", {}, ...spans(m[1], deep))],
  [/https?:\/\/[^\s<>()\]]+[^\s<>()\].,;:!?'"]/y, (m) => linkNode(m[0], m[0])],
  [/:([a-z0-9_+-]+):/y, (m) => emojiNode(m[1])],
  [/&(amp|lt|gt);/y, (m) => ({ amp: "&", lt: "<", gt: ">" })[m[1]]],
];
const START = /[\\`![<*_~h:&]/g;
const WORD = /[\p{L}\p{N}]/u;

function spans(text, depth = 0) {
  const nodes = [];
  let plain = 0; // where the words that are not yet out begin
  START.lastIndex = 0;
  for (let at = next(text, 0); at >= 0; ) {
    const [node, end] = depth < DEEPEST ? span(text, at, depth) : [null, at + 1];
    if (node !== null) {
      nodes.push(text.slice(plain, at), node);
      plain = end;
    }
    at = next(text, end);
  }
  nodes.push(text.slice(plain));
  return nodes.filter((node) => node !== "");
}

function next(text, from) {
  START.lastIndex = from;
  return START.exec(text)?.index ?? -1;
}

function span(text, at, depth) {
  if ("_h".includes(text[at]) && at > 0 && WORD.test(text[at - 1])) return [null, at + 1];
  for (const [pattern, make] of RULES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return [make(match, depth + 1), at + match[0].length];
  }
  return [null, at + 1];
}
