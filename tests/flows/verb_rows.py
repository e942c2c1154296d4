"""The table of verbs: what is typed, about an incident in which state, and what is answered. A verb of help without a
row fails tests/flows/test_verbs.py, whose tests are the columns."""

from dataclasses import dataclass

from domain.verbs import verb_named
from tests.flows.asking import OPEN, RESOLVED


@dataclass(frozen=True)
class About:
    """A verb about an incident. `{id}` names it, `{key}` is its key, `{other}` that of another open one; `closed` is
    what is said of a closed one, nothing where a form opens. `buttons` are its own, each with what it carries behind
    an equals sign, `{n}` the incident's number, which is what is carried where there is none."""

    typed: str
    answer: str
    closed: str
    of: str = OPEN
    buttons: str = ""

    def text(self, id, other=""):
        """What is typed with the incident named so, or not at all."""
        return " ".join(self.typed.format(id=id, other=other).split())

    @property
    def verb(self):
        return verb_named(self.typed.split()[0])


ABOUT = {
    "ack": About(
        "ack {id}", "You are on it: *{key}*", "is closed: there is nothing to acknowledge", buttons="acknowledge"
    ),
    "escalate": About(
        "escalate {id} it is the database",
        "*{key}* Paging <@U",
        "is closed: nobody needs to be paged",
        buttons="escalate cannot={n}:0:1",
    ),
    "page": About(
        "page {id} @ben", "Paging <@U0002> for *{key}*", "`/incident reopen {key}` opens it again", buttons="join"
    ),
    "update": About(
        "update {id} rolling back",
        "Update posted to *{key}*",
        "`/incident reopen {key}` opens it again",
        buttons="add_update add_public_update",
    ),
    "status": About("status {id}", "*{key}* is *investigating*", "*{key}* is *closed*"),
    "set status": About(
        "status {id} identified a full disk", "*{key}* is *identified*", "`/incident reopen {key}` opens it again"
    ),
    "resolve": About(
        "resolve {id} restarted it", "*{key}* is resolved", "{key} is closed already", buttons="resolve_open"
    ),
    "stable": About(
        "stable {id}",
        "Noted: *{key}* is stable",
        "{key} is closed: whether it stays well",
        of=RESOLVED,
        buttons="stable",
    ),
    "close": About(
        "close {id} yes", "*{key}* is closed", "{key} is closed already", of=RESOLVED, buttons="close close_sure"
    ),
    "reopen": About(
        "reopen {id} it is back",
        "*{key}* is open again and investigating",
        "*{key}* is open again",
        of=RESOLVED,
        buttons="reopen",
    ),
    "merge": About(
        "merge {id} {other}",
        "*Merge {key} into {other}?*",
        "{key} is closed already",
        buttons="merge={n}:1 pick_into:merge:{n}=1 keep_apart",
    ),
    "duplicate": About(
        "duplicate {id} {other}",
        "*End {key} as a duplicate of {other}?*",
        "{key} is closed already",
        buttons="end_duplicate={n}:1",
    ),
    "false-alarm": About(
        "false-alarm {id} the probe broke", "*{key}* ended as a false alarm", "{key} is closed already"
    ),
    "severity": About(
        "severity {id} SEV-4", "{key}", "`/incident reopen {key}` opens it again", buttons="more=severity:{n}"
    ),
    "services": About(
        "services {id} api=degraded",
        "*{key}* affects API",
        "`/incident reopen {key}` opens it again",
        buttons="change_services",
    ),
    "impact": About(
        "impact {id} every checkout fails", "The impact of *{key}*", "`/incident reopen {key}` opens it again"
    ),
    "invite": About("invite {id} @ben", "{key}", "{key} has no open war room to invite anybody to"),
    "link": About(
        "link {id} https://grafana.example.com/d/1",
        "is kept with *{key}*",
        "`/incident reopen {key}` opens it again",
        buttons="remove_link={n}:1",
    ),
    "private": About("private {id}", "*Make {key} private?*", "{key}", buttons="make_private"),
    "note": About(
        "note {id} the replica was behind", "Noted in the timeline of *{key}*.", "Noted in the timeline of *{key}*."
    ),
    "correct": About("correct {id}", "Nothing was written that could be corrected.", "", buttons="correct"),
    "timeline": About(
        "timeline {id}",
        "*Timeline of {key}",
        "changed the status to closed",
        buttons="timeline_earlier={n}:1 timeline_later={n}:0",
    ),
    "catchup": About("catchup {id}", "*investigating* · since", "*closed* · since", buttons="catch_up"),
    "action": About(
        "action {id} alert at 80 %",
        "Action item of *{key}* for <@U000",
        "Action item of *{key}*",
        buttons="new_action action_done=1 action_reopen=1 edit_listed=1 due_done=1 due_reopen=1 edit_due=1",
    ),
    "role": About(
        "role {id} tech",
        "You are *Technical lead* of *{key}*",
        "{key} is closed, and its roles with it",
        buttons="take_role:tech={n}: leave_role:tech give_role:{n}:tech",
    ),
    "roles": About("roles {id}", "*Roles of {key}", "*Roles of {key}", buttons="roles"),
    "snooze": About(
        "snooze {id} 1h",
        "The reminders of *{key}* are quiet until",
        "{key} is closed: nothing reminds anybody of it",
        buttons="snooze snooze_off",
    ),
    "show": About("show {id}", "{key} slow", "Status: closed", buttons="view_issue"),
    "explain": About("explain {id}", "{key}", "{key}", buttons="retry={n}:1"),
    "checklist": About("checklist {id} triage", "*Triage*", "*Triage*", buttons="tick pick_checklist:{n}=triage"),
}

