"""What the doctor finds in the workspace: scopes, channels, people, the socket and the tokens."""

from dataclasses import replace

import pytest

from sandbox.slack.objects import BOT_USER
from tests.examined import doctor, ill, lines_of, world
from tests.world import ROOT

__all__ = ["world"]


async def test_missing_scopes_are_named_with_what_they_are_for_and_superfluous_ones_are_said(world):
    granted = world.sandbox.slack.manifest.scopes
    without = granted - {"channels:manage", "commands"} | {"admin"}
    world.sandbox.slack.manifest = replace(world.sandbox.slack.manifest, scopes=without)
    code, lines = await doctor(world)

    assert code == 1
    commands, manage, unregistered = ill(lines)
    assert commands.startswith("scope commands is not granted (wanted to /incident and the shortcuts). Paste manifest")
    assert manage.startswith("scope channels:manage is not granted (wanted to open a war room, set its topic, invite,")
    assert unregistered.startswith("/incident is not registered: the scope commands is missing")
    [superfluous] = lines_of(lines, "!")
    assert superfluous.startswith("scopes are granted that manifest.yaml does not ask for: admin. Take them away")


async def test_channels_in_which_muster_cannot_post_are_told_with_their_place_in_the_configuration(world):
    world.people.archive("#dev-team")
    world.people.remove_bot("#incidents")
    code, lines = await doctor(world)

    assert code == 1
    assert ill(lines) == [
        "#dev-team (C0DEVTEAM) is archived. Unarchive it in Slack, or change severities.SEV-3.announce"
    ]
    assert "#incidents (C0INCIDENTS) Muster is not in it, and may post there, as it is public" in lines_of(lines, "✓")


async def test_a_public_channel_without_muster_needs_the_scope_for_it(world):
    world.people.remove_bot("#incidents")
    manifest = world.sandbox.slack.manifest
    world.sandbox.slack.manifest = replace(manifest, scopes=manifest.scopes - {"chat:write.public"})
    code, lines = await doctor(world)

    assert code == 1
    assert ill(lines)[1] == (
        "#incidents (C0INCIDENTS) Muster is not in it and may not post there. In the channel: /invite @muster"
    )


async def test_a_private_channel_without_muster_and_one_that_never_was_are_not_shown_to_it(world):
    secret = world.workspace.add_channel("secret", "U0001", ("U0001", BOT_USER), kind="private")
    world.changed = {"SLACK_INCIDENTS_CHANNEL_ID": secret.id}
    assert (await doctor(world))[0] == 0

    world.people.remove_bot("#secret")
    code, lines = await doctor(world)
    assert code == 1
    [line] = ill(lines)
    assert line == (
        f"channel {secret.id} Slack shows Muster no such channel. Correct the id in slack.incidents_channel_id; is it "
        "private: /invite @muster there"
    )


async def test_people_who_left_and_people_who_never_were_are_named(world):
    world.workspace.deactivate(world.workspace.user("ben"))
    del world.workspace.users["U0003"]
    code, lines = await doctor(world)

    assert code == 1
    assert ill(lines) == [
        "people.ben Ben's account (U0002) is deactivated in Slack. Take them out of config.yaml",
        "people.chris Slack knows no U0003, who is to be Chris. Copy the member ID again",
    ]
    assert "people Ana is in Slack, and active" in lines_of(lines, "✓")


async def test_guests_are_told_and_user_groups_that_stand_anywhere_in_the_configuration_are_looked_up(world):
    world.workspace.user("ben").guest = True
    [dba] = world.workspace.usergroups
    file = world.folder / "groups.yaml"
    delivered = (ROOT / "config.yaml").read_text(encoding="utf-8")
    place = "    channel: https://support.example.com\n"
    assert place in delivered
    replaced = delivered.replace(place, f"    channel: {dba}\n").replace("name: The cloud's support", "name: S0GONE1")
    file.write_text(replaced, encoding="utf-8")
    code, lines = await doctor(world, "--config", str(file))

    assert code == 1
    [warned] = lines_of(lines, "!")
    assert warned.startswith("people.ben Ben (U0002) is a guest in Slack")
    assert f"@dba ({dba}) Slack knows this user group" in lines_of(lines, "✓")
    [gone] = ill(lines)
    assert gone.startswith("user group S0GONE1 Slack knows no user group of this id. Correct it in contacts.cloud.name")


@pytest.mark.parametrize("trouble", ["unreachable", "hang"])
@pytest.mark.long
async def test_without_slack_the_rest_is_looked_at_and_what_slack_would_know_is_not_checked(world, trouble):
    world.sandbox.faults.add("slack", trouble)
    code, lines = await doctor(world)

    assert code == 1
    assert [line.split()[0] for line in ill(lines)] == ["Slack", "socket"]
    assert [line for line in lines_of(lines, "–") if "Slack" in line] == [
        "/incident not checked: Slack tells no bot its commands. Type /incident help in any channel",
        "channel C0INCIDENTS not checked: Slack does not answer us",
        "channel C0DEVTEAM not checked: Slack does not answer us",
        "people not checked: Slack gave no answer about Ana, Ben and Chris",
        "user groups not checked: Slack does not answer us",
    ]
    assert "Plane accepts our credentials" in lines_of(lines, "✓")


@pytest.mark.long
async def test_a_socket_that_says_no_hello_is_told(world):
    world.sandbox.socket.deaf()
    code, lines = await doctor(world)

    assert code == 1
    assert ill(lines) == ["socket gave no answer within 10 s. Is the way to it open from here?"]


REFUSED = {
    "SLACK_BOT_TOKEN": ("xoxb-wrong", "Slack Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy it again"),
    "SLACK_APP_TOKEN": ("xapp-wrong", "socket Slack refuses SLACK_APP_TOKEN (invalid_auth). It begins with xapp-"),
}


@pytest.mark.parametrize("variable", REFUSED)
async def test_a_token_that_slack_refuses_is_named(world, variable):
    value, words = REFUSED[variable]
    world.changed = {variable: value}
    code, lines = await doctor(world)

    assert code == 1
    [line] = ill(lines)
    assert line.startswith(words)


async def test_tokens_in_each_others_place_are_recognised_without_being_shown(world):
    environ = world.environment()
    world.changed = {
        "SLACK_BOT_TOKEN": environ["SLACK_APP_TOKEN"],
        "SLACK_APP_TOKEN": environ["SLACK_BOT_TOKEN"],
    }
    code, lines = await doctor(world)

    assert code == 1
    bot, app = ill(lines)[:2]
    assert bot.startswith("SLACK_BOT_TOKEN holds an app token. Muster needs one that begins with xoxb-: OAuth & ")
    assert app.startswith("SLACK_APP_TOKEN holds a bot token. Muster needs one that begins with xapp-: Basic ")
