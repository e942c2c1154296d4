"""The way in from Slack: parse, use case, answer."""