ELSEWHERE = {
    'start SEV-4 "logo {n} is blurred"': "declared: SEV-4 low, logo {n} is blurred. Nobody is paged.",
    "start SEV–4 “logo {n} is crooked”": "declared: SEV-4 low, logo {n} is crooked.",
    "undo": "is withdrawn.",
    "list": "SEV-4 investigating",
    "list all": "SEV-4 investigating",
    "list “SEV-4”": "SEV-4 investigating",
    "list monitoring": "There is no incident that is monitoring.",
    "help": "*What Muster understands*",
    "help all": "*Begin and answer*",
    "help resolve": "`/incident resolve restarted the primary`",
    "runbook disk full": "📖 *Disk full*",
    "runbook": "*Runbooks*",
    "mine": "*Your open incidents*",
    "oncall": "*primary*",
    "override @ben 4h": "<@U0002> is on call on *primary*",
    "handover @ben watch the replica": "<@U0002>",
    "testpage status": "est page",
    "": "*What Muster understands*",
}
"""What is about no incident, or about the one that somebody declared last: what is typed, and what the answer holds;
`{n}` is another number each time."""

ELSEWHERE_BUTTONS = (
    "declare_anyway declare_open triage join_instead undo_declaration runbooks whole_runbook test_page "
    "mine_done=1 mine_reopen=1 edit_mine=1 home_done=1 home_reopen=1 edit_home=1 pick_runbook:{n}=disk-full "
    "cancel_override=1 publish_status decline_status review_draft={n}:C1:1.1 draft_postmortem pick:resolve=1"
)
"""What is pressed for these, or in a form, or to answer a question of Muster's."""

WHILE_ALL_HANGS = {
    "handover @ben watch the replica": "Slack has not taken the message to both of you yet. Tell <@U0002> yourself."
}
"""What waits for Slack by itself says in time what to do instead."""


def buttons_of(number):
    """(action_id, what it carries) of every button and menu, about this incident."""
    for pressed in (*(row.buttons for row in ABOUT.values()), ELSEWHERE_BUTTONS):
        for each in pressed.format(n=number).split():
            action_id, _, value = each.partition("=")
            yield action_id, value or str(number)


def verbs_with_a_row():
    """The verbs that the table knows."""
    return {row.verb for row in ABOUT.values()} | {verb_named((typed or "help").split()[0]) for typed in ELSEWHERE}
