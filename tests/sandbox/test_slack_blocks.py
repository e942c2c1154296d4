"""Block Kit's limits in the stand-in: at the limit all is well, one over is refused, with the place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.blocks import breaches


def plain(n, char="x"):
    return {"type": "plain_text", "text": char * n}


def mrkdwn(n):
    return {"type": "mrkdwn", "text": "x" * n}


def button(**more):
    return {"type": "button", "action_id": "a", "text": plain(3), **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def buttons(n):
    return actions(*(button(action_id=f"a{i}") for i in range(n)))


def option(text=1, value=1, **more):
    return {"text": plain(text), "value": "v" * value, **more}


def menu(options, kind="static_select"):
    return actions({"type": kind, "action_id": "m", "options": options})


def groups(n):
    group = {"label": plain(5), "options": [option()]}
    return actions({"type": "static_select", "action_id": "m", "option_groups": [group] * n})


def image(url=10, alt=10, title=10):
    return {"type": "image", "image_url": "u" * url, "alt_text": "a" * alt, "title": plain(title)}


def confirm(title=5, text=5, confirm=5, deny=5):
    return button(confirm={"title": plain(title), "text": plain(text), "confirm": plain(confirm), "deny": plain(deny)})


# what it is, a block at the limit n, its limit, where the breach is
LIMITS = [
    ("header", lambda n: {"type": "header", "text": plain(n)}, 150, "/text/text"),
    ("section text", lambda n: {"type": "section", "text": mrkdwn(n)}, 3000, "/text/text"),
    ("section fields", lambda n: {"type": "section", "fields": [mrkdwn(1)] * n}, 10, "/fields"),
    ("section field", lambda n: {"type": "section", "fields": [mrkdwn(n)]}, 2000, "/fields/0/text"),
    ("context elements", lambda n: {"type": "context", "elements": [mrkdwn(1)] * n}, 10, "/elements"),
    ("actions elements", buttons, 25, "/elements"),
    ("button text", lambda n: actions(button(text=plain(n))), 75, "/elements/0/text/text"),
    ("button value", lambda n: actions(button(value="v" * n)), 2000, "/elements/0/value"),
    ("button url", lambda n: actions(button(url="u" * n)), 3000, "/elements/0/url"),
    ("action_id", lambda n: actions(button(action_id="a" * n)), 255, "/elements/0/action_id"),
    ("block_id", lambda n: {"type": "divider", "block_id": "b" * n}, 255, "/block_id"),
    ("options", lambda n: menu([option()] * n), 100, "/elements/0/options"),
    ("option groups", groups, 100, "/elements/0/option_groups"),
    ("option text", lambda n: menu([option(text=n)]), 75, "/elements/0/options/0/text/text"),
    ("option value", lambda n: menu([option(value=n)]), 150, "/elements/0/options/0/value"),
    ("description", lambda n: menu([option(description=plain(n))]), 75, "/elements/0/options/0/description/text"),
    ("overflow options", lambda n: menu([option()] * n, "overflow"), 5, "/elements/0/options"),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, 12_000, "/text"),
    ("image url", lambda n: image(url=n), 3000, "/image_url"),
    ("alt text", lambda n: image(alt=n), 2000, "/alt_text"),
    ("image title", lambda n: image(title=n), 2000, "/title/text"),
    ("confirm title", lambda n: actions(confirm(title=n)), 100, "/elements/0/confirm/title/text"),
    ("confirm text", lambda n: actions(confirm(text=n)), 300, "/elements/0/confirm/text/text"),
    ("confirm confirm", lambda n: actions(confirm(confirm=n)), 30, "/elements/0/confirm/confirm/text"),
    ("confirm deny", lambda n: actions(confirm(deny=n)), 30, "/elements/0/confirm/deny/text"),
]


@pytest.mark.parametrize(("what", "block", "limit", "where"), LIMITS, ids=[row[0] for row in LIMITS])
def test_one_more_than_the_limit_is_refused_at_its_place(what, block, limit, where):
    assert breaches([block(limit)]) == []
    (problem,) = breaches([block(limit + 1)])
    assert problem.endswith(f"[json-pointer:/blocks/0{where}]")


def labelled(label=5, hint=5, max_length=10, placeholder=5):
    element = {
        "type": "plain_text_input",
        "action_id": "a",
        "max_length": max_length,
        "placeholder": plain(placeholder),
    }
    return {"type": "input", "label": plain(label), "hint": plain(hint), "element": element}


@pytest.mark.parametrize(
    ("name", "limit", "where"),
    [
        ("label", 2000, "/label/text"),
        ("hint", 2000, "/hint/text"),
        ("max_length", 3000, "/element/max_length"),
        ("placeholder", 150, "/element/placeholder/text"),
    ],
)
def test_an_input_has_its_limits_too(name, limit, where):
    assert breaches([labelled(**{name: limit})], "modal") == []
    (problem,) = breaches([labelled(**{name: limit + 1})], "modal")
    assert problem.endswith(f"[json-pointer:/blocks/0{where}]")


@pytest.mark.parametrize(("surface", "limit"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_holds_so_many_blocks(surface, limit):
    assert breaches([{"type": "divider"}] * limit, surface) == []
    assert breaches([{"type": "divider"}] * (limit + 1), surface) == [
        f"no more than {limit} items allowed [json-pointer:/blocks]"
    ]


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([{"type": "section"}], "missing required field: text or fields [json-pointer:/blocks/0]"),
        ([{"type": "section", "text": mrkdwn(0)}], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([{"type": "header", "text": mrkdwn(3)}], "must be a plain_text object [json-pointer:/blocks/0/text]"),
        ([{"type": "context", "elements": []}], "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        ([{"type": "file_input"}], "unsupported type: file_input [json-pointer:/blocks/0/type]"),
        ([actions(button(style="warning"))], "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
        ([actions(button(), button())], "action_id 'a' already exists [json-pointer:/blocks/0/elements]"),
        ([{"type": "divider", "block_id": "b"}] * 2, "block_id 'b' already exists [json-pointer:/blocks]"),
        ([{"type": "section", "text": "words"}], "must be a plain_text or mrkdwn object [json-pointer:/blocks/0/text]"),
        ([actions({"type": "text"})], "unsupported type: text [json-pointer:/blocks/0/elements/0/type]"),
        (["words"], "unsupported type: None [json-pointer:/blocks/0/type]"),
        ([actions("words")], "must be an object [json-pointer:/blocks/0/elements/0]"),
        ([{"type": "actions"}], "must be a list [json-pointer:/blocks/0/elements]"),
        ([actions(button(confirm="sure?"))], "must be an object [json-pointer:/blocks/0/elements/0/confirm]"),
        ({"type": "section"}, "must be a list [json-pointer:/blocks]"),
    ],
)
def test_what_cannot_be_is_refused_in_slacks_words(blocks, words):
    assert breaches(blocks) == [words]


def test_lengths_count_characters_not_bytes():
    assert breaches([{"type": "header", "text": plain(150, "é")}]) == []


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
NAMES = st.sampled_from(["type", "text", "elements", "fields", "element", "options", "accessory", "label", "confirm"])
KINDS = st.sampled_from(
    ["section", "actions", "context", "input", "header", "image", "button", "plain_text", "overflow"]
)
SHAPES = st.recursive(
    SCALARS | KINDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner | KINDS, max_size=4)
)


@given(st.lists(SHAPES, min_size=1, max_size=3))
def test_any_shape_is_answered_by_sentences_and_never_by_a_crash(blocks):
    for surface in ("message", "modal"):
        assert all("[json-pointer:/blocks" in problem for problem in breaches(blocks, surface))
