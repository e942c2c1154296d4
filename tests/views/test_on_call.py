"""Who is on call and who stands in, as it is read."""

from domain.overrides import Override
from domain.pager import OnCall, Who
from domain.rotations import Shift
from service.on_call import Duty
from service.rosters import Rostered, Watch
from tests.views.reading import buttons, labels
from tests.views.samples import START, after
from views import on_call
from views.times import slack_date

PEOPLE = {"ana": "U0001", "ben": "U0002", "chris": "U0003"}
FROM, TO = START, after(hours=4)
OVERRIDE = Override("primary", "ben", FROM, TO, "U0001", 12)


def test_on_call_says_now_until_when_and_who_is_next():
    duty = Duty("primary", Shift("ana", START, TO), Shift("ben", TO, after(hours=9)), None)
    assert on_call.on_call([duty], PEOPLE)["text"] == (
        f"*primary*: <@U0001> until {slack_date(TO)}, then <@U0002> until {slack_date(after(hours=9))}"
    )


def test_the_pagers_vendors_say_who_answers_there_or_why_they_do_not():
    ana = Watch("U0001", OnCall(Who("Ana"), 1, policy="Default", until=TO))
    eve = Watch("Eve", OnCall(Who("Eve"), 2, "Backup", "Default"))
    vendors = [Rostered("pagerduty", (ana, eve)), Rostered("opsgenie", problem="no answer within 1.5 s")]
    assert on_call.on_call([], PEOPLE, vendors)["text"].splitlines()[1:] == [
        f"PagerDuty *Default* level 1: <@U0001> until {slack_date(TO)}",
        "PagerDuty *Default, Backup* level 2: Eve",
        "Opsgenie cannot be asked who is on call: no answer within 1.5 s.",
    ]
    [_, empty] = on_call.on_call([], PEOPLE, [Rostered("opsgenie")])["text"].splitlines()
    assert empty == "Opsgenie: *nobody* is on call."


def test_a_gap_an_override_and_a_change_that_is_not_in_sight_are_said():
    duties = [
        Duty("primary", Shift(None, START, TO), Shift("ben", TO, None), None),
        Duty("second", Shift("ben", FROM, TO), Shift(None, TO, None), OVERRIDE),
        Duty("third", Shift("ana", None, None), None, None),
    ]
    assert on_call.on_call(duties, PEOPLE)["text"].splitlines() == [
        f"*primary*: *nobody* until {slack_date(TO)}, then <@U0002>",
        f"*second*: <@U0002> (override 12) until {slack_date(TO)}, then *nobody*",
        "*third*: <@U0001>, with no change in sight",
    ]


def test_whoever_stands_in_is_said_with_those_who_are_relieved_and_a_way_back():
    told = on_call.stood_in(OVERRIDE, (), ("ana", None, "ben"), PEOPLE)
    assert told["text"] == (
        f"<@U0002> is on call on *primary* from {slack_date(FROM)} until {slack_date(TO)}, instead of <@U0001>. "
        "Nobody would have been, for some of that time."
    )
    assert labels(told) == ["Undo"]
    assert buttons(told)["cancel_override"]["value"] == "12"


def test_an_override_by_whom_it_would_have_been_anyway_says_so():
    assert on_call.stood_in(OVERRIDE, (), ("ben",), PEOPLE)["text"].endswith("It would have been their turn anyway.")


def test_what_a_cancellation_did_is_said():
    later, none = after(hours=1), PEOPLE
    assert on_call.cancelled(OVERRIDE, True, later, none)["text"].endswith(" ends now.")
    assert on_call.cancelled(OVERRIDE, True, after(hours=-1), none)["text"].endswith(" is cancelled.")
    assert on_call.cancelled(OVERRIDE, False, later, none)["text"].endswith(
        " is over or cancelled already: nothing changed."
    )
