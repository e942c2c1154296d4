"""The folder of runbooks: only its own files, each read again when it changes."""

import os

import pytest

from domain.policy import Policy
from service import config
from service.runbooks import MOST_BYTES, Shelf
from tests.world import ROOT

LEAST = """
severities: {SEV-1: {label: critical, means: all is down, acknowledge_within: 5m}}
people: {ana: {name: Ana, slack: U0001}}
escalation_policies: {default: {levels: [{people: [ana]}]}}
"""


@pytest.fixture
def shelf(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(LEAST)
    (tmp_path / "runbooks").mkdir()
    return Shelf(Policy(config.load(file, {})), tmp_path)


def names(shelved):
    return [book.name for book in shelved.books]


def test_a_file_is_read_again_only_when_it_changes_and_forgotten_when_it_goes(shelf, tmp_path):
    file = tmp_path / "runbooks" / "a.md"
    file.write_text("# One")
    [first] = shelf.read().books
    assert shelf.read().books[0] is first
    file.write_text("# Two")
    os.utime(file, (1, 1))
    assert shelf.read().books[0].title == "Two"
    file.unlink()
    assert shelf.read().books == ()


def test_what_is_no_runbook_is_left_out_and_what_cannot_be_used_is_said_with_its_path(shelf, tmp_path):
    folder, outside = tmp_path / "runbooks", tmp_path / "outside.md"
    outside.write_text("# hidden")
    (folder / "README.md").write_text("# How to")
    (folder / "notes.txt").write_text("x")
    (folder / "good.md").write_text("# Good")
    (folder / "inside.md").symlink_to(folder / "good.md")
    (folder / "out.md").symlink_to(outside)
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "gone.md").symlink_to(folder / "nowhere")
    (folder / "folder.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    (folder / "full.md").write_text("x" * MOST_BYTES)
    (folder / "huge.md").write_text("x" * (MOST_BYTES + 1))
    (folder / "bytes.md").write_bytes(b"\xff")
    (folder / "a\nb.md").write_text("# x")

    shelved = shelf.read()
    assert names(shelved) == ["full", "good", "inside"]
    why = {each.path.removeprefix("runbooks/"): each.why for each in shelved.broken}
    assert why["out.md"] == "leads out of the folder; put the file itself there"
    assert why["gone.md"] == "cannot be read (No such file or directory)"
    assert why["loop.md"].startswith("cannot be read (")
    assert why["folder.md"] == why["pipe.md"] == "is not a file"
    assert why["huge.md"] == "is larger than 256 KB"
    assert why["bytes.md"] == "is not UTF-8 text"
    assert "a name" in why["a\nb.md"]
    assert len(why) == 8


def test_a_folder_that_is_not_there_is_said_and_breaks_nothing(shelf, tmp_path):
    (tmp_path / "runbooks").rmdir()
    shelved = shelf.read()
    assert (shelved.books, shelved.missing) == ((), "runbooks")


def test_the_delivered_ones_lack_nothing():
    shelved = Shelf(Policy(config.load(ROOT / "config.yaml", {})), ROOT).read()
    assert names(shelved) == [
        *("alert-storm", "connection-pool-exhausted", "deployment-failed", "disk-full", "rate-limit-exceeded"),
    ]
    assert [(book.name, book.lacks, book.wrong) for book in shelved.books if book.lacks or book.wrong] == []
    assert shelved.broken == ()
