"""PagerDuty's incidents, people and policies as the JSON of its REST API. It decides nothing."""

from datetime import UTC

from sandbox.vendors.pagerduty_account import POLICIES, PRIORITIES, TEAM, USERS, email


class Shapes:
    """Of one account."""

    def __init__(self, account):
        self._account = account

    def incident(self, alert):
        account, own = self._account, self._account.incident(alert)
        resolved = alert.status == "resolved"
        since = alert.history[-1]
        return own | {
            "type": "incident", "summary": f"[#{alert.number}] {alert.title}", "incident_number": alert.number,
            "title": alert.title, "created_at": alert.created_at, "updated_at": alert.updated_at,
            "status": alert.status, "incident_key": alert.dedup_key, "service": account.service(alert.service),
            "assignments": [] if resolved else [
                {"at": alert.created_at, "assignee": account.user(user)} for user in alert.assignees
            ],
            "assigned_via": "escalation_policy", "last_status_change_at": since["at"],
            "last_status_change_by": account.agent(since["by"]) or account.service(alert.service),
            "resolved_at": since["at"] if resolved else None, "alert_counts": _counts(alert), "is_mergeable": True,
            "incident_type": {"name": "incident_default"}, "escalation_policy": account.policy(alert.policy),
            "teams": [account.reference("team", *TEAM)], "pending_actions": [],
            "acknowledgements": [
                {"at": each["at"], "acknowledger": account.agent(each["by"]) or account.service(alert.service)}
                for each in alert.acknowledgements
            ],
            "priority": alert.priority and account.reference("priority", alert.priority, PRIORITIES[alert.priority]),
            "urgency": alert.urgency, "resolve_reason": None,
        }  # fmt: skip

    def user(self, identifier):
        return self._account.user(identifier) | {
            "type": "user", "name": USERS[identifier], "email": email(identifier), "time_zone": "Etc/UTC",
            "color": "green", "role": "user", "job_title": "Engineer", "teams": [], "contact_methods": [],
            "notification_rules": [], "invitation_sent": False,
        }  # fmt: skip

    def policy(self, identifier):
        name, levels = POLICIES[identifier]
        rules = [
            {
                "id": f"{identifier}R{number}",
                "escalation_delay_in_minutes": 5,
                "targets": [self._target(target) for target in targets],
            }
            for number, targets in enumerate(levels, 1)
        ]
        own = {"type": "escalation_policy", "name": name, "num_loops": 1, "escalation_rules": rules}
        return self._account.policy(identifier) | own | {"services": [], "teams": []}

    def _target(self, target):
        if target in USERS:
            return self._account.user(target)
        return self._account.schedule(target)

    def note(self, note):
        return {
            "id": note["id"], "user": self._account.agent(note["by"]), "content": note["content"],
            "created_at": note["at"], "channel": {"summary": "The PagerDuty website or APIs"},
        }  # fmt: skip

    def on_call(self, entry, included):
        account, schedule = self._account, entry["schedule"]
        named = schedule and account.schedule(schedule)
        return {
            "user": self.user(entry["user"]) if "users" in included else account.user(entry["user"]),
            "schedule": (named | {"type": "schedule"}) if named and "schedules" in included else named,
            "escalation_policy": self.policy(entry["policy"])
            if "escalation_policies" in included
            else account.policy(entry["policy"]),
            "escalation_level": entry["level"],
            "start": entry["start"] and _whole(entry["start"]),
            "end": entry["end"] and _whole(entry["end"]),
        }


def _counts(alert):
    resolved = int(alert.status == "resolved")
    return {"all": 1, "triggered": 1 - resolved, "resolved": resolved}


def _whole(moment) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
