// rich_text_input: written with Slack's marks (*bold*, > quote, • list), by a toolbar or by hand, and held as a rich_text block.

import { el } from "./dom.js";
import { listen } from "./inputs.js";
import { parse } from "./mrkdwn.js";
import { Touchable } from "./touchable.js";

const MARKS = [
  { words: "Bold", sign: "B", around: "*", key: "b" },
  { words: "Italic", sign: "I", around: "_", key: "i" },
  { words: "Strikethrough", sign: "S", around: "~" },
  { words: "Code", sign: "</>", around: "`" },
  { words: "Bulleted list", sign: "•", before: "• " },
  { words: "Quote", sign: "❝", before: "> " },
];

export function richInput(scope, block, element, label) {
  const touchable = new Touchable(scope, block, element, label);
  const input = el("textarea", { class: "kit-input", rows: 4, ...touchable.named });
  if (element.placeholder) input.placeholder = element.placeholder.text;
  if (element.focus_on_load) input.setAttribute("autofocus", "");
  listen(touchable, input, () => {
    touchable.cell.draft = input.value;
    return input.value.trim() ? toRichText(input.value) : null;
  });
  input.addEventListener("keydown", (event) => {
    const mark = (event.ctrlKey || event.metaKey) && MARKS.find(({ key }) => key === event.key);
    if (!mark) return;
    event.preventDefault();
    apply(mark, input);
  });
  const tools = MARKS.map((mark) => tool(mark, input));
  touchable.redraw = () => (input.value = touchable.cell.draft ?? toMarks(touchable.content));
  input.value = cellDraft(touchable) ?? toMarks(touchable.content);
  const bar = el("span", { class: "kit-toolbar", role: "toolbar", "aria-label": "Formatting" }, ...tools);
  touchable.node.prepend(el("span", { class: "kit-richbox" }, bar, input));
  return touchable.node;
}

const cellDraft = (touchable) => (touchable.content ? touchable.cell.draft : undefined);

function tool(mark, input) {
  const press = () => {
    apply(mark, input);
    input.focus();
  };
  return el("button", { class: "kit-tool", type: "button", title: mark.words, "aria-label": mark.words, click: press }, mark.sign);
}

function apply({ around, before }, input) {
  const { selectionStart: start, selectionEnd: end, value } = input;
  if (around) {
    input.setRangeText(`${around}${value.slice(start, end)}${around}`, start, end, "end");
    if (start === end) input.setSelectionRange(start + 1, start + 1);
  } else {
    const from = value.lastIndexOf("\n", start - 1) + 1;
    const lines = value.slice(from, end).split("\n");
    input.setRangeText(lines.map((line) => before + line).join("\n"), from, end, "end");
  }
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// What was written, as Slack's composer would send it.
export function toRichText(text) {
  const elements = [];
  const parsed = parse(text.replaceAll("&", "&amp;"));
  parsed.forEach((block) => add(elements, block));
  return { type: "rich_text", elements };
}

function add(elements, block) {
  const last = elements.at(-1);
  if (block.type === "code") {
    elements.push({ type: "rich_text_preformatted", elements: [{ type: "text", text: block.text }] });
  } else if (block.type === "quote") {
    const lines = block.lines.flatMap((line, index) => (index ? [{ type: "text", text: "\n" }] : []).concat(spans(line)));
    elements.push({ type: "rich_text_quote", elements: lines });
  } else if (block.type === "item") {
    const style = /\d/.test(block.marker) ? "ordered" : "bullet";
    const item = { type: "rich_text_section", elements: spans(block.children) };
    if (last?.type === "rich_text_list" && last.style === style && last.indent === block.depth) last.elements.push(item);
    else elements.push({ type: "rich_text_list", style, indent: block.depth, elements: [item] });
  } else if (last?.type === "rich_text_section") {
    last.elements.push({ type: "text", text: "\n" }, ...spans(block.children));
  } else {
    elements.push({ type: "rich_text_section", elements: spans(block.children) });
  }
}

// Inline nodes as rich text's, styles gathered on the way down.
function spans(nodes, style = {}) {
  return nodes.flatMap((node) => {
    for (const name of ["bold", "italic", "strike"]) if (node[name]) return spans(node[name], { ...style, [name]: true });
    const styled = (element) => (Object.keys(style).length ? { ...element, style } : element);
    if (node.link) return [styled({ type: "link", url: node.link, text: node.children.map((child) => child.text ?? "").join("") })];
    if (node.code) return [{ type: "text", text: node.code, style: { ...style, code: true } }];
    if (node.user) return [styled({ type: "user", user_id: node.user })];
    if (node.channel) return [styled({ type: "channel", channel_id: node.channel })];
    if (node.group) return [styled({ type: "usergroup", usergroup_id: node.group })];
    if (node.broadcast) return [styled({ type: "broadcast", range: node.broadcast })];
    if (node.emoji) return [styled({ type: "emoji", name: node.emoji })];
    if (node.date) return [styled({ type: "date", timestamp: node.date.ts, format: node.date.format, fallback: node.date.fallback ?? "" })];
    return [styled({ type: "text", text: node.text })];
  });
}

const SIGNS = { code: "`", bold: "*", italic: "_", strike: "~" }; // the innermost first: nothing is marked within code

// A rich_text block as marks, for an initial_value.
export function toMarks(block) {
  return (block?.elements ?? []).map(marked).join("\n");
}

function marked(element) {
  if (element.type === "rich_text_list") return element.elements.map((item, n) => `${element.style === "ordered" ? `${n + 1}.` : "•"} ${marked(item)}`).join("\n");
  const words = (element.elements ?? []).map(word).join("");
  if (element.type === "rich_text_preformatted") return `\`\`\`${words}\`\`\``;
  return element.type === "rich_text_quote" ? words.split("\n").map((line) => `> ${line}`).join("\n") : words;
}

function word({ type, text, style = {}, url, name, user_id, channel_id, usergroup_id, range }) {
  const words =
    { user: `<@${user_id}>`, channel: `<#${channel_id}>`, usergroup: `<!subteam^${usergroup_id}>`, broadcast: `<!${range}>`, emoji: `:${name}:` }[type] ??
    (type === "link" ? (text ? `<${url}|${text}>` : url) : (text ?? ""));
  return Object.keys(SIGNS).reduce((all, each) => (style[each] ? SIGNS[each] + all + SIGNS[each] : all), words);
}
