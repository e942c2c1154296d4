// What an element holds, in the shape of Slack's `state.values`; and what Slack's client says of an input before it sends.

const ONE = {
  static_select: "option", external_select: "option", radio_buttons: "option", overflow: "option",
  users_select: "user", channels_select: "channel", conversations_select: "conversation",
  datepicker: "date", timepicker: "time", datetimepicker: "date_time",
};
const MANY = {
  multi_static_select: "options", multi_external_select: "options", checkboxes: "options",
  multi_users_select: "users", multi_channels_select: "channels", multi_conversations_select: "conversations",
};
const TYPED = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"]);
const BUTTONS = new Set(["button", "workflow_button", "overflow"]);
export const REQUIRED = "Please complete this required field.";
const LONGEST_INPUT = 3000;

// The name under which an element of this type keeps its value.
export function keyOf(type) {
  if (type === "rich_text_input") return "rich_text_value";
  return TYPED.has(type) ? "value" : `selected_${ONE[type] ?? MANY[type]}`;
}

export const isMany = (type) => type in MANY;

// The state of an element that holds this; null: nothing.
export function held(type, value) {
  return { type, [keyOf(type)]: value ?? (isMany(type) ? [] : null) };
}

export const contentOf = (state) => state[keyOf(state.type)];

// The state of an element that nobody has touched.
export function initial(element, context) {
  const { type } = element;
  const value = element[`initial_${TYPED.has(type) ? "value" : (ONE[type] ?? MANY[type])}`];
  if (value === undefined && element.default_to_current_conversation) {
    const here = context?.container?.channel;
    if (here) return held(type, isMany(type) ? [here] : here);
  }
  return held(type, value);
}

const holds = (type) => (type in ONE || type in MANY || TYPED.has(type)) && !BUTTONS.has(type);

// Every element that holds a value: [block, element].
export function stateful(blocks) {
  return blocks
    .flatMap((block) => {
      if (block.type === "actions") return block.elements.map((element) => [block, element]);
      const element = block.type === "input" ? block.element : block.accessory;
      return element ? [[block, element]] : [];
    })
    .filter(([, element]) => holds(element.type));
}

// What Slack's client says of an input before it sends anything; null: nothing.
export function refused(block, state) {
  const { element } = block;
  const content = contentOf(state);
  if (content === null || content === "" || content?.length === 0) return block.optional ? null : REQUIRED;
  if (Object.hasOwn(RULES, element.type)) return RULES[element.type](element, content);
  const most = element.max_selected_items;
  return most && isMany(element.type) && content.length > most ? `Please choose no more than ${most}.` : null;
}

const RULES = {
  plain_text_input(element, content) {
    const length = [...content].length;
    const most = element.max_length ?? LONGEST_INPUT;
    if (length > most) return `Please shorten this to ${most} characters.`;
    return length < (element.min_length ?? 0) ? `Please write at least ${element.min_length} characters.` : null;
  },
  number_input(element, content) {
    if (!/^-?\d+(\.\d+)?$/.test(content)) return "Please enter a number.";
    if (content.includes(".") && !element.is_decimal_allowed) return "Please enter a whole number.";
    const { min_value: least, max_value: most } = element;
    if (least !== undefined && Number(content) < Number(least)) return `Please enter a number of at least ${least}.`;
    if (most !== undefined && Number(content) > Number(most)) return `Please enter a number of at most ${most}.`;
    return null;
  },
  email_text_input: (_, content) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(content) ? null : "Please enter a valid email address."),
  url_text_input: (_, content) => (isUrl(content) ? null : "Please enter a valid URL."),
};

function isUrl(content) {
  try {
    return ["http:", "https:"].includes(new URL(content).protocol);
  } catch {
    return false;
  }
}
