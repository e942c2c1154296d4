"""Twilio's error codes in words: why a call or a text was refused, or reached nobody."""

WHY = {
    11200: "Twilio could not reach Muster's public address",
    13223: "their number is not valid",
    13224: "their number does not exist",
    13225: "calls to that number are forbidden",
    20003: "Twilio does not accept TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
    20404: "Twilio knows no such account or call",
    20429: "Twilio has too many requests at once",
    21201: "no number was given",
    21211: "their number is not valid",
    21214: "their number cannot be reached",
    21215: "the Twilio account may not call that country",
    21219: "a trial account reaches verified numbers only",
    21220: "the call was over already",
    21408: "the Twilio account may not text that country",
    21608: "a trial account reaches verified numbers only",
    21610: "they replied STOP to an earlier text",
    21612: "Twilio has no way to text that number",
    21614: "their number cannot receive texts",
    30001: "Twilio's queue is full",
    30002: "the Twilio account is suspended",
    30003: "their phone is off or out of reach",
    30004: "the text was blocked",
    30005: "their number is unknown to its network",
    30006: "their number is a landline, or its network cannot be reached",
    30007: "the carrier took the text for spam",
    30008: "the carrier gave no reason",
    30032: "the toll-free number is not verified",
    30034: "the number is not registered for texts to the United States",
}
OUR_NUMBER = (21210, 21212, 21606, 21659, 21660)
"""What Twilio has against the number that calls."""


def reason(code: int) -> str:
    """In words with the number, so that it can be looked up; an unknown one by number alone, none as nothing."""
    if not code:
        return ""
    return f"{WHY[code]}, Twilio {code}" if code in WHY else f"Twilio error {code}"
