"""What people type is shown as typed, and never works as markup."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.views.everything import surfaces
from tests.views.hostile import hostile
from tests.views.samples import STATES
from views.markup import Mrkdwn, joined, said, typed

ATTACKS = ["<!channel>", "<!here>", "<@U1>", "<!subteam^S1>", "<http://x|y>", "&lt;", "&lt;!channel&gt;", "<", ">", "|"]
HARMFUL = ["\x00", "\x07", "\x1b[31m", "\x7f", "\x9b", "\u202e", "\u202a", "\u2066", "\u2069", "\ud800", "\r"]
HARMLESS = [
    "db down",
    " ",
    "\n",
    "*",
    "`",
    "```",
    "{title}",
    "{0}",
    "%s",
    "🔥",
    "👩‍🚒",
    "שרת",
    "خادم",
    "数据库",
    "#",
    "é",
]
WORDS = st.lists(st.sampled_from(ATTACKS + HARMFUL + HARMLESS), min_size=1, max_size=12).map("".join)

OURS = re.compile(
    r"<!date\^\d+\^[^|<>]*\|[^|<>]*>|<@U000[1-3]>|<#C0042>|<https?://127\.0\.0\.1:9000/[^|<>\s]*\|[^<>\n]*>"
)
NOT_AN_ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
HIDING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")
VIEWS = sorted((Path(__file__).parents[2] / "views").glob("*.py"))


def markup_in(payload: Any) -> Iterator[str]:
    """Every string that Slack would read as markup: `text` of the message and of each mrkdwn object."""
    if isinstance(payload, dict):
        if isinstance(payload.get("text"), str) and payload.get("type") != "plain_text":
            yield payload["text"]
        payload = list(payload.values())
    if isinstance(payload, list):
        for part in payload:
            yield from markup_in(part)


def strings_in(payload: Any) -> Iterator[str]:
    if isinstance(payload, str):
        yield payload
    elif isinstance(payload, (dict, list)):
        for part in payload.values() if isinstance(payload, dict) else payload:
            yield from strings_in(part)


@pytest.mark.parametrize("state", STATES)
@settings(max_examples=8, deadline=None)
@given(words=WORDS)
def test_no_view_lets_typed_words_mention_link_or_ring(state, words):
    for name, payload in surfaces(words, hostile(words, STATES[state])):
        for text in markup_in(payload):
            rest = OURS.sub("", text)
            assert "<" not in rest, (name, text)
            assert ">" not in rest, (name, text)
            assert not NOT_AN_ENTITY.search(rest), (name, text)


@pytest.mark.parametrize("state", STATES)
@settings(max_examples=6, deadline=None)
@given(words=WORDS)
def test_no_view_shows_control_characters_or_lets_words_turn_their_neighbours(state, words):
    for name, payload in surfaces(words, hostile(words, STATES[state])):
        for text in strings_in(payload):
            assert not HIDING.search(text), (name, text)
            for line in text.split("\n"):
                assert line.count("\u2068") == line.count("\u2069"), (name, line)
        json.dumps(payload).encode()


def test_the_search_for_markup_sees_what_it_must():
    payload = {"text": "<!channel>", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<@U1>"}}]}
    assert list(markup_in(payload)) == ["<!channel>", "<@U1>"]
    assert OURS.sub("", "<!channel> <@U1> <http://x|y>") == "<!channel> <@U1> <http://x|y>"


def test_typed_words_read_as_they_were_typed():
    assert typed("a < b & c > d") == "a &lt; b &amp; c &gt; d"
    assert typed("&lt;") == "&amp;lt;"
    assert typed("🔥 café 数据库") == "🔥 café 数据库"


def test_right_to_left_words_stay_readable_and_apart_from_their_neighbours():
    assert typed("שרת נפל") == "\u2068שרת נפל\u2069"
    assert typed("down\nשרת") == "down\n\u2068שרת\u2069"
    assert typed("abc\u202egpj.exe") == "abcgpj.exe"


def test_markup_is_escaped_once_and_whatever_is_done_to_it_is_escaped_again():
    mention = said("<@{user}>", user="U0001")
    assert typed(typed("<")) == "&lt;"
    assert said("{who} did it", who=mention) == "<@U0001> did it"
    assert said("{who}", who=f"{mention}") == "&lt;@U0001&gt;"
    assert joined(", ", [mention, "<!here>", None, ""]) == "<@U0001>, &lt;!here&gt;"
    assert isinstance(joined(", ", []), Mrkdwn)


def _tables(tree: ast.Module) -> set[str]:
    """The module's names for tables of nothing but literals."""
    return {
        node.targets[0].id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Dict)
        if all(isinstance(value, ast.Constant) for value in node.value.values)
    }


def _is_literal(argument: ast.expr, tables: set[str]) -> bool:
    if isinstance(argument, ast.Subscript) and isinstance(argument.value, ast.Name):
        return argument.value.id in tables
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))


def unescaped(source: str, at_home: bool = False) -> list[str]:
    """Where a source could make markup of a person's words: `Mrkdwn(...)`, or a template that is no literal."""
    found = []
    tree = ast.parse(source)
    for call in _calls(tree):
        if call.func.id == "Mrkdwn" and not at_home:
            found.append(f"line {call.lineno}: Mrkdwn() is for markup.py alone")
        literal = bool(call.args) and _is_literal(call.args[0], _tables(tree))
        if call.func.id in ("said", "joined") and not literal:
            found.append(f"line {call.lineno}: {call.func.id}() takes a literal first")
    return found


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.name)
def test_no_view_makes_markup_of_an_f_string(path):
    assert unescaped(path.read_text(encoding="utf-8"), at_home=path.name == "markup.py") == []


def test_the_search_for_f_strings_finds_them():
    assert unescaped('said(f"*{title}*")')
    assert unescaped("said(template)")
    assert unescaped('Mrkdwn(f"*{title}*")')
    assert unescaped('T = {"a": f"{x}"}\nsaid(T["a"])')
    assert not unescaped('T = {"a": "{x}"}\nsaid(T["a"], x=x)')
    assert not unescaped('said("*{title}*", title=title)')
