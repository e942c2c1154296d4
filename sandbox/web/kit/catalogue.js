// Every element and block of Block Kit, alone and at its limits: what kit.html shows and tests/browser reads. Data only.

export const text = (words) => ({ type: "plain_text", text: words });
export const mrkdwn = (words) => ({ type: "mrkdwn", text: words });
const long = (length) => "Every character that Slack allows is here, and it still has to be read at night. ".repeat(60).slice(0, length);
const many = (count, make) => Array.from({ length: count }, (_, index) => make(index + 1));
const option = (words, value = words.toLowerCase(), description) => ({ text: text(words), value, ...(description && { description: text(description) }) });
const SEVERITIES = [option("SEV-1", "sev-1", "Complete outage"), option("SEV-2", "sev-2", "Major function broken"), option("SEV-3", "sev-3")];
const GROUPS = [
  { label: text("Critical"), options: SEVERITIES.slice(0, 2) },
  { label: text("The rest"), options: [SEVERITIES[2], option("SEV-4", "sev-4")] },
];
const button = (words, more) => ({ type: "button", text: text(words), ...more });
const confirm = { title: text("Resolve INC-42?"), text: mrkdwn("*Everybody* is told."), confirm: text("Resolve"), deny: text("Not yet"), style: "danger" };
const actions = (...elements) => [{ type: "actions", block_id: "actions", elements: elements.map((each, n) => ({ ...each, action_id: each.action_id ?? `a${n}` })) }];
const input = (element, more) => [{ type: "input", block_id: `input-${element.type}`, label: text(NAMES[element.type] ?? element.type), element: { action_id: "value", ...element }, optional: true, ...more }];
const section = (words, more) => [{ type: "section", block_id: "section", text: mrkdwn(words), ...more }];
const PIXEL = new URL("pixel.svg", import.meta.url).href;

const NAMES = {
  plain_text_input: "Plain text", email_text_input: "E-mail", url_text_input: "Address", number_input: "Number", rich_text_input: "Rich text",
  static_select: "Menu", multi_static_select: "Menu of many", external_select: "External menu", multi_external_select: "External menu of many",
  users_select: "Person", multi_users_select: "People", conversations_select: "Conversation", multi_conversations_select: "Conversations",
  channels_select: "Channel", multi_channels_select: "Channels", datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time",
  checkboxes: "Checkboxes", radio_buttons: "Radio buttons",
};

// One of each element that holds a value, as Slack takes it.
export const ELEMENTS = [
  { type: "static_select", options: SEVERITIES, placeholder: text("Choose a severity") },
  { type: "multi_static_select", option_groups: GROUPS, placeholder: text("Choose severities") },
  { type: "external_select", min_query_length: 0, placeholder: text("Find an incident") },
  { type: "multi_external_select", min_query_length: 1, placeholder: text("Find incidents") },
  { type: "users_select", placeholder: text("Choose a person") },
  { type: "multi_users_select", placeholder: text("Choose people") },
  { type: "conversations_select", placeholder: text("Choose a conversation") },
  { type: "multi_conversations_select", placeholder: text("Choose conversations") },
  { type: "channels_select", placeholder: text("Choose a channel") },
  { type: "multi_channels_select", placeholder: text("Choose channels") },
  { type: "datepicker", placeholder: text("Choose a date") },
  { type: "timepicker", placeholder: text("Choose a time") },
  { type: "datetimepicker" },
  { type: "checkboxes", options: SEVERITIES },
  { type: "radio_buttons", options: SEVERITIES },
];
export const TYPED = [
  { type: "plain_text_input", placeholder: text("What happened?") },
  { type: "email_text_input", placeholder: text("ana@example.com") },
  { type: "url_text_input", placeholder: text("https://example.com") },
  { type: "number_input", is_decimal_allowed: true, placeholder: text("0") },
  { type: "rich_text_input", placeholder: text("Write with marks") },
];

export const MARKS = [
  "*bold* _italic_ ~strike~ `code` and *_both_*, but not 2*3*4 or snake_case_here",
  "&gt; quoted by somebody\n&gt; on two lines\nand then not",
  "• a list\n• of two\n1. and one\n2. with numbers",
  "```\nfor host in db-1 db-2; do\n  ping $host\ndone\n```",
  "<https://example.com|a link>, <https://example.com>, https://example.com/bare, <mailto:ana@example.com|mail>",
  "<@U0001>, <@U0002>, <#C0GENERAL>, <!subteam^S1>, <!here>, and nobody: <@U0404>, <#C0404|gone>, <!subteam^S404|@dba>",
  "<!date^1770076800^{date_long} at {time}|then>, <!date^1770076800^{date_short_pretty}|then>, <!date^1^{nonsense}|the fallback>",
  ":fire: :rotating_light: :white_check_mark: :+1::skin-tone-3: and one that nobody knows :blorp:",
  "&amp;lt; &lt;b&gt; &amp; entities",
].join("\n");

