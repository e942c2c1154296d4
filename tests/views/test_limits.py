"""However long people write, Slack accepts what Muster sends."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.views.everything import surfaces
from tests.views.hostile import hostile
from tests.views.limits import breaches
from tests.views.samples import LOOK, RUNBOOKS, STATES
from views.blocks import TEXT_MOST, fenced_sections, message, section, sections, select, stamp
from views.card import card
from views.markup import Mrkdwn, cut, said, typed

PIECES = ["", " ", "\n", "x", "<!channel>", "&", "<@U1>", "🔥", "שרת", "word ", "line\n", "\x00", "```"]
LONGEST = st.tuples(st.sampled_from(PIECES), st.sampled_from([1, 30, 75, 150, 151, 3000, 10_000])).map(
    lambda piece: (piece[0] * piece[1])[:10_000]
)


@pytest.mark.parametrize("state", STATES)
@settings(max_examples=7, deadline=None)
@given(words=LONGEST)
def test_every_view_keeps_to_block_kits_limits(state, words):
    for name, payload in surfaces(words, hostile(words, STATES[state])):
        assert breaches(payload) == [], name


def test_the_check_of_limits_sees_breaches():
    assert breaches({"text": "", "blocks": []})
    assert breaches({"text": "x" * 3001, "blocks": []})
    assert breaches({"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]})
    assert breaches({"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]})
    assert breaches(
        {"text": "x", "blocks": [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]}
    )
    assert breaches({"text": "x", "blocks": [{"type": "divider"}] * 51})
    assert not breaches(card(STATES["fresh"], runbooks=RUNBOOKS, **LOOK))


@settings(max_examples=200, deadline=None)
@given(words=st.text(alphabet="<>&|aש\u0301🔥\n", max_size=60), most=st.integers(3, 40))
def test_a_cut_never_splits_an_entity_a_link_or_an_isolate(words, most):
    text = said("{words} <https://127.0.0.1/x|{label}> <@U0001>", words=words, label="l")
    shortened = cut(text, most)
    assert len(shortened) <= most
    assert not re.search(r"&(?!amp;|lt;|gt;)", shortened)
    assert shortened.count("<") == shortened.count(">")
    assert shortened.count("\u2068") == shortened.count("\u2069")
    assert shortened == text or shortened.endswith("…")


def test_what_fits_is_not_cut():
    assert cut(typed("x" * 10), 10) == "x" * 10
    assert cut(typed("x" * 11), 10) == "x" * 9 + "…"
    assert isinstance(cut(typed("x" * 11), 10), Mrkdwn)


def test_a_preview_of_any_length_loses_no_character():
    text = "# Title\n\n" + "a <b> & c\n" * 900 + "y" * 7000
    shown = "\n".join(block["text"]["text"][4:-4] for block in fenced_sections(text))
    back = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert back.replace("\n", "") == text.replace("\n", "")
    assert all(len(block["text"]["text"]) <= TEXT_MOST for block in fenced_sections(text))


def test_lines_share_paragraphs_and_none_is_lost():
    blocks = sections([f"line {n} " + "x" * 90 for n in range(100)])
    told = "\n".join(block["text"]["text"] for block in blocks)
    assert len(blocks) == 4
    assert told.count("line ") == 100


def test_the_stamp_is_in_the_last_block_and_a_bare_message_gets_one():
    stamped = stamp(message("hello", section("a"), section("b")), "muster-17")
    assert [block.get("block_id") for block in stamped["blocks"]] == [None, "muster-17"]
    bare = stamp(message("<hello>"), "muster-18")
    assert bare["blocks"] == [
        {"type": "section", "text": {"type": "mrkdwn", "text": "&lt;hello&gt;"}, "block_id": "muster-18"}
    ]


def test_an_edit_carries_its_own_stamp_and_leaves_the_first_message_alone():
    first = stamp(message("x", section("x")), "muster-1")
    assert stamp(first, "muster-2")["blocks"][-1]["block_id"] == "muster-2"
    assert first["blocks"][-1]["block_id"] == "muster-1"


def test_the_last_block_survives_the_limit_of_blocks():
    blocks = message("x", *[section(str(n)) for n in range(80)])["blocks"]
    assert len(blocks) == 50
    assert blocks[-1]["text"]["text"] == "79"


def test_an_id_that_would_not_come_back_whole_is_a_bug():
    with pytest.raises(ValueError, match="255"):
        select("x", "a" * 256, [])
