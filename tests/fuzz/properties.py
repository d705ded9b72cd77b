"""What must hold for any text that is read as places: the fuzzer and the suite share it."""

import time

from vigie.items.locators import LONGEST_ADDRESS, LONGEST_WORDS, MOST, Kind, Locator, read

HINTS = ("", "web", "onion", "account", "app", "other", "something new")
MARK = 120  # letters that the mark of a cut may take
LONGEST = {
    Kind.WEB: LONGEST_ADDRESS,
    Kind.ONION: LONGEST_ADDRESS,
    Kind.ACCOUNT: LONGEST_WORDS,
    Kind.APP: LONGEST_WORDS,
    Kind.DESCRIPTION: LONGEST_ADDRESS + MARK,  # an address that was cut is one too
}


class Broken(AssertionError):
    """A property does not hold; the words say which."""


def check(text: str, hint: str, *, seconds_a_letter: float | None = None) -> None:
    """Raises `Broken`, or whatever reading raised. ``seconds_a_letter``: no slower than this."""
    start = time.thread_time()
    reading = read(text, hint)
    took = time.thread_time() - start
    if seconds_a_letter and took > 0.05 + seconds_a_letter * len(text):
        raise Broken(f"slow: {took:.3f} s for {len(text)} letters")
    found = reading.locators
    if bool(found) != bool(text.replace("\0", " ").split()):
        raise Broken("a text with words gives a place, a blank one none")
    if len({(one.kind, one.canonical) for one in found}) != len(found) or len(found) > MOST:
        raise Broken("each place once, and not too many")
    for one in found:
        _check_one(one, hint)


def _check_one(one: Locator, given: str) -> None:
    name = one.canonical
    if not name or "\0" in name or "\0" in one.domain or len(name) > LONGEST[one.kind]:
        raise Broken(f"not fit to keep: {one!r:.200}")
    if one.kind in (Kind.WEB, Kind.ONION) and not (name.isascii() and name.startswith("http")):
        raise Broken(f"not an address as a browser sends it: {one!r:.200}")
    # An address says of itself what it is; of other words the desk knows which kind they are.
    hint = {Kind.ACCOUNT: "account", Kind.APP: "app", Kind.DESCRIPTION: given}.get(one.kind, "")
    again = [(other.kind, other.canonical) for other in read(name, hint).locators]
    if again != [(one.kind, name)]:
        raise Broken(f"read again it is another: {one!r:.200} → {again!r:.400}")