const RICH = {
  type: "rich_text",
  elements: [
    { type: "rich_text_section", elements: [
      { type: "text", text: "Plain, " }, { type: "text", text: "bold", style: { bold: true } }, { type: "text", text: ", all of them", style: { bold: true, italic: true, strike: true, code: true } },
      { type: "text", text: " " }, { type: "link", url: "https://example.com", text: "link" }, { type: "text", text: " " }, { type: "emoji", name: "fire" }, { type: "emoji", name: "blorp", unicode: "1f9ef" },
      { type: "text", text: " " }, { type: "user", user_id: "U0001" }, { type: "text", text: " " }, { type: "channel", channel_id: "C0GENERAL" }, { type: "text", text: " " }, { type: "usergroup", usergroup_id: "S1" },
      { type: "text", text: " " }, { type: "broadcast", range: "here" }, { type: "text", text: " " }, { type: "date", timestamp: 1770076800, format: "{date_short} {time}", fallback: "then" }, { type: "text", text: " " }, { type: "color", value: "#c01343" },
      { type: "team", team_id: "T0000001" },
    ] },
    { type: "rich_text_list", style: "bullet", indent: 0, elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "one" }] }, { type: "rich_text_section", elements: [{ type: "text", text: "two" }] }] },
    { type: "rich_text_list", style: "ordered", indent: 1, offset: 2, elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "the third, indented" }] }] },
    { type: "rich_text_quote", elements: [{ type: "text", text: "quoted" }] },
    { type: "rich_text_preformatted", elements: [{ type: "text", text: "SELECT 1;" }] },
  ],
};

const MARKDOWN = `# Postmortem
**Bold**, *italic*, ~~struck~~, \`code\`, [a link](https://example.com), https://example.com/bare and <b>no markup</b>.

## What happened
1. The disk filled up
2. Writes failed
   until 03:12

- [x] rebuilt
- [ ] alert added

> quoted

| When | What |
|---|---|
| 02:58 | paged |
| 03:12 | resolved |

---
\`\`\`sql
SELECT count(*) FROM incidents;
\`\`\``;

const group = (title, ...entries) => ({ title, entries: entries.map(([name, blocks]) => ({ name, blocks })) });

