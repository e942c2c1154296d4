"""What a phone says and shows, as files to read: TwiML and SMS."""

from dataclasses import replace

from domain import heard
from domain.heard import Heard
from tests.views.samples import DECLARED
from views import sms, twiml
from views.heard import spoken, texted

URL = "https://muster.example.com/callbacks/twilio/gather?incident=42&person=ana&ring=7"
HOSTILE = 'db <down> & "out" \N{FIRE}\N{VARIATION SELECTOR-16}\x07 of the second region of the shop in Zürich – ' * 8
ODD = replace(DECLARED, title=HOSTILE)
TEST = replace(DECLARED, title="Test page", test=True)
BEN = ("Ben",)


def test_the_calls(golden):
    lines = [
        twiml.call(DECLARED, URL),
        twiml.call(DECLARED, None),
        twiml.call(ODD, URL),
        twiml.call(TEST, URL),
        twiml.unknown_key(DECLARED, URL),
        twiml.no_more_keys(),
        twiml.in_trouble(),
        twiml.unknown_incident(),
        twiml.texts("INC-42 is yours."),
    ]
    golden("calls.xml", "\n".join(lines) + "\n")


def test_the_texts(golden):
    room = "https://example.slack.com/archives/C0042"
    lines = [
        sms.page(DECLARED, room),
        sms.page(ODD, room),
        sms.page(DECLARED, room, " And 19 more: see Slack"),
        sms.page(TEST),
        sms.not_understood([DECLARED, ODD]),
        sms.in_trouble(),
    ]
    golden("texts.txt", "\n".join(lines) + "\n")


def test_the_answers_to_keys_and_replies(golden):
    answers = [
        Heard(heard.ACKNOWLEDGED, DECLARED),
        Heard(heard.ACKNOWLEDGED, DECLARED, others=19),
        Heard(heard.ACKNOWLEDGED, TEST),
        Heard(heard.TAKEN, DECLARED, BEN),
        Heard(heard.TAKEN, DECLARED, BEN, others=1),
        Heard(heard.ESCALATED, DECLARED, BEN),
        Heard(heard.ESCALATED, DECLARED, ()),
        Heard(heard.ESCALATED_BEFORE, DECLARED, BEN),
        Heard(heard.OVER, replace(DECLARED, status="resolved")),
        Heard(heard.REPEAT, DECLARED),
        Heard(heard.WRONG, DECLARED),
    ]
    by_key_alone = (heard.REPEAT, heard.WRONG)
    lines = [
        f"{each.what}\n  {spoken(each, URL)}\n  {'' if each.what in by_key_alone else texted(each)}".rstrip()
        for each in answers
    ]
    golden("phone-answers.txt", "\n".join(lines) + "\n")
