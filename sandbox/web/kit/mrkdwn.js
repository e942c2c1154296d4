// Slack's mrkdwn, read into a tree: [{type: "line" | "quote" | "code" | "item", …}]. Pure: knows no DOM and no names.
//
// Inline nodes: {text}, {bold: […]}, {italic: […]}, {strike: […]}, {code}, {link, children}, {user, label}, {channel, label},
// {group, label}, {broadcast}, {date: {ts, format, url, fallback}}, {emoji}.

const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const PLAIN = /[^*_~`<:&h]+/y; // h: the start of a bare address
const EMOJI = /:([a-z0-9_+'-]+):/iy;
const ADDRESS = /https?:\/\/[^\s<>|`*]+/iy;
const WORD = /[\p{L}\p{N}]/u;
const DEEPEST = 8;

// `options`: {links: false} leaves bare addresses as they are (a text object's `verbatim`).
export function parse(text, options = {}) {
  const blocks = [];
  const pieces = String(text).split("```");
  if (pieces.length % 2 === 0) pieces.push(pieces.splice(-2).join("```")); // the last fence was never closed
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 && piece) blocks.push({ type: "code", text: decoded(piece.replace(/^\n|\n$/g, "")) });
    else readLines(piece, index, pieces.length, blocks, options);
  }
  return blocks;
}

function readLines(piece, index, count, blocks, options) {
  if (piece === "" && index > 0) return;
  let text = piece;
  if (index > 0) text = text.replace(/^\n/, "");
  if (index < count - 1) text = text.replace(/\n$/, "");
  if (text === "" && count > 1) return;
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    if (/^(>>>|&gt;&gt;&gt;)/.test(line)) {
      const rest = [line.replace(/^(>>>|&gt;&gt;&gt;) ?/, ""), ...lines.slice(at + 1)];
      for (const each of rest) quote(blocks, each, options);
      return;
    }
    readLine(line, blocks, options);
  }
}

function readLine(line, blocks, options) {
  const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line);
  const item = /^(\s*)([•◦▪–-]|\d{1,3}[.)])\s+(\S.*)$/.exec(line);
  if (quoted) quote(blocks, quoted[1], options);
  else if (item) {
    const depth = Math.min(Math.floor(item[1].length / 2), 6);
    blocks.push({ type: "item", marker: item[2], depth, children: inline(item[3], options) });
  } else blocks.push({ type: "line", children: inline(line, options) });
}

function quote(blocks, text, options) {
  const last = blocks.at(-1);
  const line = inline(text, options);
  if (last?.type === "quote") last.lines.push(line);
  else blocks.push({ type: "quote", lines: [line] });
}

export function decoded(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

// One line's nodes.
export function inline(text, options = {}, depth = 0) {
  const nodes = [];
  const dead = {}; // delimiters that nothing closes from here on: looked for once, not again for each
  let plain = "";
  const flush = () => {
    if (plain) nodes.push({ text: decoded(plain) });
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = token(text, at, dead, options, depth);
    if (found.node) {
      flush();
      nodes.push(found.node);
    } else plain += text.slice(at, found.end);
    at = found.end;
  }
  flush();
  return nodes;
}

// {node, end} of what begins at `at`; without a node it is plain text up to `end`.
function token(text, at, dead, options, depth) {
  PLAIN.lastIndex = at;
  if (PLAIN.test(text)) return { end: PLAIN.lastIndex };
  const char = text[at];
  const found =
    char === "<" ? angled(text, at, dead, options, depth)
    : char === "`" ? coded(text, at, dead)
    : char === ":" ? matched(EMOJI, text, at, (m) => ({ emoji: m[1].toLowerCase() }))
    : char === "h" ? bare(text, at, options)
    : STYLES[char] && depth < DEEPEST ? styled(text, at, char, dead, options, depth)
    : null;
  return found ?? { end: at + 1 };
}

function matched(pattern, text, at, make) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match && { node: make(match), end: pattern.lastIndex };
}

function coded(text, at, dead) {
  const end = closing("`", text, at, dead);
  return end > at + 1 ? { node: { code: decoded(text.slice(at + 1, end)) }, end: end + 1 } : null;
}

function closing(char, text, at, dead) {
  if (dead[char]) return -1;
  const end = text.indexOf(char, at + 1);
  if (end < 0) dead[char] = true;
  return end;
}

function bare(text, at, options) {
  if (options.links === false || (at > 0 && WORD.test(text[at - 1]))) return null;
  return matched(ADDRESS, text, at, (m) => {
    const url = m[0].replace(/[.,;:!?'")\]}_~]+$/, "");
    ADDRESS.lastIndex -= m[0].length - url.length;
    return { link: decoded(url), children: [{ text: decoded(url) }] };
  });
}

// *bold*: opened before a word and after none, closed the other way round, within one line.
function styled(text, at, char, dead, options, depth) {
  if (dead[char] || (at > 0 && (WORD.test(text[at - 1]) || text[at - 1] === char))) return null;
  if (at + 1 >= text.length || /\s/.test(text[at + 1]) || text[at + 1] === char) return null;
  for (let end = text.indexOf(char, at + 2); end > 0; end = text.indexOf(char, end + 1)) {
    const after = text[end + 1] ?? " ";
    if (!/\s/.test(text[end - 1]) && !WORD.test(after) && after !== char) {
      const children = inline(text.slice(at + 1, end), options, depth + 1);
      return { node: { [STYLES[char]]: children }, end: end + 1 };
    }
  }
  dead[char] = true;
  return null;
}

function angled(text, at, dead, options, depth) {
  const end = closing(">", text, at, dead);
  if (end < 0) return null;
  const inside = text.slice(at + 1, end);
  const node = named(inside) ?? dated(inside) ?? linked(inside, options, depth);
  return node && { node, end: end + 1 };
}

function named(inside) {
  const match = /^([@#]|!subteam\^)([A-Z0-9]+)(?:\|(.*))?$/s.exec(inside);
  if (match) {
    const kind = { "@": "user", "#": "channel" }[match[1]] ?? "group";
    return { [kind]: match[2], label: match[3] ? decoded(match[3]) : null };
  }
  const broadcast = /^!(here|channel|everyone)(?:\|.*)?$/s.exec(inside);
  return broadcast && { broadcast: broadcast[1] };
}

function dated(inside) {
  const match = /^!date\^(-?\d+)\^([^^|]+)(?:\^([^|]+))?(?:\|(.*))?$/s.exec(inside);
  if (!match) return null;
  const [, ts, format, url, fallback] = match;
  const words = (text) => (text ? decoded(text) : null);
  return { date: { ts: Number(ts), format: words(format), url: words(url), fallback: words(fallback) } };
}

function linked(inside, options, depth) {
  const cut = inside.indexOf("|");
  const url = cut < 0 ? inside : inside.slice(0, cut);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) return null;
  const label = cut < 0 ? "" : inside.slice(cut + 1);
  const children = label ? inline(label, { ...options, links: false }, depth + 1) : [{ text: decoded(url) }];
  return { link: decoded(url), children: flat(children) };
}

// A link holds no other link.
function flat(nodes) {
  return nodes.flatMap((node) => (node.link ? node.children : [node]));
}