export const CATALOGUE = [
  group(
    "Blocks",
    ["header", [{ type: "header", text: text("SEV-1 :fire: db down") }]],
    ["header, 150 characters", [{ type: "header", text: text(long(150)) }]],
    ["section, all of mrkdwn", section(MARKS)],
    ["section, 3,000 characters", section(long(3000))],
    ["section, ten fields", [{ type: "section", text: mrkdwn("*Incident*"), fields: many(10, (n) => mrkdwn(`*Field ${n}*\nvalue ${n}`)) }]],
    ["section, a field of 2,000 characters", [{ type: "section", fields: [mrkdwn(long(2000)), mrkdwn("*short*")] }]],
    ["section, plain text", [{ type: "section", text: text("*not bold* :wave:\n<not a link>") }]],
    ["section, a word of 3,000 characters", section("x".repeat(3000))],
    ["section with a picture", section("A picture beside words", { accessory: { type: "image", image_url: PIXEL, alt_text: "a square" } })],
    ["section with a picture that cannot be loaded", section("The words instead", { accessory: { type: "image", image_url: "javascript:1", alt_text: "the graph of errors" } })],
    ["context", [{ type: "context", elements: [{ type: "image", image_url: PIXEL, alt_text: "a square" }, mrkdwn("INC-42 · *Ana* · <!date^1770076800^{time}|then>"), text("plain :eyes:")] }]],
    ["context, ten elements of all lengths", [{ type: "context", elements: many(10, (n) => mrkdwn(long(n * 30))) }]],
    ["divider", [{ type: "divider" }]],
    ["image", [{ type: "image", image_url: PIXEL, alt_text: "a square", title: text("A square") }]],
    ["image that cannot be loaded, with 2,000 characters", [{ type: "image", image_url: "data:text/html,x", alt_text: long(2000) }]],
    ["rich text", [RICH]],
    ["markdown", [{ type: "markdown", text: MARKDOWN }]],
    ["markdown, 12,000 characters", [{ type: "markdown", text: `${long(4800)}\n\n`.repeat(3).slice(0, 12_000) }]],
    ["video, as a card", [{ type: "video", alt_text: "a film", title: text("How to restart it"), title_url: "https://example.com", thumbnail_url: PIXEL, video_url: "https://example.com/v", description: text("Two minutes"), provider_name: "Example" }]],
  ),
  group(
    "Buttons",
    ["styles", actions(button("Acknowledge", { style: "primary" }), button("Resolve", { style: "danger" }), button("Update"))],
    ["with an address", actions(button("Runbook", { url: "https://example.com/runbook" }))],
    ["with a confirmation", actions(button("Resolve", { style: "danger", confirm }))],
    ["a confirmation at its limits", actions(button("Ask me", { confirm: { title: text(long(100)), text: mrkdwn(long(300)), confirm: text(long(30)), deny: text(long(30)) } }))],
    ["75 characters", actions(button(long(75)), button("x".repeat(75)))],
    ["25 in a row", actions(...many(25, (n) => button(`Button ${n}`, { action_id: `b${n}` })))],
    ["an app that is slow", actions(button("Slow", { action_id: "slow" }))],
    ["an app that does not answer", actions(button("No answer", { action_id: "timeout" }))],
    ["overflow", actions({ type: "overflow", options: [option("Edit"), option("Escalate", "escalate", "Page the next level"), { ...option("Runbook"), url: "https://example.com" }, option("Snooze"), option("Close")] })],
    ["overflow with a confirmation", section("An incident", { accessory: { type: "overflow", action_id: "o", options: [option("Close")], confirm } })],
  ),
  group("Elements in a row of actions", ...ELEMENTS.map((element) => [NAMES[element.type], actions(element)])),
  group("Elements beside a section", ...ELEMENTS.map((element) => [NAMES[element.type], section("Beside a section", { accessory: { action_id: "accessory", ...element } })])),
  group("Inputs", ...[...TYPED, ...ELEMENTS].map((element) => [NAMES[element.type], input(element, { hint: text("A hint below") })])),
  group(
    "Inputs at their limits",
    ["label and hint of 2,000 characters", input({ type: "plain_text_input" }, { label: text(long(2000)), hint: text(long(2000)) })],
    ["many lines, 3,000 characters", input({ type: "plain_text_input", multiline: true, max_length: 3000, initial_value: long(3000) })],
    ["10 characters at most, 3 at least", input({ type: "plain_text_input", max_length: 10, min_length: 3 })],
    ["placeholder of 150 characters", input({ type: "static_select", options: SEVERITIES, placeholder: text(long(150)) })],
    ["100 options of 75 characters", actions({ type: "static_select", options: many(100, (n) => option(`${n} ${long(72)}`.slice(0, 75), `${n}`)) })],
    ["100 groups of 100", actions({ type: "static_select", option_groups: many(100, (g) => ({ label: text(`Group ${g}`), options: many(100, (n) => option(`Option ${g}.${n}`)) })) })],
    ["three at most", actions({ type: "multi_static_select", max_selected_items: 3, options: many(9, (n) => option(`Service ${n}`)) })],
    ["ten checkboxes with descriptions", actions({ type: "checkboxes", options: many(10, (n) => ({ text: mrkdwn(`*Step ${n}*`), description: mrkdwn(long(75)), value: `${n}` })) })],
    ["sent at every character", input({ type: "plain_text_input", action_id: "keys", dispatch_action_config: { trigger_actions_on: ["on_character_entered"] } }, { dispatch_action: true })],
    ["sent on Enter", input({ type: "plain_text_input", action_id: "enter" }, { dispatch_action: true })],
    ["with a confirmation", actions({ type: "static_select", options: SEVERITIES, confirm })],
    ["an external menu without an answer", actions({ type: "external_select", action_id: "timeout", min_query_length: 0 })],
    ["an external menu that wants three characters", actions({ type: "external_select" })],
  ),
  group(
    "Begun with a value",
    ["menus", actions({ type: "static_select", options: SEVERITIES, initial_option: SEVERITIES[1] }, { type: "multi_users_select", initial_users: ["U0001", "U0002"] }, { type: "users_select", initial_user: "U0404" }, { type: "channels_select", initial_channel: "C0404" })],
    ["pickers", actions({ type: "datepicker", initial_date: "2026-02-03" }, { type: "timepicker", initial_time: "09:30", timezone: "Europe/London" }, { type: "datetimepicker", initial_date_time: 1770076800 })],
    ["choices", actions({ type: "checkboxes", options: SEVERITIES, initial_options: [SEVERITIES[0], SEVERITIES[2]] }, { type: "radio_buttons", options: SEVERITIES, initial_option: SEVERITIES[1] })],
    ["rich text", input({ type: "rich_text_input", initial_value: RICH })],
  ),
];

export const HOSTILE = [
  "<script>document.title = 'ran'</script>",
  "<img src=x onerror=\"document.title = 'ran'\">",
  "<javascript:document.title='ran'|click me> <data:text/html,<script>1</script>|or me> <vbscript:x|me>",
  "[me](javascript:document.title='ran') ![me](javascript:1) <javascript:1>",
  "\u202eright to left\u202c and \u2066isolated\u2069 \u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627",
  "*".repeat(40) + "_".repeat(40) + "`".repeat(41) + "~".repeat(40) + "<".repeat(40) + "&lt;".repeat(10),
  "{{7*7}} ${alert(1)} \" ' ` </textarea></title><svg onload=\"document.title = 'ran'\">",
  "\u0000\u0001\ufeff\u200b\ud800 __proto__ constructor :constructor: :__proto__: <@CONSTRUCTOR> <!date^1^{constructor}|x>",
  "W".repeat(400),
].join("\n");

export const FORM = {
  type: "modal", id: "V-form", hash: "1", title: text("Every input"), submit: text("Submit"), close: text("Cancel"), callback_id: "form",
  blocks: [...TYPED, ...ELEMENTS].flatMap((element) => input(element, { optional: element.type !== "plain_text_input" })),
};
