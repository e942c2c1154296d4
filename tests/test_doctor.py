"""`python bot.py doctor` as a real process, against the sandbox in every trouble that it is there to name."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from tests.examined import SCOPES, doctor, examined, ill, lines_of, world
from tests.test_command_line import calm, occupied
from tests.world import ROOT

__all__ = ["world"]


async def test_where_all_is_well_each_thing_has_its_line_and_what_was_not_looked_at_says_so(world):
    code, lines = await doctor(world)

    assert code == 0
    assert lines[-1] == "Nothing to mend; 2 not checked."
    assert ill(lines) == lines_of(lines, "!") == []
    well = lines_of(lines, "✓")
    assert "Slack knows us as @muster in Example" in well
    assert "clock agrees with Slack's" in well
    assert "socket Slack says hello on a new connection" in well
    assert "#incidents (C0INCIDENTS) Muster is in it" in well
    assert "people Ana, Ben and Chris are in Slack, and active" in well
    assert any(re.fullmatch(SCOPES, line) for line in well)
    assert all(f"{name} accepts our credentials" in well for name in ("PagerDuty", "Twilio", "Plane", "Statuspage"))
    assert "App Home is enabled in manifest.yaml" in well
    assert lines_of(lines, "–") == [
        "/incident not checked: Slack tells no bot its commands. Type /incident help in any channel",
        "PagerDuty PAGERDUTY_INTEGRATION_KEY not checked: only a page proves it",
        "Opsgenie is off; set OPSGENIE_API_KEY to connect it",
    ]


async def test_whoever_only_looks_changes_nothing_anywhere(world):
    await doctor(world)

    assert [each.name for each in world.folder.iterdir()] == ["clock"], "no database was made"
    assert {each.method for each in world.sandbox.record.requests if each.service != "slack"} == {"GET"}
    assert {each.path.rpartition("/")[2] for each in world.sandbox.record.to("slack")} == {
        *("auth.test", "apps.connections.open", "conversations.info", "users.info", "usergroups.list"),
    }
    assert world.sandbox.record.violations == []
    assert world.sandbox.socket.opened == 1
    await world.until(lambda: not world.sandbox.socket.connections)


async def test_beside_a_running_bot_no_second_connection_takes_its_commands(world):
    await world.boot()
    opened = await world.until(lambda: world.sandbox.socket.opened == 2 and 2)
    code, lines = await doctor(world)

    assert code == 0
    assert world.sandbox.socket.opened == opened
    well = lines_of(lines, "✓")
    assert "socket Slack gives one out; none was opened beside that of the Muster that runs here" in well
    assert f"port 127.0.0.1:{world.http_port} a Muster runs here, and is ready" in well
    assert "database can be written, and is up to date" in well


@pytest.mark.long
async def test_a_bot_that_runs_and_is_not_ready_is_told_with_its_reasons(world):
    await world.boot()
    world.sandbox.socket.deaf()
    await world.readyz(503, within=25)
    code, lines = await doctor(world)

    assert code == 1
    [line] = ill(lines)
    assert line.startswith(f"port 127.0.0.1:{world.http_port} a Muster runs here and is not ready: Slack's socket has")


KEYS = {
    "PagerDuty": ("PAGERDUTY_API_KEY", "check PAGERDUTY_API_KEY"),
    "Opsgenie": ("OPSGENIE_API_KEY", "check OPSGENIE_API_KEY"),
    "Twilio": ("TWILIO_AUTH_TOKEN", "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"),
    "Plane": ("PLANE_API_KEY", "check PLANE_API_KEY"),
    "Statuspage": ("STATUSPAGE_API_KEY", "check STATUSPAGE_API_KEY"),
}


@pytest.mark.parametrize("vendor", KEYS)
async def test_a_wrong_key_is_named_with_the_variable_to_look_at(world, vendor):
    world.sandbox.vendors["opsgenie"].offered = True
    variable, advice = KEYS[vendor]
    world.changed = {variable: "wrong-key-of-somebody"}
    code, lines = await doctor(world)

    assert code == 1
    [line] = ill(lines)
    assert line.startswith(f"{vendor} {vendor} refused (4")
    assert advice in line


@pytest.mark.long
async def test_a_vendor_that_hangs_holds_up_nobody_else(world):
    world.sandbox.faults.add("plane", "hang")
    world.sandbox.faults.add("twilio", "hang")
    code, lines = await doctor(world)

    assert code == 1
    assert ill(lines) == [
        "Twilio gave no answer within 5 s. Is the way to it open from here?",
        "Plane gave no answer within 5 s. Is the way to it open from here?",
    ]
    assert "Statuspage accepts our credentials" in lines_of(lines, "✓")


@pytest.mark.parametrize(
    ("seconds", "code", "mark", "words"),
    [
        (3, 0, "✓", "clock agrees with Slack's"),
        (20, 0, "!", r"clock is (18|19|20)s ahead of Slack's\. Set this machine's clock, and keep it by NTP"),
        (-20, 0, "!", r"clock is (18|19|20|21)s behind Slack's\. Set .*"),
        (-300, 1, "✗", r"clock is (5m|29\ds|30\ds) behind Slack's, so a repeat may not find what was sent\. Set .*"),
    ],
)
async def test_a_clock_that_goes_wrong_is_told_by_how_much(world, seconds, code, mark, words):
    ours = world.folder / "ours"
    ours.write_text(str(seconds))
    world.changed = {"MUSTER_CLOCK_FILE": str(ours)}
    found, lines = await doctor(world)

    assert found == code
    [line] = [each for each in lines_of(lines, mark) if each.startswith("clock ")]
    assert re.fullmatch(words, line)


async def test_a_port_that_something_else_has_is_told(world):
    taken, world.http_port = occupied()
    with taken:
        code, lines = await doctor(world)

    assert code == 1
    [line] = ill(lines)
    assert line.startswith(f"port 127.0.0.1:{world.http_port} something else listens here. End it, or choose another")


async def test_a_host_that_is_not_this_machine_is_told_once(world):
    file = world.folder / "elsewhere.yaml"
    delivered = (ROOT / "config.yaml").read_text(encoding="utf-8")
    file.write_text(delivered.replace("host: 127.0.0.1", "host: 192.0.2.1"), encoding="utf-8")
    code, lines = await doctor(world, "--config", str(file))

    assert code == 1
    [line] = ill(lines)
    assert line.startswith(f"port 192.0.2.1:{world.http_port} cannot be used: ")


@pytest.mark.parametrize(
    ("url", "mark"), [("https://muster.example.com", "✓"), ("http://muster.example.com", "✗"), (None, "–")]
)
async def test_a_public_address_has_to_be_https(world, url, mark):
    world.changed = {"MUSTER_PUBLIC_URL": url}
    code, lines = await doctor(world)

    assert code == (1 if mark == "✗" else 0)
    assert [line.split()[0] for line in lines_of(lines, mark)].count("MUSTER_PUBLIC_URL") == 1


async def test_a_database_that_nobody_can_open_and_one_that_a_newer_muster_wrote_are_told(world):
    await world.boot()
    await world.stop()
    with closing(sqlite3.connect(world.folder / "muster.db")) as database:
        database.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')")
        database.commit()
    code, lines = await doctor(world)
    assert code == 1
    assert ill(lines) == ["database is newer than this Muster (9999_later). Install the version that wrote it"]

    (world.folder / "muster.db").write_text("no database at all, but long enough to have a head" * 40)
    code, lines = await doctor(world)
    assert code == 1
    assert ill(lines) == ["database cannot be used: file is not a database"]


async def test_without_any_token_everything_else_is_looked_at(tmp_path):
    environ = {**calm(), "DATABASE_URL": f"sqlite:///{tmp_path}/none.db", "MUSTER_HTTP_PORT": "0"}
    code, lines = await examined(environ, tmp_path)

    assert code == 1
    assert [line.split(". ")[0] for line in ill(lines)] == [
        "SLACK_BOT_TOKEN is not set",
        "SLACK_APP_TOKEN is not set",
    ]
    assert lines_of(lines, "!")[0].startswith("SLACK_INCIDENTS_CHANNEL_ID is not set, so SEV-1, SEV-2 and SEV-3 are")
    assert "Slack not checked: there is no token to ask with" in lines_of(lines, "–")
    assert lines[-1] == "2 things to mend; 1 warning; 1 not checked."


async def test_a_configuration_that_cannot_be_used_is_what_has_to_be_mended(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("severity: {}\npeople: {ana: {name: Ana, slack: '@ana'}}\n")
    code, lines = await examined(calm(), tmp_path, "--config", str(file))

    assert code == 1
    assert len(ill(lines)) >= 3
    assert all(line.startswith("config.yaml ") for line in ill(lines))


async def test_for_machines_the_same_is_json(world):
    world.sandbox.faults.add("plane", "refuse_token")
    code, lines = await doctor(world, "--json")
    told = json.loads("\n".join(lines))

    assert code == 1
    assert told["well"] is False
    assert told["summary"] == "1 thing to mend; 2 not checked."
    assert [each["subject"] for each in told["checks"] if each["verdict"] == "ill"] == ["Plane"]
    assert {each["verdict"] for each in told["checks"]} == {"well", "off", "not_checked", "ill"}
