"""Messages from Slack become the plain words that people saw."""

import pytest

from views.quoted import WORDLESS, address, plain_words, title_and_rest, unmarked

NAMES = {"U0001": "Ana"}
SEEN = {
    "<@U0001> look": "@Ana look",
    "<@U0777|zoe> look": "@zoe look",
    "<@U0777> look": "@U0777 look",
    "in <#C1|db-alerts>": "in #db-alerts",
    "<!channel> <!subteam^S1|@dba>": "@channel @dba",
    "<https://example.com/a?b=1&amp;c=2>": "https://example.com/a?b=1&c=2",
    "<https://example.com|the page>": "the page (https://example.com)",
    "<mailto:ana@example.com|ana@example.com>": "ana@example.com",
    "1 &lt; 2 &amp;&amp; 3 &gt; 2": "1 < 2 && 3 > 2",
    "&amp;lt;": "&lt;",
}


@pytest.mark.parametrize("text", SEEN)
def test_markup_reads_as_it_was_shown(text):
    assert unmarked(text, NAMES) == SEEN[text]


def test_a_bots_message_has_its_name_and_what_is_attached_to_it():
    alert = {"username": "Grafana", "text": "", "attachments": [{"fallback": "[FIRING] disk &gt; 90 %"}]}
    assert plain_words(alert, NAMES) == ("Grafana", "[FIRING] disk > 90 %")
    assert plain_words({"user": "U0001", "files": [{"name": "graph.png"}]}, NAMES) == ("U0001", "[graph.png]")
    assert plain_words({}, NAMES) == ("a bot", WORDLESS)
    assert len(plain_words({"text": "x" * 40_000}, NAMES)[1]) == 3000


def test_the_first_line_is_the_title():
    assert title_and_rest("db down\n\nsince noon\nagain", 200) == ("db down", "since noon\nagain")
    assert title_and_rest("db down", 200) == ("db down", "")
    assert title_and_rest("x" * 300, 200) == ("x" * 199 + "…", "x" * 300)


def test_a_link_is_made_as_slack_makes_it():
    home = "https://example.slack.com/"
    assert address(home, "C1", "1795182120.000100") == f"{home}archives/C1/p1795182120000100"
    threaded = address(home, "C1", "2.000100", "1.000100")
    assert threaded == f"{home}archives/C1/p2000100?thread_ts=1.000100&cid=C1"
    assert address("", "C1", "1.2") == ""
