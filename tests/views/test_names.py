"""Room names and topics are what Slack takes and what people recognise."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.views.samples import DECLARED, START
from views.names import room_name, slug, topic

PATTERN = "inc-{number}-{slug}"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("db down", "db-down"),
        ("DB  is -- DOWN!!", "db-is-down"),
        ("500s in eu_west/api", "500s-in-eu-west-api"),
        ("Café à Zürich", "cafe-a-zurich"),
        ("Cafe\u0301", "cafe"),
        ("Большой сбой", "bolshoy-sboy"),
        ("База данных", "baza-dannykh"),
        ("数据库", "shujuku"),
        ("🔥 db down 🔥", "db-down"),
        ("🔥☠️", ""),
        ("!!!", ""),
        ("", ""),
        ("<!channel>", "channel"),
    ],
)
def test_a_title_becomes_a_slug(title, expected):
    assert slug(title) == expected


def test_no_word_of_a_title_is_dropped():
    assert slug("the db is down for all of us") == "the-db-is-down-for-all-of-us"


def test_a_room_is_named_by_the_pattern():
    assert room_name(PATTERN, 7, "db down", "SEV-1", START) == "inc-7-db-down"
    assert room_name("{date}_{severity}-{slug}", 7, "db down", "SEV-1", START) == "2026-11-20_sev-1-db-down"


def test_a_title_without_letters_leaves_no_hyphen_behind():
    assert room_name(PATTERN, 7, "🔥🔥", "SEV-1", START) == "inc-7"
    assert room_name(PATTERN, 7, "", "SEV-1", START, "-2") == "inc-7-2"
    assert room_name("{slug}-{number}", 7, "!!", "SEV-1", START) == "7"


def test_the_title_is_cut_for_80_characters_and_the_suffix_is_not():
    name = room_name(PATTERN, 7, "word " * 2000, "SEV-1", START, "-2")
    assert len(name) <= 80
    assert name.startswith("inc-7-word-word")
    assert name.endswith("-2")
    assert room_name("{slug}-inc-{number}", 7, "x" * 200, "SEV-1", START).endswith("x-inc-7")


@settings(max_examples=200, deadline=None)
@given(title=st.text(max_size=120), suffix=st.sampled_from(["", "-2", "-10"]))
def test_slack_takes_every_room_name(title, suffix):
    name = room_name(PATTERN, 123456, title, "SEV-1", START, suffix)
    assert re.fullmatch(r"inc-123456(-[a-z0-9]+)*", name)
    assert len(name) <= 80
    assert name.endswith(suffix)


def test_the_topic_names_severity_title_status_and_commander():
    assert topic(DECLARED) == "[SEV-1] db down | Status: investigating | IC <@U0001>"
    assert topic(replace(DECLARED, commander=None)) == "[SEV-1] db down | Status: investigating"


def test_a_long_title_gives_way_to_the_rest_of_the_topic():
    told = topic(replace(DECLARED, title="<b>" * 500))
    assert len(told) <= 250
    assert told.endswith("… | Status: investigating | IC <@U0001>")
