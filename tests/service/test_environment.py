"""The file .env gives what the shell does not."""

import pytest

from service.environment import from_file


@pytest.fixture
def read(tmp_path):
    def read(text):
        (tmp_path / ".env").write_text(text, encoding="utf-8")
        return from_file(tmp_path / ".env")

    return read


def test_no_file_is_no_variables(tmp_path):
    assert from_file(tmp_path / ".env") == {}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=xoxb-1", "xoxb-1"),
        ("export NAME = xoxb-1  ", "xoxb-1"),
        ("NAME='a b'", "a b"),
        ('NAME="a=b#c"', "a=b#c"),
        ("NAME=", ""),
        ("NAME='", "'"),
        ("\ufeffNAME=1\r", "1"),
    ],
)
def test_a_variable_is_read_as_a_shell_would(read, line, value):
    assert read(f"{line}\n") == {"NAME": value}


def test_comments_and_empty_lines_are_passed_over_and_the_last_value_counts(read):
    assert read("# secrets\n\n  # more\nNAME=1\nNAME=2\n") == {"NAME": "2"}


def test_a_line_that_is_none_is_named_and_its_text_is_not_shown(read):
    with pytest.raises(ValueError, match=r"\.env:2: write NAME=value$"):
        read("A=1\nhidden-5f3a\n")


def test_a_file_that_nobody_can_read_is_named(tmp_path):
    (tmp_path / ".env").write_bytes(b"NAME=\xff\xfe")
    with pytest.raises(ValueError, match=r"\.env: is not UTF-8 text; write it anew$"):
        from_file(tmp_path / ".env")


def test_a_folder_in_its_place_as_a_mount_of_nothing_makes_is_no_missing_file(tmp_path):
    (tmp_path / ".env").mkdir()
    with pytest.raises(ValueError, match=r"\.env: cannot be read \(Is a directory\); it has to be a file"):
        from_file(tmp_path / ".env")
