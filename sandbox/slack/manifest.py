"""What the app's manifest grants and subscribes. Without a manifest everything is granted."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .methods import METHODS

EXTRA_SCOPES = ("commands", "chat:write.public", "users:read.email", "im:write", "im:history", "im:read")
ROOT = Path(__file__).parents[2]
MESSAGE_KINDS = {"public": "message.channels", "private": "message.groups", "im": "message.im"}


@dataclass(frozen=True)
class Manifest:
    """None in place of a set: all of them."""

    scopes: frozenset
    events: frozenset | None = None
    commands: frozenset | None = None
    shortcuts: frozenset | None = None
    home: bool = True
    told: dict = field(default_factory=dict)  # slash_commands and shortcuts, as Slack's menus word them

    @classmethod
    def everything(cls):
        granted = {scope for method in METHODS.values() for scope in method.scopes}
        return cls(frozenset(granted.union(EXTRA_SCOPES)))

    @classmethod
    def of(cls, document):
        """From the manifest as Slack takes it."""
        features, settings = document.get("features", {}), document.get("settings", {})
        return cls(
            scopes=frozenset(document["oauth_config"]["scopes"]["bot"]),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            commands=frozenset(c["command"] for c in features.get("slash_commands", ())),
            shortcuts=frozenset(s["callback_id"] for s in features.get("shortcuts", ())),
            home=bool(features.get("app_home", {}).get("home_tab_enabled")),
            told={name: features.get(name, []) for name in ("slash_commands", "shortcuts")},
        )

    @classmethod
    def load(cls, path=None):
        path = Path(path) if path else ROOT / "manifest.yaml"
        return cls.of(yaml.safe_load(path.read_text())) if path.exists() else cls.everything()

    def wants(self, event, channel):
        if self.events is None:
            return True
        kind = MESSAGE_KINDS[channel.kind] if event["type"] == "message" else event["type"]
        return kind in self.events
