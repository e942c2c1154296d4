// What a person has touched and not sent: kept by container, block_id and action_id, so that it outlives the nodes.

import { contentOf, initial, stateful } from "./values.js";

const containers = new Map(); // "me|surface|place" -> Map of "block_id|action_id" -> cell

function placeOf({ me, container }) {
  const { view_id, channel, ts } = container ?? {};
  return view_id ? `${me}|view|${view_id}` : `${me}|message|${channel}|${ts}`;
}

const idOf = (block, element) => JSON.stringify([block.block_id ?? "", element.action_id ?? ""]);

// The cell of an element, or undefined when nobody touched it. A cell: {state?, draft?, busy?, warned?}.
export function cellOf(context, block, element) {
  return containers.get(placeOf(context))?.get(idOf(block, element));
}

export function touch(context, block, element) {
  const place = placeOf(context);
  if (!containers.has(place)) containers.set(place, new Map());
  const cells = containers.get(place);
  const id = idOf(block, element);
  if (!cells.has(id)) cells.set(id, {});
  return cells.get(id);
}

export function forget(context) {
  containers.delete(placeOf(context));
}

// The state of one element: what was touched, else what it begins with.
export function stateOf(context, block, element) {
  const state = cellOf(context, block, element)?.state;
  return state?.type === element.type ? state : initial(element, context);
}

// {block_id: {action_id: state}} of everything in these blocks that holds a value.
export function valuesOf(context, blocks) {
  const values = {};
  for (const [block, element] of stateful(blocks)) {
    (values[block.block_id ?? ""] ??= {})[element.action_id ?? ""] = stateOf(context, block, element);
  }
  return values;
}

export function contentIn(context, block, element) {
  return contentOf(stateOf(context, block, element));
}

// A name for an element that stays the same when it is rendered again.
export function nameOfElement(context, block, element) {
  return `${placeOf(context)}|${idOf(block, element)}`;
}
