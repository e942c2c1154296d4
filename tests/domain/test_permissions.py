"""Who may do what is judged by what would change, whoever asks and by whatever verb."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain import asking, decisions, grammar, permissions, speaker, trials
from domain.decision import MUSTER, Decision, Effect, Entry
from domain.errors import Refused
from domain.grants import CLOSE, DECLARE, LOOK, OVERRIDE, PAGE, PUBLISH, RESPOND, SEE_PRIVATE, SEVERITY, Permissions
from domain.incidents import CLOSED, RESOLVED, Incident
from domain.policy import Policy
from domain.record import Record, Ref
from domain.speaker import FULL, GUEST, STRANGER, UNKNOWN, Speaker
from service import config
from tests.policies import EVERY_VENDOR, policy
from tests.world import ROOT

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
POLICY = policy()
ANA, BEN, DANA = "U0001", "U0002", "U0004"


def given(**permissions_of):
    settings = config.load(ROOT / "config.yaml", EVERY_VENDOR)
    return Policy(settings.model_copy(update={"permissions": Permissions(**permissions_of)}))


def record(*entries, **changes):
    incident = Incident(**{"title": "db down", "severity": "SEV-1", "reporter": ANA, "detected_at": NOW, "number": 42,
                           "commander": ANA, **changes})  # fmt: skip
    return Record(incident, "muster-1a2b3c4d-42", timeline=entries)


def refusal(policy, who, need, about=None):
    """The sentence, or nothing where they may."""
    try:
        permissions.must(policy, who, (need,), about)
    except Refused as refused:
        return refused.text
    return ""


def by(who=DANA, standing=FULL, **more):
    return Speaker(who, speaker.COMMAND, standing=standing, **more)


OPEN, OVER = record(), record(status=RESOLVED, resolved_at=NOW)


@pytest.mark.parametrize(
    ("before", "decision", "needed"),
    [
        (None, decisions.declare(replace(OPEN.incident, number=0), POLICY, NOW), (DECLARE,)),
        (None, trials.begin(trials.draft(ANA, POLICY, NOW), POLICY, NOW)[0], ()),
        (OPEN, Decision(OPEN.incident), ()),
        (OPEN, decisions.acknowledge(OPEN, POLICY, BEN, "button", NOW), (RESPOND,)),
        (OPEN, decisions.update(OPEN, POLICY, BEN, "rolling back", NOW), (RESPOND,)),
        (OPEN, decisions.resolve(OPEN, POLICY, BEN, "restarted", NOW), (RESPOND,)),
        (OPEN, asking.join(OPEN, POLICY, BEN), (RESPOND,)),
        (OPEN, asking.escalate(OPEN, POLICY, BEN, "command", NOW), (PAGE,)),
        (OPEN, asking.escalate(OPEN, POLICY, BEN, "button", NOW, cannot=True), (RESPOND,)),
        (OPEN, asking.page(OPEN, POLICY, asking.Wanted((BEN,)), ANA, "", NOW), (PAGE,)),
        (OPEN, decisions.publish_status(OPEN, POLICY, BEN), (PUBLISH,)),
        (OPEN, Decision(OPEN.incident, (Entry("update", BEN, {"text": "we know"}, public=True),)), (PUBLISH,)),
        (OPEN, Decision(OPEN.incident, effects=(Effect("statuspage", "update_status", "status", {"body": "hi"}),)),
         (PUBLISH,)),
        (OVER, decisions.close(OVER, POLICY, BEN, NOW), (CLOSE,)),
        (OVER, decisions.reopen(OVER, POLICY, BEN, "", NOW), (RESPOND,)),
        (OPEN, Decision(replace(OPEN.incident, severity="SEV-3")), (SEVERITY,)),
        (OPEN, Decision(replace(OPEN.incident, severity="SEV-3", status=CLOSED)), (SEVERITY, CLOSE)),
        (record(private=True), Decision(OPEN.incident), (PUBLISH,)),
        (OPEN, Decision(OPEN.incident, (Entry("never heard of", BEN),)), (RESPOND,)),
    ],
)  # fmt: skip
def test_what_must_be_allowed_is_read_from_what_would_change(before, decision, needed):
    assert permissions.needs(before, decision, POLICY) == needed


def test_what_a_status_publishes_in_the_templates_words_is_nobodys_word():
    shown = replace(OPEN, refs=(Ref("status_incident", "1", "statuspage"),))
    decision = decisions.set_status(shown, POLICY, BEN, "identified", "typed", NOW)

    assert any(effect.kind == "update_status" for effect in decision.effects)
    assert permissions.needs(shown, decision, POLICY) == (RESPOND,)


DELIVERED = {
    **dict.fromkeys((LOOK, DECLARE, RESPOND, SEVERITY, PAGE, CLOSE, OVERRIDE), (True, False, False)),
    **dict.fromkeys((PUBLISH, SEE_PRIVATE), (False, False, False)),
}


@pytest.mark.parametrize("need", DELIVERED)
def test_as_delivered_members_may_do_all_that_can_be_taken_back_and_nobody_else_anything(need):
    may = tuple(not refusal(POLICY, by(standing=each), need, OPEN) for each in (FULL, GUEST, STRANGER))
    assert may == DELIVERED[need]


@pytest.mark.parametrize("need", DELIVERED)
def test_while_slack_does_not_say_who_somebody_is_only_what_is_public_or_takes_away_must_wait(need):
    waits = need in (PUBLISH, CLOSE, OVERRIDE, SEE_PRIVATE)
    assert bool(refusal(POLICY, by(standing=UNKNOWN), need, OPEN)) == waits
    assert ("Slack does not say who you are" in refusal(POLICY, by(standing=UNKNOWN), need, OPEN)) == waits


def test_who_takes_part_may_publish_and_nobody_else():
    paged = record(Entry("page", MUSTER, {"step": "page", "people": [BEN]}))
    assert refusal(POLICY, by(ANA), PUBLISH, paged) == refusal(POLICY, by(BEN), PUBLISH, paged) == ""
    assert refusal(POLICY, by(DANA), PUBLISH, paged) == (
        "You may not write to the public: that is for the commander of INC-42 and those who take part in INC-42. "
        "Ask Ana."
    )


def test_a_commander_alone_may_be_asked_for():
    only = given(close=["commander"])
    assert refusal(only, by(ANA), CLOSE, OPEN) == ""
    assert "that is for the commander of INC-42. Ask Ana." in refusal(only, by(BEN), CLOSE, OPEN)
    assert "You are a guest" in refusal(only, by(ANA, GUEST), CLOSE, OPEN)


def test_an_id_and_a_group_let_in_whoever_they_name_also_a_guest():
    named = given(declare=["U0009"], respond=["S0DBA"])
    assert refusal(named, by("U0009", GUEST), DECLARE) == ""
    assert refusal(named, by(DANA, GUEST, groups=frozenset({"S0DBA"})), RESPOND, OPEN) == ""
    assert refusal(named, by(DANA), DECLARE) != ""
    permissions.must_enter(named, by("U0009", GUEST))
    with pytest.raises(Refused):
        permissions.must_enter(named, by(DANA, GUEST))


def test_a_group_whose_people_slack_has_not_told_keeps_nobody_from_an_incident():
    named = given(respond=["S0DBA"], publish=["S0DBA"])
    unsure = by(DANA, unsure=frozenset({"S0DBA"}))
    assert refusal(named, unsure, RESPOND, OPEN) == ""
    assert "Slack does not say who you are" in refusal(named, unsure, PUBLISH, OPEN)
    assert "that is for a user group" in refusal(named, by(DANA), RESPOND, OPEN)


@pytest.mark.parametrize("standing", [FULL, GUEST, STRANGER, UNKNOWN])
def test_whoever_was_paged_can_answer_whatever_is_configured(standing):
    strict = given(respond=["U0BOSS"])
    paged = record(Entry("page", MUSTER, {"step": "asked", "people": [DANA]}))
    assert refusal(strict, by(DANA, standing), RESPOND, paged) == ""
    assert refusal(strict, by(DANA, standing), RESPOND, OPEN) != ""


def test_what_was_done_on_the_phone_or_by_hand_is_told_and_not_asked():
    nobody = given(respond=["U0BOSS"], close=[])
    assert refusal(nobody, by(DANA, told=True), CLOSE, OPEN) == ""
    assert refusal(nobody, None, CLOSE, OPEN) == ""


PERMISSIONS = {
    "Start": DECLARE,
    "Page": PAGE,
    "Escalate": PAGE,
    "Close": CLOSE,
    "Severity": SEVERITY,
    "Override": OVERRIDE,
    "CancelOverride": OVERRIDE,
    **dict.fromkeys(
        ("Status", "List", "Show", "Explain", "Runbook", "TestPage", "Help", "OnCall", "Overrides", "Roles"), LOOK
    ),
    **dict.fromkeys(("Timeline", "Catchup", "Action", "Mine"), LOOK),
    **dict.fromkeys(("Note", "Correct"), RESPOND),
    **dict.fromkeys(("Merge", "Duplicate", "FalseAlarm", "Undo"), RESPOND),
    **dict.fromkeys(("Update", "Ack", "Resolve", "Reopen", "Handover", "Checklist"), RESPOND),
    **dict.fromkeys(("Role", "Snooze", "Stable", "Services", "Impact", "Private", "Invite", "Link", "Unlink"), RESPOND),
}
"""Every command. One that names none has `respond`; what it would change is judged besides."""


def commands(of=grammar.Command):
    for each in of.__subclasses__():
        yield from commands(each)
        if each.__name__ != "About" and not each.__subclasses__():
            yield each


def test_every_command_has_the_permission_that_is_meant_for_it():
    assert {each.__name__: each.permission for each in commands()} == PERMISSIONS
