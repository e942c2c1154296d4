// The control API, with the person of this window under `as`. A refusal is thrown as Refused with its sentence.

import { me } from "./world.js";

export class Refused extends Error {}

const GONE = "The sandbox does not answer.";

// POST /control/<path>; the answer as JSON.
export async function deed(path, given = {}) {
  return read(
    fetch(`/control/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: me()?.name, ...given }),
    }),
  );
}

// What a vendor's stand-in takes: no `as`, for it knows nobody.
export async function vendor(name, action, given = {}) {
  const answer = await read(
    fetch(`/control/${name}/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(given),
    }),
  );
  if (answer.ok === false) throw new Refused(answer.error);
  return answer;
}

export async function look(path, query = {}) {
  const asked = new URLSearchParams(Object.entries({ as: me()?.name, ...query }).filter(([, value]) => value));
  return read(fetch(`/control/${path}?${asked}`));
}

// `work` runs once at a time; whatever asks for it meanwhile has it run once more, so that it sees what came last.
export function inTurn(work) {
  let running = false;
  let wanted = false;
  return async () => {
    wanted = true;
    if (running) return;
    running = true;
    try {
      while (wanted) {
        wanted = false;
        await work();
      }
    } finally {
      running = false;
    }
  };
}

async function read(request) {
  let answer;
  try {
    answer = await request;
  } catch {
    throw new Refused(GONE);
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(body?.error ?? `The sandbox answered ${answer.status}.`);
  return body;
}
