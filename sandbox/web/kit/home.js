// App Home: a view on a page of its own.

import { renderBlocks } from "./blocks.js";
import { el } from "./dom.js";

// `view` as in Slack's JSON; null before the app has published one.
export function renderHome(view, context) {
  const fragment = document.createDocumentFragment();
  const node = el("div", { class: "kit kit-home" });
  if (view) node.append(renderBlocks(view.blocks, { ...context, surface: "home", container: { view_id: view.id } }));
  else node.append(el("p", { class: "kit-nothing" }, "The app has put nothing here yet."));
  fragment.append(node);
  return fragment;
}
