// How the phone sounds: a ring made of two tones, and a voice where the browser has one. Silent until somebody has touched
// the page, for no browser allows it sooner.

const KEPT = "muster-sound";
const RING_S = 1.6;
const PAUSE_S = 1.6;
const LOUD = 0.06;

let audio = null;
let ringing = null;

export function soundIsOn() {
  return localStorage.getItem(KEPT) !== "off";
}

export function setSound(on) {
  localStorage.setItem(KEPT, on ? "on" : "off");
  if (!on) {
    ring(false);
    globalThis.speechSynthesis?.cancel();
  }
}

export function ring(on) {
  clearInterval(ringing);
  ringing = null;
  if (!on || !soundIsOn()) return;
  tone();
  ringing = setInterval(tone, (RING_S + PAUSE_S) * 1000);
}

export function speak(words) {
  const voice = globalThis.speechSynthesis;
  if (!voice || !soundIsOn()) return;
  const said = new SpeechSynthesisUtterance(words);
  said.lang = "en-US";
  voice.speak(said);
}

export function hush() {
  globalThis.speechSynthesis?.cancel();
}

function tone() {
  if (!navigator.userActivation?.hasBeenActive) return;
  audio ??= new AudioContext();
  const now = audio.currentTime;
  const level = audio.createGain();
  level.gain.setValueAtTime(0, now);
  level.gain.linearRampToValueAtTime(LOUD, now + 0.03);
  level.gain.setValueAtTime(LOUD, now + RING_S - 0.05);
  level.gain.linearRampToValueAtTime(0, now + RING_S);
  level.connect(audio.destination);
  for (const hertz of [440, 480]) {
    const wave = audio.createOscillator();
    wave.frequency.value = hertz;
    wave.connect(level);
    wave.start(now);
    wave.stop(now + RING_S);
  }
}
