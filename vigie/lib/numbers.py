"""Numbers as visitors write them into addresses and forms: hostile input like any other."""

LONGEST = 18  # digits: more do not fit a database's integer


def whole_number(text: str) -> int | None:
    """``text`` as a whole number from 0 on; None if it is anything else.

    Digits of ASCII only: ``"²".isdigit()`` is true, and ``int("²")`` fails.
    """
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if plain else None
