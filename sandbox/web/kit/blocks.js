// Blocks as nodes: one node of class "kit-block" for each. What cannot be shown says so, visibly (class "kit-fallback").

import { button, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { el, link, newId, safeUrl } from "./dom.js";
import { textInput } from "./inputs.js";
import { renderMarkdown } from "./markdown.js";
import { datepicker, datetimepicker, timepicker } from "./pickers.js";
import { richInput } from "./richinput.js";
import { richText } from "./richtext.js";
import { select } from "./selects.js";
import { renderPlain, renderText } from "./words.js";

const ELEMENTS = {
  button, workflow_button: button, overflow, datepicker, timepicker, datetimepicker, checkboxes,
  radio_buttons: radioButtons, plain_text_input: textInput, email_text_input: textInput, url_text_input: textInput,
  number_input: textInput, rich_text_input: richInput,
  image: (_scope, _block, element) => picture(element, "kit-thumb"),
};
for (const many of ["", "multi_"]) {
  for (const what of ["static", "external", "users", "conversations", "channels"]) ELEMENTS[`${many}${what}_select`] = select;
}

export function renderBlocks(blocks, context) {
  const fragment = document.createDocumentFragment();
  const scope = { context, blocks };
  for (const block of blocks) fragment.append(blockNode(block, scope));
  return fragment;
}

// Blocks that are as they were keep their nodes, and with them whatever a person is doing there.
export function updateBlocks(host, blocks, context) {
  const same = host.kitScope && JSON.stringify(host.kitScope.context.container) === JSON.stringify(context.container);
  const scope = same ? Object.assign(host.kitScope, { blocks }) : { context, blocks };
  host.kitScope = scope;
  const kept = new Map();
  for (const node of same ? host.children : []) if (node.kitBlock) kept.set(node.kitBlock, node);
  const nodes = blocks.map((block) => {
    const id = JSON.stringify(block);
    const node = kept.get(id) ?? blockNode(block, scope, id);
    kept.delete(id);
    return node;
  });
  place(host, nodes);
}

// Only what differs is moved: a node that is taken out and put back loses its focus.
function place(host, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...host.childNodes]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (host.childNodes[index] !== node) host.insertBefore(node, host.childNodes[index] ?? null);
  });
}

function blockNode(block, scope, id) {
  const kind = Object.hasOwn(BLOCKS, block?.type ?? "") ? block.type : null;
  const node = kind ? drawn(() => BLOCKS[kind](block, scope), block) : fallback(block?.type);
  node.classList.add("kit-block");
  if (block?.block_id) node.dataset.block = block.block_id;
  if (id) node.kitBlock = id;
  return node;
}

// One malformed block does not take the others with it.
function drawn(draw, thing) {
  try {
    return draw();
  } catch (error) {
    console.error("Block Kit:", error);
    return fallback(thing?.type);
  }
}

function fallback(type) {
  return el("div", { class: "kit-fallback", role: "note" }, `This ${String(type ?? "block").slice(0, 60)} cannot be shown here.`);
}

function elementNode(scope, block, element, label) {
  const kind = Object.hasOwn(ELEMENTS, element?.type ?? "") ? element.type : null;
  return kind ? drawn(() => ELEMENTS[kind](scope, block, element, label), element) : fallback(element?.type);
}

function section(block, scope) {
  const words = el("div", { class: "kit-section-words" });
  if (block.text) words.append(el("div", { class: "kit-text" }, renderText(block.text, scope.context)));
  if (block.fields) {
    const fields = block.fields.map((field) => el("div", { class: "kit-text" }, renderText(field, scope.context)));
    words.append(el("div", { class: "kit-fields" }, ...fields));
  }
  const node = el("div", { class: "kit-section" }, words);
  if (block.accessory) node.append(el("div", { class: "kit-accessory" }, elementNode(scope, block, block.accessory)));
  return node;
}

function header(block, { context }) {
  return el("div", { class: "kit-header", role: "heading", "aria-level": 3 }, renderText(block.text, context));
}

function context(block, { context }) {
  const parts = block.elements.map((element) =>
    element.type === "image" ? picture(element, "kit-small") : el("span", { class: "kit-text" }, renderText(element, context)),
  );
  return el("div", { class: "kit-context" }, ...parts);
}

function divider() {
  return el("hr", { class: "kit-divider" });
}

function actions(block, scope) {
  return el("div", { class: "kit-actions" }, ...block.elements.map((element) => elementNode(scope, block, element)));
}

function image(block, { context }) {
  const node = el("figure", { class: "kit-figure" }, picture(block, "kit-picture"));
  if (block.title) node.prepend(el("figcaption", {}, renderPlain(block.title.text, context)));
  return node;
}

// Without a network, or without an address of the web, the words that stand for the picture.
function picture({ image_url: url, alt_text: words = "" }, kind) {
  const instead = () => el("span", { class: `${kind} kit-no-picture`, role: "img", "aria-label": words }, words || "picture");
  if (!safeUrl(url)) return instead();
  const node = el("img", { class: kind, alt: words, title: words, loading: "lazy", referrerpolicy: "no-referrer" });
  node.addEventListener("error", () => node.replaceWith(instead()));
  node.src = safeUrl(url);
  return node;
}

function input(block, scope) {
  const [name, about, error] = [newId(), newId(), newId()];
  const plain = renderPlain(block.label.text, scope.context);
  const label = { name, about: `${about} ${error}`, words: block.label.text };
  const title = el("div", { class: "kit-label", id: name }, plain);
  if (block.optional) title.append(el("span", { class: "kit-optional" }, " (optional)"));
  const hint = el("div", { class: "kit-hint", id: about }, block.hint ? renderPlain(block.hint.text, scope.context) : "");
  const wrong = el("div", { class: "kit-error", id: error, role: "alert" });
  return el("div", { class: "kit-input-block" }, title, elementNode(scope, block, block.element, label), wrong, hint);
}

function video(block, { context }) {
  const title = renderPlain(block.title?.text ?? block.alt_text ?? "Video", context);
  const url = safeUrl(block.title_url ?? block.video_url);
  const words = el("div", { class: "kit-card-words" }, el("div", { class: "kit-card-title" }, url ? link(url, title) : title));
  const by = [block.provider_name, block.author_name].filter(Boolean).join(" · ");
  if (by) words.append(el("div", { class: "kit-about" }, by));
  if (block.description) words.append(el("div", { class: "kit-text" }, renderPlain(block.description.text, context)));
  return el("div", { class: "kit-card" }, picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "kit-thumb"), words);
}

const BLOCKS = {
  section, header, context, divider, actions, image, input, video,
  rich_text: (block, { context }) => richText(block, context),
  markdown: (block) => el("div", { class: "kit-md" }, renderMarkdown(block.text)),
};
