"""What is a number, and what only looks like one."""

import pytest

from vigie.lib.numbers import whole_number

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("12", 12), ("007", 7), ("9" * 18, 10**18 - 1)]
)
def test_digits_are_a_number(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "²", "1²", "٣", "-1", "+1", "1.0", " 1", "1_0", "x", "9" * 19]
)
def test_anything_else_is_none(text):
    assert whole_number(text) is None
