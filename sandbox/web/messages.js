// The messages of one place, by the page: a channel's in the middle, a thread's at the side. Holds at most MOST rows and
// fetches more at either end.

import { forget } from "./kit/index.js";
import { look } from "./api.js";
import { context } from "./context.js";
import { button, el, fill, lay } from "./dom.js";
import { attempt } from "./notice.js";
import { Row } from "./row.js";
import { day, dayKey, ofTs } from "./times.js";
import { emit, world } from "./world.js";

const MOST = 160;
const NEAR_PX = 240; // so close to an end the next page is fetched
const BOTTOM_PX = 60;
const FLASH_MS = 2500;

export class Messages {
  // `empty()`: what stands where nothing has been said yet.
  constructor(host, { empty = () => null, inThread = false, label = "Messages" } = {}) {
    this.host = host;
    this.empty = empty;
    this.inThread = inThread;
    this.list = el("div", { class: "messages", role: "list", "aria-label": label });
    this.jump = button("↓ Newest", () => this.toNewest(), { class: "jump", hidden: true });
    this.scroller = el("div", { class: "scroller", tabindex: "0", "aria-label": label, role: "region" }, this.list);
    fill(host, this.scroller, this.jump);
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.keys(event));
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(this.scroller); // smaller, it shows the newest still
    this.rows = [];
    this.channel = null;
    this.turn = 0;
    this.later = null; // what was heard while a page is on its way, which may be older than that
  }

  // Opens a channel, at a message if one is named, else at its newest.
  async open(channel, { around = "", read = "" } = {}) {
    this.channel = channel;
    this.read = read;
    this.rows = [];
    this.moreBefore = this.moreAfter = false;
    if (!(await this.load("history", { channel, around }))) return;
    if (around) this.point(around);
    else this.toBottom();
    emit("opened", channel);
  }

  async openThread(channel, ts) {
    this.channel = channel;
    this.root = ts;
    if (await this.load("thread", { channel, ts })) this.toBottom();
  }

  // Whether it is shown; nobody may have wanted something else meanwhile.
  async load(what, which) {
    const turn = ++this.turn;
    const heard = (this.later = []);
    const page = await attempt(() => look(what, which));
    if (turn !== this.turn) return false;
    this.later = null;
    if (page) this.show(page);
    for (const work of heard) work();
    return Boolean(page);
  }

  show({ messages, more_before, more_after }) {
    this.moreBefore = Boolean(more_before);
    this.moreAfter = Boolean(more_after);
    this.rows = messages.map((message) => this.row(message));
    this.draw();
  }

  row(message) {
    return new Row(this.channel, message, this.inThread);
  }

  // A message that is new or different. What belongs elsewhere is left alone.
  take(message) {
    if (this.later) return void this.later.push(() => this.take(message));
    const known = this.rows.find((row) => row.ts === message.ts);
    if (known) return this.changed(() => known.update(message));
    if (!this.belongs(message) || this.moreAfter) return undefined;
    return this.changed(() => {
      const place = this.rows.findLastIndex((row) => row.ts < message.ts) + 1;
      if (place === 0 && this.moreBefore) return;
      this.rows.splice(place, 0, this.row(message));
      if (this.rows.length > MOST && this.atBottom) this.cut("before");
      this.draw();
    });
  }

  belongs(message) {
    if (this.inThread) return message.thread_ts === this.root;
    return !message.thread_ts || message.thread_ts === message.ts;
  }

  drop(ts) {
    if (this.later) return void this.later.push(() => this.drop(ts));
    const place = this.rows.findIndex((row) => row.ts === ts);
    if (place < 0) return;
    forget(context("message", { channel: this.channel, ts }));
    this.changed(() => {
      this.rows.splice(place, 1);
      this.draw();
    });
  }

  // What is in view stays where it is; at the bottom it stays at the bottom.
  changed(work) {
    const atBottom = this.atBottom;
    work();
    if (atBottom) this.toBottom();
    else this.jump.hidden = false;
    if (atBottom) emit("at-bottom", this);
  }

  get atBottom() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < BOTTOM_PX;
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.stuck = true;
    this.jump.hidden = !this.moreAfter;
    emit("at-bottom", this);
  }

  async toNewest() {
    if (this.moreAfter) await this.open(this.channel);
    else this.toBottom();
  }

  // Rows and the lines between them, with as many nodes kept as can be.
  draw() {
    const nodes = [];
    let above = null;
    let newLine = this.read;
    for (const row of this.rows) {
      if (!above || dayKey(ofTs(above.ts)) !== dayKey(ofTs(row.ts))) {
        nodes.push(el("div", { class: "line day", role: "separator" }, el("span", {}, day(ofTs(row.ts)))));
        above = null;
      }
      if (newLine && row.ts > newLine && row.message.user !== world.me && !this.inThread) {
        if (above || nodes.length > 1) nodes.push(el("div", { class: "line new", role: "separator" }, el("span", {}, "New")));
        newLine = "";
        above = null;
      }
      row.follow(above);
      nodes.push(row.node);
      above = row.message;
    }
    if (!this.rows.length) nodes.push(this.empty());
    this.list.classList.toggle("empty", !this.rows.length);
    lay(this.list, nodes.filter(Boolean));
  }

  scrolled() {
    this.stuck = this.atBottom;
    this.jump.hidden = this.atBottom && !this.moreAfter;
    if (this.fetching) return;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (this.moreBefore && scrollTop < NEAR_PX) this.fetch("before");
    else if (this.moreAfter && scrollHeight - scrollTop - clientHeight < NEAR_PX) this.fetch("after");
    if (this.atBottom) emit("at-bottom", this);
  }

  async fetch(end) {
    this.fetching = true;
    const turn = this.turn;
    const edge = (end === "before" ? this.rows[0] : this.rows.at(-1)).ts;
    const page = await attempt(() => look("history", { channel: this.channel, [end]: edge }));
    this.fetching = false;
    if (turn !== this.turn || !page) return;
    const known = new Set(this.rows.map((row) => row.ts));
    const fresh = page.messages.filter((message) => !known.has(message.ts)).map((message) => this.row(message));
    const anchor = this.rows[end === "before" ? 0 : this.rows.length - 1];
    const offset = anchor.node.getBoundingClientRect().top;
    if (end === "before") {
      this.rows.unshift(...fresh);
      this.moreBefore = page.more_before;
      if (this.rows.length > MOST) this.cut("after");
    } else {
      this.rows.push(...fresh);
      this.moreAfter = page.more_after;
      if (this.rows.length > MOST) this.cut("before");
    }
    this.draw();
    this.scroller.scrollTop += anchor.node.getBoundingClientRect().top - offset;
  }

  cut(end) {
    if (end === "before") {
      this.rows.splice(0, this.rows.length - MOST);
      this.moreBefore = true;
    } else {
      this.rows.length = MOST;
      this.moreAfter = true;
    }
  }

  // Shows a message and lets it glow for a moment.
  point(ts) {
    const row = this.rows.find((each) => each.ts === ts);
    if (!row) return this.toBottom();
    row.node.scrollIntoView({ block: "center" });
    this.stuck = this.atBottom;
    row.node.classList.add("flash");
    setTimeout(() => row.node.classList.remove("flash"), FLASH_MS);
    return row;
  }

  // Arrows walk over the messages; Tab goes into the one that has the focus.
  keys(event) {
    const nodes = this.rows.map((row) => row.node);
    const at = nodes.indexOf(document.activeElement);
    if (!["ArrowUp", "ArrowDown"].includes(event.key)) return;
    if (at < 0 && event.target !== this.scroller) return;
    event.preventDefault();
    const next = at < 0 ? nodes.length - 1 : Math.min(Math.max(at + (event.key === "ArrowUp" ? -1 : 1), 0), nodes.length - 1);
    nodes[next]?.focus();
  }

  focusNewest() {
    this.rows.at(-1)?.node.focus();
  }
}
