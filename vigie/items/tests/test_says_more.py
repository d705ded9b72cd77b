"""Words beside the places of a report: somebody has to read them."""

import pytest

from vigie.items.locators import read, says_more


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("http://a.test/one", False),
        ("http://a.test/one\nhttp://a.test/two", False),
        ("Telegram @somebody", False),
        ("see http://a.test/one", False),
        ("http://a.test/one the man lives in our street", True),
        ("@somebody: she is eight, he is with her now!", True),
        ("http://a.test/one он живёт рядом с нами", True),
        ("", False),
    ],
)
def test_words_beside_the_places(text, more):
    assert says_more(text, len(read(text).locators)) is more
