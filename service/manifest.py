"""What manifest.yaml asks Slack for. It is read as text too, because the reasons stand there as comments."""

import re
from pathlib import Path

import yaml

REASON = re.compile(r"^\s*- ([a-z:._]+)\s+# (.+)$", re.MULTILINE)


def has_home(path: Path) -> bool | None:
    """Whether App Home is on and Slack tells of its openings; None where the file cannot be read."""
    try:
        asked = yaml.safe_load(path.read_text(encoding="utf-8"))
        tab = asked["features"].get("app_home", {}).get("home_tab_enabled")
        events = asked["settings"]["event_subscriptions"]["bot_events"]
    except (OSError, ValueError, yaml.YAMLError, LookupError, TypeError, AttributeError):
        return None
    return bool(tab) and "app_home_opened" in events


def scopes(path: Path) -> dict[str, str]:
    """The bot's scopes, each with its reason ("" where none is given); none where the file cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        asked = yaml.safe_load(text)["oauth_config"]["scopes"]["bot"]
    except (OSError, ValueError, yaml.YAMLError, LookupError, TypeError):
        return {}
    reasons = dict(REASON.findall(text))
    return {scope: reasons.get(scope, "") for scope in map(str, asked)}
