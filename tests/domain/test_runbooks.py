"""Runbooks: read as people write them, and found by what an incident is about."""

from datetime import UTC, date, datetime

import pytest

from domain.incidents import Incident
from domain.runbooks import excerpt, fitting, named, parse

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WHOLE = """---
last updated: 2026-11-01   # by Ana
owner: Platform team
severity: [SEV-1, "SEV-2"]
services:
  - api
  - web
alerts: ["*DiskFull*", no space left]
url: https://wiki.example.com/disk#full
---

# Disk full

## Symptoms
No space left.

## Diagnosis steps
```
# not a heading
df -h
```

### Deeper
`du`

## Mitigation
Make room.

## Contacts
Ana

## Prevention
Alerts.
"""
OLDER = """# Cache is cold

**Last updated:** 2026-01-31
- **Owner**: Ana
* Severity: SEV-3

## Signs
Slow.

## How to
Wait.

## Fix
Warm it.
"""


def test_a_whole_one():
    book = parse("disk-full", WHOLE)
    assert (book.title, book.updated, book.owner) == ("Disk full", date(2026, 11, 1), "Platform team")
    assert book.severities == ("SEV-1", "SEV-2")
    assert book.services == ("api", "web")
    assert book.alerts == ("*DiskFull*", "no space left")
    assert book.url == "https://wiki.example.com/disk#full"
    assert (book.lacks, book.wrong) == ((), ())
    assert book.sections["diagnosis"] == "```\n# not a heading\ndf -h\n```\n\n### Deeper\n`du`"
    assert book.sections["mitigation"] == "Make room."


def test_one_without_a_front_matter_is_read_too_and_says_what_it_lacks():
    book = parse("cold-cache", OLDER)
    assert (book.title, book.updated, book.owner) == ("Cache is cold", date(2026, 1, 31), "Ana")
    assert book.severities == ("SEV-3",)
    assert book.sections == {"symptoms": "Slow.", "mitigation": "Warm it."}
    assert book.lacks == ("diagnosis", "prevention")


@pytest.mark.parametrize("text", ["", "---", "---\n---", "\ufeff", "just words", "## \n##", "---\n- x\n: y\n---\n"])
def test_whatever_is_in_the_file_becomes_a_runbook_that_lacks_something(text):
    book = parse("some_file", text)
    assert book.title == "Some file"
    assert len(book.lacks) == 7


def test_a_date_that_is_none_and_a_line_that_is_no_pair_are_said():
    book = parse("x", "---\nlast updated: soon\nwhat is this\n---\n# X")
    assert book.wrong == (
        "`what is this` in its head is not understood; write `key: value`",
        "`soon` is not a date; write one such as 2026-11-23",
    )


def test_it_is_old_after_six_months():
    book = parse("x", "last updated: 2026-01-01\n# X")
    assert not book.old(date(2026, 7, 3))
    assert book.old(date(2026, 7, 4))
    assert not parse("x", "# X").old(date(2030, 1, 1))


BOOKS = [
    parse("disk-full", "---\nalerts: [DiskFull*, no space left]\n---\n# Disk full"),
    parse("api-slow", "---\nservices: api\nseverity: SEV-1\n---\n# API is slow"),
    parse("api-other", "---\nservices: API\n---\n# Other trouble of the API"),
    parse("everything", "---\nseverity: SEV-1\n---\n# Grave things"),
    parse("elsewhere", "# Nothing says when"),
]


@pytest.mark.parametrize(
    ("title", "severity", "services", "alerts", "fit"),
    [
        ("x", "SEV-4", (), ("DiskFullSoon", "Other"), ["disk-full"]),
        ("db1: No space left on device", "SEV-4", ("api",), (), ["disk-full"]),
        ("The disk of db1 is full", "SEV-4", (), (), ["disk-full"]),
        ("x", "SEV-1", ("web", "api"), (), ["api-slow", "api-other"]),
        ("x", "SEV-2", ("api",), (), ["api-other"]),
        ("x", "SEV-1", (), (), ["everything"]),
        ("x", "SEV-2", (), (), []),
    ],
)
def test_what_says_most_decides_which_fits(title, severity, services, alerts, fit):
    incident = Incident(title, severity, "U0001", NOW, services=services)
    assert [book.name for book in fitting(BOOKS, incident, alerts)] == fit


def test_a_service_may_name_one_that_does_not_know_it():
    incident = Incident("x", "SEV-2", "U0001", NOW, services=("web",))
    assert [book.name for book in fitting(BOOKS, incident, linked=["elsewhere"])] == ["elsewhere"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("disk-full", ["disk-full"]),
        ("Disk Full", ["disk-full"]),
        ("disk", ["disk-full"]),
        ("api", ["api-slow", "api-other"]),
        ("api slow", ["api-slow"]),
        ("nothing like it", []),
        ("…", []),
    ],
)
def test_a_name_is_typed_as_people_type(typed, found):
    assert [book.name for book in named(BOOKS, typed)] == found


def test_an_excerpt_ends_with_a_line_and_closes_its_fence():
    assert excerpt("short") == "short"
    assert excerpt("one\n```\ntwo\nthree\n```\n", 14) == "one\n```\ntwo\n```"
