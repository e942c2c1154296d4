"""The answer to a key and to a reply: which words say what came of it. It decides nothing."""

from domain import heard
from domain.heard import Heard
from views import sms, twiml


def spoken(answer: Heard, again: str | None) -> str:
    """TwiML. `again` is where the next key goes; None: no more keys are taken."""
    incident = answer.incident
    if incident is None:
        return twiml.unknown_incident()
    match answer.what:
        case heard.ACKNOWLEDGED:
            return twiml.acknowledged(incident, answer.others)
        case heard.TAKEN:
            return twiml.already_acknowledged(incident, _first(answer), answer.others)
        case heard.ESCALATED | heard.ESCALATED_BEFORE:
            return twiml.escalated(incident, answer.names, answer.what == heard.ESCALATED_BEFORE)
        case heard.REPEAT:
            return twiml.call(incident, again)
        case heard.WRONG:
            return twiml.unknown_key(incident, again) if again else twiml.no_more_keys()
        case _:
            return twiml.over(incident, answer.others)


def texted(answer: Heard) -> str:
    """The body of an SMS."""
    incident = answer.incident
    if incident is None:
        return sms.not_understood(answer.waiting)
    match answer.what:
        case heard.ACKNOWLEDGED:
            return sms.acknowledged(incident)
        case heard.TAKEN:
            return sms.already_acknowledged(incident, _first(answer))
        case heard.ESCALATED | heard.ESCALATED_BEFORE:
            return sms.escalated(incident, answer.names, answer.what == heard.ESCALATED_BEFORE)
        case _:
            return sms.over(incident)


def _first(answer: Heard) -> str:
    return answer.names[0] if answer.names else "somebody else"
