"""Every text that the fuzzer began from or once stumbled over, read again each time."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.environment import THOROUGH
from tests.fuzz.properties import HINTS, check
from vigie.items.tests.texts import ACCOUNTS, TEXTS

pytestmark = pytest.mark.pure
# Each is repeated until the text is long: none may take more than its share of time.
PIECES = (
    *("a.", "a.test ", "a.test\n", "http://", "hxxp:", "//", "[", "[.]", "(dot)", " ( . ) ", "("),
    *("( ", "[(", "(.", "(. ", "(.)", "((.))", "@", "@a", "@a ", "telegram ", "telegram:", "t.me/"),
    *("?utm_a=b&", "&utm_a", "#", "%", "h", "h**p", "http://a.test/x!", "x ", "xn--", "é", "1.1."),
    *("\u202e", "\ud800", "::", "\\", "http://a.test/?utm_a&", "https://u@", ")", "\t", "\0", "。"),
    *("-", "_", "a" * 63 + ".", "magnet:?", "magnet:?xt=", "magnet:?xt=urn:btih:aaaaaaaaaaaaaaaa&"),
)
CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_no_text_of_the_corpus_breaks_a_property(path):
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    for hint in HINTS:
        check(text, hint)


@settings(deadline=None, derandomize=True, max_examples=500 if THOROUGH else 200)
@given(st.one_of(TEXTS, ACCOUNTS), st.sampled_from(HINTS))
def test_no_text_at_all_breaks_a_property(text, hint):
    """Sockets are closed to all tests but for loopback; nothing here opens even that."""
    check(text, hint)


@pytest.mark.parametrize("piece", PIECES)
def test_reading_takes_time_in_proportion_to_the_text(piece):
    text = piece * (60_000 // len(piece))
    check(text, "", seconds_a_letter=20e-6)
