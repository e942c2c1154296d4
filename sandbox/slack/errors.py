"""Slack's way of saying no: HTTP 200, ok false and a code."""


class SlackError(Exception):
    def __init__(self, code, **fields):
        super().__init__(code)
        self.code = code
        self.body = {"ok": False, "error": code, **fields}


def invalid_arguments(*problems, code="invalid_arguments", **fields):
    messages = [f"[ERROR] {problem}" for problem in problems]
    return SlackError(code, **fields, response_metadata={"messages": messages})
