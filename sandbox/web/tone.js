// How the phone sounds: a ring made of two tones, and a voice where the browser has one. Silent until somebody has touched
// the page, for no browser allows it sooner. A browser that lets nothing sound is no trouble: all is there in writing too.

import { keep, kept } from "./kept.js";

const KEPT = "muster-sound";
const RING_S = 1.6;
const PAUSE_S = 1.6;
const LOUD = 0.06;

let on = kept(KEPT) !== "off";
let audio = null;
let ringing = null;

export function soundIsOn() {
  return on;
}

export function setSound(wanted) {
  on = wanted;
  keep(KEPT, wanted ? "on" : "off");
  if (wanted) return;
  ring(false);
  hush();
}

export function ring(wanted) {
  clearInterval(ringing);
  ringing = null;
  if (!wanted || !on) return;
  tone();
  ringing = setInterval(tone, (RING_S + PAUSE_S) * 1000);
}

export function speak(words) {
  if (!on) return;
  ifAllowed(() => {
    const said = new SpeechSynthesisUtterance(words);
    said.lang = "en-US";
    speechSynthesis.speak(said);
  });
}

export function hush() {
  ifAllowed(() => speechSynthesis.cancel());
}

function tone() {
  if (!navigator.userActivation?.hasBeenActive) return;
  ifAllowed(() => {
    audio ??= new AudioContext();
    twoTones(audio, audio.currentTime);
  });
}

function twoTones(context, now) {
  const level = context.createGain();
  level.gain.setValueAtTime(0, now);
  level.gain.linearRampToValueAtTime(LOUD, now + 0.03);
  level.gain.setValueAtTime(LOUD, now + RING_S - 0.05);
  level.gain.linearRampToValueAtTime(0, now + RING_S);
  level.connect(context.destination);
  for (const hertz of [440, 480]) {
    const wave = context.createOscillator();
    wave.frequency.value = hertz;
    wave.connect(level);
    wave.start(now);
    wave.stop(now + RING_S);
  }
}

// What the browser lacks or forbids is left out.
function ifAllowed(sound) {
  try {
    sound();
  } catch {
    // No audio, no voice, or no leave to use them.
  }
}
