"""The phone beside the workspace: it is heard where a browser lets it be, and everything on it is there in writing."""

import re

from sandbox.vendors.account import PHONE_NUMBER, Call


async def test_the_phone_rings_by_itself_can_be_silenced_and_needs_no_sound(sandbox, open_page):
    for script, rung in ((COUNTED, 2), (FORBIDDEN, 0)):
        page = await open_page("about:blank")
        await page.context.add_init_script(script)
        await page.goto(sandbox.url)
        await page.locator("#sidebar .entry").first.wait_for()
        await page.get_by_role("button", name="Skip the tour").click()
        assert await page.evaluate(RING) == rung
        await page.get_by_role("button", name="Ring and speak aloud").click()
        assert await page.evaluate(RING) == rung


async def test_whoever_is_called_hears_two_tones_while_the_sound_is_on(sandbox, open_page, hands):
    ana = await hands(sandbox.url, tour=True)
    await ana.page.context.add_init_script(COUNTED + EAR)
    await ana.page.goto(sandbox.url)
    await ana.skips_the_tour()
    telephone = sandbox.vendors["twilio"].telephone
    telephone.dial(Call(telephone.phonebook["ana"], PHONE_NUMBER, sandbox.clock.now()))
    sandbox.bell.ring(sandbox.vendors["twilio"])
    await ana.sees(ana.phone.get_by_text(re.compile(r"rings for \d+ s more")))
    assert 430 < await ana.page.evaluate(LOUDEST_HZ) < 490
    rings = await ana.page.evaluate("window.waves")
    await ana.presses("Ring and speak aloud")
    assert await ana.page.evaluate("document.querySelector('.handset .tool').textContent") == "🔇"
    await ana.presses("Ring and speak aloud")
    await ana.page.wait_for_function("(before) => window.waves > before", arg=rings, timeout=1000)


async def test_what_is_said_fits_the_phone_however_long_a_word_is(sandbox, hands):
    ana = await hands(sandbox.url)
    telephone = sandbox.vendors["twilio"].telephone
    call = Call(telephone.phonebook["ana"], PHONE_NUMBER, sandbox.clock.now())
    call.status, call.said = "in-progress", [f"This is Muster. {'wide' * 60}."]
    telephone.calls.append(call)
    sandbox.bell.ring(sandbox.vendors["twilio"])
    end = await ana.sees(ana.phone.get_by_role("button", name="Hang up"))
    assert await ana.phone.evaluate("(phone) => phone.scrollWidth - phone.clientWidth") == 0
    await end.click()


async def test_a_phone_that_rings_behind_the_edge_is_told_of(sandbox, hands):
    ana = await hands(sandbox.url)
    banner = ana.page.locator("#banner").get_by_text("Your phone is ringing")
    await ana.presses("Fold this panel")
    telephone = sandbox.vendors["twilio"].telephone
    telephone.dial(Call(telephone.phonebook["ana"], PHONE_NUMBER, sandbox.clock.now()))
    sandbox.bell.ring(sandbox.vendors["twilio"])
    await ana.sees(banner)
    await ana.tab("Phone")
    await banner.wait_for(state="hidden")


async def test_a_phone_that_rings_takes_no_tab_from_under_somebody_s_hand(sandbox, hands):
    ana = await hands(sandbox.url)
    await ana.tab("Trouble")
    await ana.page.get_by_role("button", name="Break it").hover()
    telephone = sandbox.vendors["twilio"].telephone
    telephone.dial(Call(telephone.phonebook["ana"], PHONE_NUMBER, sandbox.clock.now()))
    sandbox.bell.ring(sandbox.vendors["twilio"])
    await ana.sees(ana.page.locator("#banner").get_by_text("Your phone is ringing"))
    await ana.presses("Break it")
    await ana.sees(ana.page.locator("#standing").get_by_text("Plane hangs"))


COUNTED = """window.waves = 0; const wave = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () { window.waves += 1; return wave.call(this); };"""
FORBIDDEN = """window.waves = 0; window.AudioContext = class { constructor() { throw new Error("no sound here"); } };
  for (const name of ["speechSynthesis", "localStorage"])
    Object.defineProperty(window, name, { get() { throw new Error(`no ${name} here`); } });"""
RING = """async () => {
  const { ring, speak, hush } = await import("/page/tone.js");
  ring(true); speak("This is Muster."); hush(); ring(false);
  return window.waves;
}"""
# Hears all that leaves for the loudspeaker.
EAR = """const joined = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) {
      window.ear ??= new AnalyserNode(to.context, { fftSize: 8192, smoothingTimeConstant: 0 });
      joined.call(this, window.ear);
    }
    return joined.call(this, to, ...more);
  };"""
LOUDEST_HZ = """async () => {
  const heard = new Float32Array(window.ear.frequencyBinCount);
  const until = performance.now() + 5000;
  while (performance.now() < until) {
    window.ear.getFloatFrequencyData(heard);
    const loudest = heard.indexOf(Math.max(...heard));
    if (heard[loudest] > -50) return (loudest * window.ear.context.sampleRate) / window.ear.fftSize;
    await new Promise((after) => setTimeout(after, 20));
  }
  return 0;
}"""
