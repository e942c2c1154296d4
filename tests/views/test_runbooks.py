"""Runbooks in Slack: what is shown, what is warned of, what one may choose from."""

from dataclasses import replace
from datetime import date

from domain.runbooks import Broken, Fit, Shelved, parse, shown
from tests.views.samples import DECLARED, FRESH
from views import runbooks
from views.room import room_message

TODAY = date(2026, 11, 20)
BOOK = parse(
    "disk-full",
    """---
last updated: 2026-11-01
owner: Platform <team>
severity: SEV-1
alerts: [DiskFull]
url: https://wiki.example.com/disk
---
# Disk full

## Symptoms

- `No space left on device` in the **logs**
- Writes fail; see <!channel> and [the board](https://grafana.example.com/d/1)

## Diagnosis

Look at `df -h`.

## Mitigation

1. Make room:
   ```
   journalctl --vacuum-size=500M
   ```
2. Then find the *cause*.

### A database

Never delete its files by hand.

## Prevention

Alert at 80 %.
""",
)


def posted(book, today=TODAY):
    [effect] = shown(FRESH, "U0002", book, today).effects
    return room_message("runbook", effect.data, FRESH)


def test_what_helps_now_in_the_room(golden):
    golden("runbook.json", posted(BOOK))


def test_all_of_it_for_one_person(golden):
    golden("runbook-whole.json", runbooks.whole(BOOK, TODAY))


def test_the_menu_where_none_fits_and_where_several_do(golden):
    shelf = Shelved((BOOK, replace(BOOK, name="bad-deploy", title="Bad deploy")))
    golden("runbook-none-fits.json", runbooks.picker(shelf, Fit(), "", DECLARED, 42))
    golden(
        "runbook-several.json",
        runbooks.picker(shelf, Fit(shelf.books, (("API", "https://wiki.example.com"),)), "", DECLARED, 42),
    )


def test_an_old_one_and_one_without_a_date_are_shown_with_a_warning():
    assert "⚠" not in posted(BOOK)["text"]
    old = posted(BOOK, date(2027, 6, 1))["text"]
    assert "⚠ Older than six months (last updated 2026-11-01): check each step before you trust it" in old
    assert "⚠ Nobody wrote when it was last updated" in posted(replace(BOOK, updated=None))["text"]


def test_a_section_that_nobody_wrote_is_said():
    text = posted(replace(BOOK, sections={"symptoms": "It is slow."}))["text"]
    assert text.endswith("*Symptoms*\nIt is slow.\n*Mitigation*\n_Nothing is written here yet._")


def test_what_is_too_long_for_a_room_is_cut_between_lines_and_said():
    long = replace(BOOK, sections={"symptoms": "x", "mitigation": "a line of text\n" * 1000})
    blocks = posted(long)["blocks"]
    assert "It is longer than this: see the whole runbook." in str(blocks)
    assert len(blocks) < 10


def test_a_file_that_cannot_be_used_is_said_to_whoever_looks_for_it():
    shelf = Shelved((), (Broken("runbooks/disk-full.md", "is larger than 256 KB"),))
    told = runbooks.picker(shelf, Fit(), "disk full", None, 0)["text"]
    assert "⚠ runbooks/disk-full.md cannot be used: it is larger than 256 KB." in told


def test_where_there_is_none_it_says_how_to_add_one():
    told = runbooks.picker(Shelved(), Fit(), "", DECLARED, 42)["text"]
    assert told.startswith("No runbook is known for INC-42.")
    assert "`runbooks.url`" in told
