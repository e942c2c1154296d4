"""Markdown as Slack shows it; what people wrote stays words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.views.test_escaping import NOT_AN_ENTITY
from views.markdown import inline, lines

SHOWN = {
    "**bold** and __bold__": "*bold* and *bold*",
    "*slanted* and _slanted_": "_slanted_ and _slanted_",
    "a_snake_case name and 2 * 3 * 4": "a_snake_case name and 2 * 3 * 4",
    "run `df -h <x>`": "run `df -h &lt;x&gt;`",
    "``a ` b``": "`a ' b`",
    "[the board](https://grafana.example.com/d/1)": "<https://grafana.example.com/d/1|the board>",
    "![a picture](https://example.com/p.png)": "<https://example.com/p.png|a picture>",
    "[another file](other.md)": "another file (other.md)",
    "[bad](javascript:alert)": "bad (javascript:alert)",
    "<https://example.com/x>": "<https://example.com/x|https://example.com/x>",
    "<!channel> & <@U1>": "&lt;!channel&gt; &amp; &lt;@U1&gt;",
    r"\*not slanted\*": "*not slanted*",
    "**`code` in bold**": "*`code` in bold*",
}


@pytest.mark.parametrize("written", SHOWN)
def test_a_line(written):
    assert inline(written) == SHOWN[written]


def test_headings_lists_tasks_quotes_and_rules():
    text = "# One\n\n\n- a\n  - b\n* [ ] c\n* [x] d\n1. e\n2) f\n> g\n\n---\n## **Two**\n<!-- a\nremark -->"
    assert lines(text) == [
        *("*One*", "", "• a", "\u2003• b", "☐ c", "☑ d", "1. e", "2. f", "│ g", "", "*Two*"),
    ]


def test_code_and_tables_keep_their_width_and_nothing_in_them_is_markup():
    text = "```sql\nSELECT *\n  FROM <t>;\n```\n| a | **b** |\n|---|---|\nend"
    assert lines(text) == ["```\nSELECT *\n  FROM &lt;t&gt;;\n```", "```\n| a | **b** |\n|---|---|\n```", "end"]


def test_a_fence_that_never_closes_and_one_that_is_long_lose_nothing():
    shown = lines("~~~\n" + "x < y\n" * 2000)
    assert all(len(each) <= 3000 for each in shown)
    assert "".join(shown).count("x &lt; y") == 2000


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["*", "_", "**", "`", "```", "[", "](", ")", "<", ">", "!channel", "a", " ", "\n", "\\", "|", "&"]
        )
    )
)
def test_whatever_is_written_nothing_works_as_slacks_markup(pieces):
    for line in lines("".join(pieces)):
        assert "<" not in line
        assert ">" not in line
        assert not NOT_AN_ENTITY.search(line)
