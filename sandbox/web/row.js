// One message as a row of a list: who, when, the words, what hangs on them, and what one may do with it.

import { renderMrkdwn, updateBlocks } from "./kit/index.js";
import { deed } from "./api.js";
import { avatar } from "./avatar.js";
import { learn } from "./completion.js";
import { context } from "./context.js";
import { button, el, fill, icon, refill } from "./dom.js";
import { chips, pickReaction } from "./emoji.js";
import { showMenu } from "./menu.js";
import { attempt, say } from "./notice.js";
import { address, openThread } from "./place.js";
import { hour, ofTs, second } from "./times.js";
import { nameOf, world } from "./world.js";

const GROUP_MS = 5 * 60_000;

export class Row {
  // `inThread`: it stands in the side pane, where nothing opens a thread.
  constructor(channel, message, inThread = false) {
    this.channel = channel;
    this.inThread = inThread;
    this.gutter = el("div", { class: "gutter" });
    this.head = el("div", { class: "head" });
    this.body = el("div", { class: "body kit" });
    this.extras = el("div", { class: "extras" });
    const content = el("div", { class: "content" }, this.head, this.body, this.extras);
    this.node = el("div", { class: "row", role: "listitem", tabindex: "-1", data: { ts: message.ts } }, this.gutter, content);
    this.update(message);
    for (const near of ["pointerenter", "focusin"]) this.node.addEventListener(near, () => this.equip(), { once: true });
  }

  // The tools are made for the row that somebody comes to: most rows never need them.
  equip() {
    this.equipped ??= this.node.appendChild(this.tools() ?? el("span", { hidden: true }));
  }

  get ts() {
    return this.message.ts;
  }

  update(message) {
    this.message = message;
    const where = context("message", { channel: this.channel, ts: message.ts });
    if (message.subtype) fill(this.body, this.happened(where));
    else if (message.blocks?.length) updateBlocks(this.body, message.blocks, where);
    else fill(this.body, renderMrkdwn(message.text, where));
    if (message.is_ephemeral) learn(message);
    this.draw();
  }

  // "Ana joined the channel": the workspace's own lines begin with whom they are about.
  happened(where) {
    const [, id, rest] = this.message.text.match(/^<@(\w+)> (.*)$/s) ?? [null, this.message.user, this.message.text];
    return [el("strong", {}, nameOf(id)), " ", renderMrkdwn(rest.replace(/^has /, ""), where)];
  }

  // Whether it goes on what stands above it decides if it says again who speaks.
  follow(above) {
    const continued =
      above &&
      !this.message.subtype && !above.subtype &&
      above.user === this.message.user &&
      Boolean(above.is_ephemeral) === Boolean(this.message.is_ephemeral) &&
      ofTs(this.message.ts) - ofTs(above.ts) < GROUP_MS;
    if (continued === this.continued) return;
    this.continued = continued;
    this.draw();
  }

  draw() {
    const { message } = this;
    const classes = ["row"];
    if (message.subtype) classes.push("system");
    if (message.is_ephemeral) classes.push("whisper");
    if (message.pinned_by) classes.push("pinned");
    if (this.continued) classes.push("continued");
    if (this.node.classList.contains("flash")) classes.push("flash");
    this.node.className = classes.join(" ");
    const time = el("time", { title: second(ofTs(message.ts)) }, hour(ofTs(message.ts)));
    const small = this.continued || message.subtype;
    fill(this.gutter, small ? time : avatar(message.user));
    refill(this.head, [message.is_ephemeral, message.pinned_by && nameOf(message.pinned_by), small, message.user, nameOf(message.user)], () => [
      message.is_ephemeral ? el("div", { class: "only-you" }, "Only visible to you", button("Dismiss", () => this.dismiss(), { class: "link" })) : null,
      message.pinned_by ? el("div", { class: "only-you" }, icon("pin"), `Pinned by ${nameOf(message.pinned_by)}`) : null,
      small ? null : el("div", { class: "who" }, el("strong", {}, nameOf(message.user)), badge(message), time.cloneNode(true)),
    ]);
    this.drawExtras();
  }

  // Only when they changed, and whoever is on one of them by keyboard stays on it.
  drawExtras() {
    const { edited, revisions, reactions, reply_count, reply_users, latest_reply } = this.message;
    const held = this.extras.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    refill(this.extras, [world.me, edited, revisions, reactions, reply_count, reply_users, latest_reply], () => this.marks());
    if (held) [...this.extras.querySelectorAll("button")].find((each) => each.dataset.key === held)?.focus({ preventScroll: true });
  }

  marks() {
    const { message } = this;
    const found = chips(this.channel, message);
    const result = [];
    if (message.edited || message.revisions > 1) result.push(el("span", { class: "edited" }, "(edited)"));
    if (found.length) result.push(el("div", { class: "chips" }, ...found));
    if (message.reply_count && !this.inThread) result.push(this.replies());
    return result;
  }

  replies() {
    const { message } = this;
    const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
    return button(
      [...(message.reply_users ?? []).slice(0, 3).map((id) => avatar(id, "small")), el("span", {}, words), el("small", {}, `last at ${hour(ofTs(message.latest_reply))}`)],
      () => openThread(message.ts),
      { class: "replies", "data-key": "replies" },
    );
  }

  tools() {
    const { message, channel } = this;
    if (message.subtype || message.is_ephemeral) return null;
    const react = button(icon("smile"), (event) => pickReaction(event.currentTarget, channel, this.message), { class: "tool react", "aria-label": "Add a reaction", title: "React" });
    const reply = this.inThread ? null : button(icon("reply"), () => openThread(message.ts), { class: "tool", "aria-label": "Reply in thread", title: "Reply in thread" });
    const more = button(icon("dots"), (event) => this.menu(event.currentTarget), { class: "tool more", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu" });
    return el("div", { class: "tools", role: "toolbar", "aria-label": "Message" }, react, reply, more);
  }

  menu(anchor) {
    const { message, channel } = this;
    const own = world.app.shortcuts.filter((shortcut) => shortcut.type === "message");
    const pin = message.pinned_by ? "unpin" : "pin";
    showMenu(anchor, [
      this.inThread ? undefined : { label: "Reply in thread", choose: () => openThread(message.thread_ts ?? message.ts) },
      { label: "Add a reaction", choose: () => pickReaction(anchor, channel, message) },
      { label: pin === "pin" ? "Pin to channel" : "Unpin", choose: () => attempt(() => deed(pin, { channel, ts: message.ts })) },
      { label: "Copy link", choose: () => copyLink(channel, message.ts) },
      null,
      ...own.map(({ name, callback_id, description }) => ({
        label: name,
        hint: description,
        choose: () => attempt(() => this.shortcut(callback_id)),
      })),
    ].filter((item) => item !== undefined), { title: "This message" });
  }

  dismiss() {
    return attempt(() => deed("dismiss", { channel: this.channel, ts: this.ts }));
  }

  async shortcut(callback_id) {
    const answer = await deed("message_shortcut", { callback_id, channel: this.channel, ts: this.message.ts });
    if (answer.timeout) say("Muster did not answer in time.", "problem");
  }
}

function badge(message) {
  const words = message.user === world.botUser ? "APP" : world.people.get(message.user)?.guest ? "GUEST" : "";
  return words ? el("span", { class: "badge" }, words) : null;
}

async function copyLink(channel, message) {
  const link = new URL(address({ at: channel, message }), location.href).href;
  try {
    await navigator.clipboard.writeText(link);
    say("The link is copied.");
  } catch {
    say(link);
  }
}
