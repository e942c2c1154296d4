"""What a Retry button carries comes back."""

import pytest

from views.actions import pick, read_retry, retry_value


def test_a_retry_is_read_back():
    assert read_retry(retry_value(42, 17)) == (42, 17)


@pytest.mark.parametrize("value", ["", "42", "42:", ":17", "a:b"])
def test_a_strange_retry_is_an_error(value):
    with pytest.raises(ValueError, match="invalid literal"):
        read_retry(value)


def test_a_menu_is_named_by_its_verb():
    assert pick("resolve") == "pick:resolve"
