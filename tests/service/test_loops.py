"""What the loops have in common."""

import logging

from service.loops import Once


def test_a_reason_that_lasts_is_logged_once_and_again_when_it_comes_back(caplog):
    once = Once(logging.getLogger("muster"))
    for words in ("no answer", "no answer", "refused", "no answer"):
        once.say(logging.WARNING, words)
    assert [record.getMessage() for record in caplog.records] == ["no answer", "refused", "no answer"]
