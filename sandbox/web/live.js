// The way the window hears of everything: the WebSocket of sandbox/live.py. It comes back by itself, with a new snapshot
// after a gap or a lost connection.

import { apply, emit, replace } from "./world.js";

const AGAIN_MS = 500;
const AGAIN_AT_MOST_MS = 3000;

let socket = null;
let waiting = null;
let patience = AGAIN_MS;

export function listen(handle) {
  clearTimeout(waiting);
  const old = socket;
  socket = new WebSocket(`ws://${location.host}/control/live?as=${encodeURIComponent(handle)}`);
  if (old) old.close();
  const mine = socket;
  let expected = 0;
  mine.addEventListener("message", ({ data }) => {
    if (mine !== socket) return;
    const frame = JSON.parse(data);
    if (frame.seq !== expected) return mine.close(); // something was missed: begin anew
    expected += 1;
    if (frame.changes) {
      for (const change of frame.changes) apply(change);
      return emit("frame", frame);
    }
    patience = AGAIN_MS;
    replace(frame);
    emit("line", true);
  });
  mine.addEventListener("close", () => {
    if (mine !== socket) return;
    emit("line", false);
    waiting = setTimeout(() => listen(handle), patience);
    patience = Math.min(patience * 1.5, AGAIN_AT_MOST_MS);
  });
}

