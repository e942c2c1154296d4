"""What people type after /incident becomes the command they meant, or an answer that says what to type instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import grammar, words
from domain.errors import Refused
from domain.grammar import Ack, Close, Explain, Help, List, Reopen, Resolve, Show, Start, Status, Update
from domain.incidents import STATUSES
from domain.verbs import ALIASES, VERBS, verbs

SEVERITIES = ["SEV-1", "SEV-2", "SEV-3", "SEV-4"]
ROOM = 7
TRACKED = {"ROOSE-17": 17}


def parsed(text, room=None, severities=SEVERITIES):
    return grammar.parse(text, severities, room, TRACKED.get)


def refusal(text, room=None, severities=SEVERITIES):
    with pytest.raises(Refused) as refused:
        parsed(text, room, severities)
    return refused.value.text


def table(*cases):
    """Cases whose first value is the sentence that they prove."""
    return [pytest.param(*case[1:], id=case[0]) for case in cases]


ANYWHERE = table(
    ("a severity and a quoted title", 'start SEV-1 "db down"', Start("SEV-1", "db down")),
    ("a severity in small letters", 'start sev-1 "db down"', Start("SEV-1", "db down")),
    ("a severity without its hyphen", 'start sev1 "db down"', Start("SEV-1", "db down")),
    ("a severity with a space", "start SEV 2 db down", Start("SEV-2", "db down")),
    ("a severity in quotes", 'start "SEV 1" db down', Start("SEV-1", "db down")),
    ("a severity and a title both in quotes", 'start "SEV 1" "db down"', Start("SEV-1", "db down")),
    ("a colon after a quoted severity", 'start "SEV 1": db down', Start("SEV-1", "db down")),
    ("a severity by its initial", "start s1 db down", Start("SEV-1", "db down")),
    ("a severity with a phone's dash", "start SEV–1 db down", Start("SEV-1", "db down")),
    ("a colon after the severity is no part of the title", "start SEV-1: db down", Start("SEV-1", "db down")),
    ("a dash after the severity is no part of the title", "start SEV-1 - db down", Start("SEV-1", "db down")),
    ("no space between severity and quote", 'start sev1"db down"', Start("SEV-1", "db down")),
    ("a digit before a quoted title is a severity", 'start 1 "db down"', Start("SEV-1", "db down")),
    ("a digit before a curly-quoted title is a severity", "start 3 “db down”", Start("SEV-3", "db down")),
    (
        "a digit before plain words is part of the title",
        "start 2 of 3 replicas down",
        Start(None, "2 of 3 replicas down"),
    ),
    ("a digit before half a quote is part of the title", 'start 1 "db" down', Start(None, '1 "db" down')),
    ("a severity after the quoted title", 'start "db down" SEV-2', Start("SEV-2", "db down")),
    ("a severity without a title", "start SEV-1", Start("SEV-1", "")),
    ("a quoted severity without a title", 'start "SEV 1"', Start("SEV-1", "")),
    ("a severity with an empty title", 'start SEV-1 ""', Start("SEV-1", "")),
    ("a severity with a title that nobody can see", "start SEV-1 “\u200b \u200d”", Start("SEV-1", "")),
    ("a title without a severity", 'start "db down"', Start(None, "db down")),
    ("a title without quotes", "start db down", Start(None, "db down")),
    ("start alone", "start", Start(None, "")),
    ("a longer number is no severity", "start SEV-1234 db down", Start(None, "SEV-1234 db down")),
    ("a word that goes on is no severity", "start s1mple db down", Start(None, "s1mple db down")),
    ("an unknown initial in a sentence is a title", "start s5 phones explode", Start(None, "s5 phones explode")),
    (
        "a severity inside the title stays there",
        "start SEV-2 like SEV-1 but slower",
        Start("SEV-2", "like SEV-1 but slower"),
    ),
    ("English curly quotes", "start SEV-1 “db down”", Start("SEV-1", "db down")),
    ("German quotes", "start SEV-1 „db down“", Start("SEV-1", "db down")),
    ("reversed quotes", "start SEV-1 ‟db down”", Start("SEV-1", "db down")),
    ("French quotes", "start SEV-1 «db down»", Start("SEV-1", "db down")),
    ("single curly quotes", "start SEV-1 ‘db down’", Start("SEV-1", "db down")),
    ("single quotes around an apostrophe", "start SEV-1 'users can't log in'", Start("SEV-1", "users can't log in")),
    ("an apostrophe inside double quotes", 'start SEV-1 "can’t log in"', Start("SEV-1", "can’t log in")),
    ("an unclosed quote is part of the title", 'start SEV-1 "db down', Start("SEV-1", '"db down')),
    ("an unclosed curly quote is part of the title", "start SEV-1 “db down", Start("SEV-1", "“db down")),
    ("a quoted word in a title keeps its quotes", 'start SEV-1 "db" is down', Start("SEV-1", '"db" is down')),
    ("two quoted words keep their quotes", 'start SEV-1 "a" and "b"', Start("SEV-1", '"a" and "b"')),
    ("an option inside the quotes is part of the title", 'start SEV-1 "rm --force"', Start("SEV-1", "rm --force")),
    ("an option in the middle is part of the title", "start rm --force ran", Start(None, "rm --force ran")),
    ("markup is kept as it was typed", 'start SEV-1 "<!channel> *x*"', Start("SEV-1", "<!channel> *x*")),
    ("a verb in capitals", "START SEV-1 db down", Start("SEV-1", "db down")),
    ("space everywhere", "  start \u00a0 SEV-1 \t db   down ", Start("SEV-1", "db down")),
    ("a line break ends the verb too", "start\nSEV-1\ndb down", Start("SEV-1", "db down")),
    ("declare means start", 'declare SEV-1 "db down"', Start("SEV-1", "db down")),
    ("new means start", "new", Start(None, "")),
    ("a key names an incident", "update INC-42 text", Update(42, "text")),
    ("a key in small letters", "update inc-42 text", Update(42, "text")),
    ("a hash names an incident", "update #42 text", Update(42, "text")),
    ("a colon after the key is no part of the text", "update INC-42: text", Update(42, "text")),
    ("a known tracker id names an incident", "update ROOSE-17 text", Update(17, "text")),
    ("a tracker id in small letters", "ack roose-17", Ack(17)),
    ("a key inside the text names nothing", "update INC-42 as bad as INC-41", Update(42, "as bad as INC-41")),
    ("an update without words", "update INC-42", Update(42, "")),
    ("an update loses the quotes around it", 'update INC-42 "failover done"', Update(42, "failover done")),
    ("an update keeps the quotes inside it", 'update INC-42 "failover" done', Update(42, '"failover" done')),
    ("an update keeps its line breaks", "update INC-42 one\ntwo\n\nthree", Update(42, "one\ntwo\n\nthree")),
    ("acknowledge means ack", "acknowledge INC-42", Ack(42)),
    ("a status is set", "status INC-42 identified", Status(42, "identified", "")),
    ("a status is set with a text", "status INC-42 monitoring looks good", Status(42, "monitoring", "looks good")),
    ("a status in capitals", "status INC-42 Monitoring", Status(42, "monitoring", "")),
    ("a status with a colon", "status INC-42 monitoring: looks good", Status(42, "monitoring", "looks good")),
    ("a status before its incident", "status monitoring INC-42", Status(42, "monitoring", "")),
    ("the status of a number", "status 42", Status(42, None, "")),
    ("the status set for a number", "status 42 monitoring", Status(42, "monitoring", "")),
    (
        "a text after a status loses its quotes",
        "status #42 identified “a full disk”",
        Status(42, "identified", "a full disk"),
    ),
    ("resolved with a text", "resolve INC-42 restarted it", Resolve(42, "restarted it")),
    ("resolved without a text", "resolve INC-42", Resolve(42, "")),
    ("fixed means resolve", "fixed INC-42", Resolve(42, "")),
    ("closed by number", "close 42", Close(42)),
    ("reopened with a reason", "reopen #42 it is back", Reopen(42, "it is back")),
    ("shown by number", "show 42", Show(42)),
    ("explained by number", "explain 42", Explain(42)),
    ("list shows what is open", "list", List("open")),
    ("ls means list", "ls", List("open")),
    ("list all", "list ALL", List("all")),
    ("list by status", "list monitoring", List("monitoring")),
    ("list by severity", "list sev1", List("SEV-1")),
    ("list by a severity of two words", "list SEV 1", List("SEV-1")),
    ("nothing at all is help", "", Help(None)),
    ("blanks are help", " \n\u200b ", Help(None)),
    ("help", "help", Help(None)),
    ("a question mark is help", "?", Help(None)),
    ("help for a verb", "help status", Help("status")),
    ("help for another name of a verb", "help declare", Help("start")),
    ("help asked for as an option", "resolve --help", Help("resolve")),
)


@pytest.mark.parametrize("room", [None, ROOM], ids=["elsewhere", "in a room"])
@pytest.mark.parametrize(("text", "command"), ANYWHERE)
def test_understood_alike_in_a_room_and_elsewhere(text, command, room):
    assert parsed(text, room) == command


@pytest.mark.parametrize(
    ("text", "in_the_room", "elsewhere"),
    table(
        ("an update may leave the incident out", "update all good", Update(ROOM, "all good"), Update(None, "all good")),
        (
            "a number begins a text in a room and names an incident elsewhere",
            "update 500 errors are rising",
            Update(ROOM, "500 errors are rising"),
            Update(500, "errors are rising"),
        ),
        ("a number and a text", "resolve 42 done", Resolve(ROOM, "42 done"), Resolve(42, "done")),
        ("a quoted number is a text", 'update "42"', Update(ROOM, "42"), Update(None, "42")),
        ("a quoted text", "update “500 errors”", Update(ROOM, "500 errors"), Update(None, "500 errors")),
        ("the room's own number", "resolve 7", Resolve(ROOM, ""), Resolve(7, "")),
        ("nothing but the verb", "update", Update(ROOM, ""), Update(None, "")),
        ("an unclosed quote", 'update "all good', Update(ROOM, '"all good'), Update(None, '"all good')),
        (
            "an unknown tracker id is text",
            "update UTF-8 was the cause",
            Update(ROOM, "UTF-8 was the cause"),
            Update(None, "UTF-8 was the cause"),
        ),
        ("a channel is no key", "update #api is quiet", Update(ROOM, "#api is quiet"), Update(None, "#api is quiet")),
        ("ack alone", "ack", Ack(ROOM), Ack(None)),
        ("the status alone", "status", Status(ROOM, None, ""), Status(None, None, "")),
        ("a status set", "status monitoring", Status(ROOM, "monitoring", ""), Status(None, "monitoring", "")),
        ("resolve alone", "resolve", Resolve(ROOM, ""), Resolve(None, "")),
        ("close alone", "close", Close(ROOM), Close(None)),
        ("reopen alone", "reopen", Reopen(ROOM, ""), Reopen(None, "")),
        ("show alone", "show", Show(ROOM), Show(None)),
        ("explain alone", "explain", Explain(ROOM), Explain(None)),
    ),
)
def test_a_room_is_the_incident_that_is_meant(text, in_the_room, elsewhere):
    assert (parsed(text, ROOM), parsed(text, None)) == (in_the_room, elsewhere)


@pytest.mark.parametrize(
    ("text", "answer"),
    table(
        (
            "a slip in the verb gets the nearest one",
            "strat SEV-1 db down",
            "There is no `strat`. Did you mean `start`? `/incident help` lists all.",
        ),
        ("a word like no verb gets the list", "xyzzy", "There is no `xyzzy`. `/incident help` lists all."),
        ("a verb glued to a quote", 'start"db"', "Did you mean `start`?"),
        ("help for what is no verb", "help strat", "Did you mean `start`?"),
        ("a backtick cannot break the answer", "xy`zzy", "There is no `xy'zzy`."),
        ("a long word is cut", "x" * 10_000, "x…`. `/incident help` lists all."),
        (
            "a severity that does not exist",
            'start SEV-9 "x"',
            "There is no severity `SEV-9`. There are SEV-1, SEV-2, SEV-3, SEV-4.",
        ),
        ("one that does not exist without quotes", "start sev9 db down", "There is no severity `sev9`."),
        ("one that does not exist in quotes", 'start "SEV 9" db down', "There is no severity `SEV 9`."),
        ("one that does not exist by initial", 'start s9 "db down"', "There is no severity `s9`."),
        ("one of another house", 'start P1 "db down"', "There is no severity `P1`."),
        ("a digit that is no severity", 'start 9 "db down"', "There is no severity `9`."),
        ("one that does not exist after the title", 'start "db down" SEV-9', "There is no severity `SEV-9`."),
        ("an option that is not there", 'start --private SEV-1 "x"', "There is no option `--private` here."),
        ("an option after the severity", 'start SEV-1 --private "x"', "There is no option `--private` here."),
        ("an option after the title", 'start SEV-1 "x" --private', "There is no option `--private` here."),
        ("an option after bare words", "start SEV-1 db down --private", "There is no option `--private` here."),
        ("an option as a phone writes it", "start —private db down", "There is no option `—private` here."),
        ("an option before a text", 'update #42 --loud "x"', "There is no option `--loud` here."),
        (
            "a role of 250 characters",
            "role INC-7 " + "x" * 250,
            "At most 200 characters can stand there, these are 250",
        ),
        ("a link's title of 250", "link https://a.example " + "x" * 250, "At most 200 characters can stand there"),
        ("a title of 10,000 characters", "start SEV-1 " + "x" * 10_000, "at most 200 characters, this one has 10,000."),
        ("a title of 201 characters", f'start "{"x" * 201}"', "description"),
        ("a text of 3,001 characters", "update #42 " + "x" * 3001, "at most 3,000 characters, this one has 3,001."),
        ("a text that long after a status", "status monitoring " + "x" * 3001, "at most 3,000 characters"),
        ("a number that no incident has", "update INC-99999999999999 x", "There is no incident `INC-99999999999999`."),
        ("a hash and a number that no incident has", "show #9999999999", "There is no incident `#9999999999`."),
        ("a bare number that no incident has", "show 9999999999", "There is no incident `9999999999`."),
        (
            "a status that does not exist",
            "status monitring",
            "There is no status `monitring`. Did you mean `monitoring`?",
        ),
        ("a word like no status", "status fine", "There are investigating, identified, monitoring, resolved, closed."),
        ("acknowledged is no status", "status acknowledged", "`/incident ack` says that you are on it."),
        (
            "ack takes no text",
            "ack INC-42 on it",
            "`ack` takes only an incident, as in `/incident ack INC-42`; `on it` is",
        ),
        ("close takes no text", "close all done", "`all done` is none"),
        ("show takes no name", "show database", "`database` is none"),
        ("explain takes one incident", "explain 42 43", "`43` is none"),
        ("a tracker id that is not known", "show ROOSE-18", "`ROOSE-18` is none"),
        (
            "a list that does not exist",
            "list mine",
            "open, all, investigating, identified, monitoring, resolved, closed, SEV-1",
        ),
        ("a list of a severity that does not exist", "list SEV-9", "There is no severity `sev-9`."),
    ),
)
@pytest.mark.parametrize("room", [None, ROOM], ids=["elsewhere", "in a room"])
def test_what_makes_no_sense_is_answered_with_what_would(text, answer, room):
    assert answer in refusal(text, room)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("show roose-17", "ROOSE-17"),
        ("update ROOSE-17: rising", "ROOSE-17"),
        ('start SEV-1 "db down"', None),
        ("start ROOSE-17 is back", None),
        ("show INC-17", None),
        ("show", None),
    ],
)
def test_only_where_a_command_names_its_incident_is_a_trackers_id_looked_up(text, id):
    assert grammar.tracker_id(text) == id


def test_in_a_room_another_incidents_number_alone_is_asked_about_rather_than_guessed():
    assert refusal("resolve 42", ROOM) == (
        "Is 42 an incident or your text? `/incident resolve INC-42` means the incident, "
        '`/incident resolve "42"` the text.'
    )


def test_a_number_too_long_for_an_incident_is_text_in_a_room():
    assert parsed("update 9999999999 rows lost", ROOM) == Update(ROOM, "9999999999 rows lost")


@pytest.mark.parametrize("length", [1, 199, 200])
def test_a_title_may_have_two_hundred_characters(length):
    assert parsed("start " + "x" * length) == Start(None, "x" * length)


def test_a_text_may_have_three_thousand_characters():
    assert parsed("update INC-1 " + "x" * 3000) == Update(1, "x" * 3000)


@pytest.mark.parametrize(
    ("text", "command"),
    table(
        ("by name", "start P1 db down", Start("P1", "db down")),
        ("by digit before a quoted title", 'start 0 "db down"', Start("P0", "db down")),
        ("a percentile is a title", "start p99 latency is up", Start(None, "p99 latency is up")),
        ("a name without a digit", "start Critical db down", Start("critical", "db down")),
        ("the longer of two names", "start very high load", Start("Very High", "load")),
        ("the shorter of two names", "start very slow", Start("Very", "slow")),
        ("another house's names mean nothing here", "start SEV-1 db down", Start(None, "SEV-1 db down")),
    ),
)
def test_severities_are_those_of_the_configuration(text, command):
    assert parsed(text, severities=["P0", "P1", "critical", "Very", "Very High"]) == command


def test_a_severity_one_past_the_last_is_a_slip_whatever_the_names_are():
    assert refusal("start P4 db down", severities=["P1", "P2"]) == "There is no severity `P4`. There are P1, P2."


def verb_of(command):
    """A command is called as its verb is; those about overrides and links share one."""
    name = type(command).__name__.lower()
    return next((shared for shared in ("override", "link") if name.removesuffix("s").endswith(shared)), name)


@pytest.mark.parametrize(("verb", "example"), [(v, e) for v, verb in verbs(SEVERITIES).items() for e in verb.examples])
def test_every_verb_understands_its_own_examples(verb, example):
    assert verb_of(parsed(example, ROOM)) == verb.replace("-", "")


def test_every_example_shows_the_installations_own_severities():
    assert "start Blocker database is down" in verbs(["Blocker"])["start"].examples
    assert not [e for verb in verbs(SEVERITIES).values() for e in verb.examples if "{" in e]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_stands_alone_and_has_help(verb):
    assert verb_of(parsed(verb)) == verb.replace("-", "")
    assert parsed(f"help {verb}") == Help(verb)


@pytest.mark.parametrize(("alias", "verb"), ALIASES.items())
def test_every_other_name_of_a_verb_does_the_same(alias, verb):
    assert parsed(alias) == parsed(verb)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_can_be_asked_for(status):
    assert parsed(f"status #42 {status} now") == Status(42, status, "now")


@pytest.mark.parametrize(
    ("typed", "room", "command"),
    [
        ("runbook", None, grammar.Runbook(None, "")),
        ("runbook", ROOM, grammar.Runbook(ROOM, "")),
        ("playbook “disk full”", ROOM, grammar.Runbook(ROOM, "disk full")),
        ("runbook disk full", None, grammar.Runbook(None, "disk full")),
        ("runbook INC-7 disk-full", ROOM, grammar.Runbook(7, "disk-full")),
        ("runbook 7", None, grammar.Runbook(7, "")),
        ("checklist triage", ROOM, grammar.Checklist(ROOM, "triage")),
        ("checklists", None, grammar.Checklist(None, "")),
        ("checklist #7 Afterwards", None, grammar.Checklist(7, "Afterwards")),
    ],
)
def test_runbooks_and_checklists_are_named_after_the_incident(typed, room, command):
    assert parsed(typed, room) == command


WORDS = [
    "SEV-1",
    "sev9",
    "s",
    "1",
    "2",
    "INC-42",
    "#7",
    "ROOSE-17",
    "٤٢",
    "²",
    "--private",
    '"',
    "“",
    "”",
    "„",
    "'",
    "’",
    ":",
    "-",
    "👩\u200d🚒",
    "مرحبا",
    "<!channel>",
]
SCRAPS = st.sampled_from([*VERBS, *ALIASES, *STATUSES, *WORDS, "INC-" + "9" * 5000, "\n", "\x00", "\u202e", "\ud800"])
TYPED = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(st.one_of(SCRAPS, st.text(max_size=5)), max_size=8).map(" ".join),
    st.lists(SCRAPS, max_size=8).map("".join),
)


def answered(text, room):
    """The command, or the text of the refusal; anything else that is raised fails the test."""
    try:
        return parsed(text, room)
    except Refused as refused:
        return refused.text


@given(TYPED, st.sampled_from([None, ROOM]))
def test_whatever_is_typed_becomes_a_command_or_a_short_refusal(text, room):
    answer = answered(text, room)

    assert isinstance(answer, grammar.Command) or 0 < len(answer) < 500


@given(st.sampled_from(list(VERBS)), TYPED, st.sampled_from([None, ROOM]))
def test_whatever_follows_a_verb_leaves_nothing_that_a_database_or_a_reader_would_choke_on(verb, text, room):
    answer = answered(f"{verb} {text}", room)

    said = answer if isinstance(answer, str) else getattr(answer, "title", "") + getattr(answer, "text", "")
    said.encode()
    assert not set(said) & set("\x00\r\u202e\u2028")
    assert (getattr(answer, "number", None) or 0) < 2**31


@given(st.sampled_from(list(VERBS)), TYPED)
def test_the_same_words_are_the_same_command_after_cleaning(verb, text):
    assert answered(f"{verb} {text}", ROOM) == answered(words.clean(f"{verb} {text}"), ROOM)


@pytest.mark.parametrize(
    ("text", "whom", "why"),
    [
        ("@ben the database is yours", ("@ben",), "the database is yours"),
        ("@ben @chris “both of you”", ("@ben", "@chris"), "both of you"),
        ("<@U0002>, <@U0003|chris>: please come", ("<@U0002>,", "<@U0003|chris>"), "please come"),
        ("ben and @chris", ("ben", "@chris"), ""),
        ("primary & @ben", ("primary", "@ben"), ""),
        ("ben, it is @chris who knows it", ("ben,",), "it is @chris who knows it"),
    ],
)
def test_everybody_who_is_named_at_the_beginning_is_paged(text, whom, why):
    assert parsed(f"page {text}", 42).whom_and_why() == (whom, why)
