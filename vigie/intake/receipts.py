"""Receipts: eight everyday words, 80 random bits, minted by the server and kept nowhere.

80 random bits need no slow hash: what is kept is HMAC-SHA-256 under the public program's key.
"""

import functools
import secrets
import unicodedata
from pathlib import Path

from django.conf import settings

from vigie.lib.seal import keyed_hash

WORDS = 8  # of 1,024 each: 80 bits
FOLDER = Path(__file__).parent / "words"


@functools.cache
def word_list(language: str) -> tuple[str, ...]:
    return tuple((FOLDER / f"{language}.txt").read_text("utf-8").split())


@functools.cache
def _known_words() -> frozenset[str]:
    return frozenset(_fold(word) for code, _ in settings.LANGUAGES for word in word_list(code))


def _fold(text: str) -> str:
    """Without accents and case: how a word is compared."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c))


def mint(language: str) -> str:
    """A new receipt: eight words separated by spaces."""
    words = word_list(language)
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def normalise(text: str) -> str | None:
    """The receipt in what somebody typed (case, accents, commas forgiven); None: not a receipt."""
    words = _fold(text).replace(",", " ").replace("-", " ").split()
    if len(words) != WORDS or not _known_words().issuperset(words):
        return None
    return " ".join(words)


def receipt_hash(normalised: str) -> bytes:
    return keyed_hash(settings.RECEIPT_KEY, "receipt", normalised)
