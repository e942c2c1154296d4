"""The way in: parse, use case, answer."""
