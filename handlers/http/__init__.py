"""The way in over HTTP: parse, use case, answer."""
