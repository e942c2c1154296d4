"""The delivered configuration with every vendor on, as the rules and use cases ask for it."""

from domain.policy import Policy
from service import config
from tests.world import ROOT

EVERY_VENDOR = {
    "SLACK_BOT_TOKEN": "xoxb-invented",
    "SLACK_APP_TOKEN": "xapp-invented",
    "SLACK_INCIDENTS_CHANNEL_ID": "C0INCIDENTS",
    "PAGERDUTY_INTEGRATION_KEY": "invented",
    "PAGERDUTY_WEBHOOK_SECRET": "invented",
    "TWILIO_ACCOUNT_SID": "ACinvented",
    "TWILIO_AUTH_TOKEN": "invented",
    "TWILIO_PHONE_NUMBER": "+15550009999",
    "PLANE_API_KEY": "invented",
    "PLANE_PROJECT_ID": "invented",
    "PLANE_WORKSPACE": "invented",
    "STATUSPAGE_PAGE_ID": "invented",
    "STATUSPAGE_API_KEY": "invented",
}


def policy(*off: str, **changed: str) -> Policy:
    """`off` switches vendors off by the beginning of their variables: "PAGERDUTY", "TWILIO"."""
    environ = {name: value for name, value in EVERY_VENDOR.items() if not name.startswith(off)} if off else EVERY_VENDOR
    return Policy(config.load(ROOT / "config.yaml", {**environ, **changed}))
