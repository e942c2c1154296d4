"""What is wrong with people's telephone lines: refused at once, failing later, opted out. It rings nobody."""

from sandbox.vendors.base import impossible

CALL_ERRORS = {13223: "Invalid phone number format", 13224: "Invalid phone number", 13225: "Forbidden phone number"}
TEXT_ERRORS = {
    30003: "Unreachable destination handset", 30004: "Message blocked", 30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier", 30007: "Message filtered", 30008: "Unknown error",
}  # fmt: skip
REFUSALS = {
    21211: "Invalid 'To' Phone Number", 21214: "'To' phone number cannot be reached",
    21215: "Account not authorized to call this number", 21219: "'To' phone number not verified",
    21608: "The 'To' phone number is unverified", 21610: "Attempt to send to unsubscribed recipient",
}  # fmt: skip
CALL_ENDS = ("busy", "no-answer", "failed", "voicemail")
TEXT_ENDS = ("delivered", "sent", "undelivered", "failed")
STOP, START = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"), ("START", "YES", "UNSTOP")


class Lines:
    """By number: how each call and each text to it ends by itself, and with which code a request is refused."""

    def __init__(self):
        self.calls: dict[str, tuple[str, int]] = {}
        self.texts: dict[str, tuple[str, int]] = {}
        self.refused: dict[str, int] = {}
        self.stopped: set[str] = set()

    def spoil(self, number, calls=None, texts=None, refuse=None, code=None) -> dict:
        """From now on; `code` is Twilio's reason for what fails."""
        if calls not in (None, *CALL_ENDS) or texts not in (None, *TEXT_ENDS):
            return impossible(f"calls end as {', '.join(CALL_ENDS)}; texts as {', '.join(TEXT_ENDS)}")
        if refuse is not None and int(refuse) not in REFUSALS:
            return impossible(f"Twilio refuses with {', '.join(map(str, REFUSALS))}")
        if calls:
            self.calls[number] = (calls, int(code or 13224) if calls == "failed" else 0)
        if texts:
            self.texts[number] = (texts, int(code or 30003) if texts in ("undelivered", "failed") else 0)
        if refuse:
            self.refused[number] = int(refuse)
        return {"ok": True}

    def spoiled(self, number) -> bool:
        return any(number in wrong for wrong in (self.calls, self.texts, self.refused, self.stopped))

    def mend(self, number) -> dict:
        """Everything reaches the number again."""
        for wrong in (self.calls, self.texts, self.refused):
            wrong.pop(number, None)
        self.stopped.discard(number)
        return {"ok": True}

    def refusal(self, number, texting) -> tuple[int, str] | None:
        """The code and the words with which Twilio refuses the request, if it does."""
        code = self.refused.get(number, 21610 if texting and number in self.stopped else None)
        return None if code is None else (code, f"{REFUSALS[code]}: {number}")

    def heed(self, number, text) -> None:
        """Who writes STOP is sent no more texts, until START."""
        word = text.strip().upper()
        if word in STOP:
            self.stopped.add(number)
        elif word in START:
            self.stopped.discard(number)
