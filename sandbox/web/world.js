// What this window knows of the workspace: the snapshot of the live feed with every later change laid over it.
// Keeps no messages (messages.js does) and draws nothing.

const listeners = new Map();

export const world = {
  me: null, // id of the person of this window
  botUser: null,
  people: new Map(),
  usergroups: new Map(),
  channels: new Map(),
  clock: { offset: 0 }, // seconds by which the sandbox's clock is moved
  skew: 0, // milliseconds between the server's real clock and this browser's
  modals: [],
  home: null,
  bot: { connections: 0, alive: null },
  trouble: { faults: [], tiers: false, deaf: false },
  violations: { count: 0, latest: [] },
  phone: null,
  ringing: [],
  vendors: {},
  app: { slash_commands: [], shortcuts: [] },
};

const WHOLE = ["clock", "modals", "home", "bot", "trouble", "violations", "phone", "ringing", "vendors"];

// `listener(value)` after every change of that kind; "snapshot" after the whole was replaced.
export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, []);
  listeners.get(kind).push(listener);
}

export function emit(kind, value) {
  for (const listener of listeners.get(kind) ?? []) listener(value);
}

export function replace(snapshot) {
  world.me = snapshot.me;
  world.botUser = snapshot.bot_user;
  world.skew = snapshot.now - Date.now();
  world.people = byId(snapshot.people);
  world.usergroups = byId(snapshot.usergroups);
  world.channels = byId(snapshot.channels);
  for (const kind of WHOLE) world[kind] = snapshot[kind];
  emit("snapshot", world);
}

export function apply(change) {
  switch (change.kind) {
    case "channel":
      world.channels.set(change.channel.id, change.channel);
      return emit("channel", change.channel);
    case "channel_gone":
      world.channels.delete(change.id);
      return emit("channel_gone", change.id);
    case "people":
    case "usergroups":
      world[change.kind] = byId(change.value);
      return emit(change.kind, world[change.kind]);
    case "message":
    case "whisper":
    case "message_gone":
    case "whisper_gone":
      return emit(change.kind, change);
    default:
      world[change.kind] = change.value;
      return emit(change.kind, change.value);
  }
}

// The sandbox's clock in milliseconds.
export function now() {
  return Date.now() + world.skew + world.clock.offset * 1000;
}

export function me() {
  return world.people.get(world.me);
}

export function nameOf(id) {
  const person = world.people.get(id);
  return person ? person.real_name || person.name : id;
}

export function directMessages() {
  return [...world.channels.values()].find((channel) => channel.kind === "im");
}

// The war rooms, the newest first.
export function rooms() {
  return [...world.channels.values()].filter((channel) => channel.creator === world.botUser && channel.kind !== "im").reverse();
}

function byId(list) {
  return new Map(list.map((each) => [each.id, each]));
}
