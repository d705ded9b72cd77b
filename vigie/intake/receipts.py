"""Receipts: eight everyday words, 80 random bits, minted by the server and kept nowhere.

80 random bits need no slow hash: what is kept is HMAC-SHA-256 under the public program's key.
"""

import functools
import secrets
import unicodedata
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from vigie.intake.spelling import meant
from vigie.lib.seal import identity_from, keyed_hash, recipient_of

WORDS = 8  # of 1,024 each: 80 bits
LONGEST = 400  # characters: a page of something else need not be read
FOLDER = Path(__file__).parent / "words"


@functools.cache
def word_list(language: str) -> tuple[str, ...]:
    return tuple((FOLDER / f"{language}.txt").read_text("utf-8").split())


@functools.cache
def _folded_list(language: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in word_list(language))


@functools.cache
def _all_words(language: str) -> frozenset[str]:
    return frozenset(_folded_list(language))


def fold(text: str) -> str:
    """Without accents and case: how a word is compared."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c))


def mint(language: str) -> str:
    """A new receipt: eight words separated by spaces."""
    words = word_list(language)
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def normalise(text: str) -> str | None:
    """The receipt in what somebody typed; None: not a receipt.

    Forgiven: case, accents, what stands between the words, one slip a word, words run together.
    """
    typed = "".join(c if c.isalpha() else " " for c in fold(text[:LONGEST])).split()
    if len(typed) == WORDS and any(
        _all_words(code).issuperset(typed) for code, _ in settings.LANGUAGES
    ):
        return " ".join(typed)  # as most are: the form sends its own
    read = (meant(typed, _folded_list(code), WORDS) for code, _ in settings.LANGUAGES)
    found = list(dict.fromkeys(words for words in read if words))
    # A slip may fit the lists of two languages: then what was typed in full decides.
    best = max(found, key=lambda words: len({*typed}.intersection(words)), default=None)
    return " ".join(best) if best else None


def shown_or_new(shown: str, language: str) -> str:
    """The code a page showed. One we did not make is replaced: it never costs the report."""
    return shown if normalise(shown) else mint(language)


def receipt_hash(normalised: str) -> bytes:
    return keyed_hash(settings.RECEIPT_KEY, "receipt", normalised)


def receipt_hashes(normalised: str) -> list[bytes]:
    """Under the present key first, then under those before it (`vigie keys rotate receipts`)."""
    keys = [settings.RECEIPT_KEY, *settings.RECEIPT_KEYS_BEFORE]
    return [keyed_hash(key, "receipt", normalised) for key in keys]


def recipient_for(normalised: str) -> str:
    """The age recipient (``age1…``) to which questions are sealed; its other half: `identity_for`.

    It tells nothing of the words: they are 80 random bits.
    """
    return recipient_of(identity_for(normalised))


def identity_for(normalised: str) -> str:
    """The private key that only the words give; it is kept nowhere."""
    derive = HKDF(hashes.SHA256(), length=32, salt=None, info=b"vigie: questions by receipt")
    return identity_from(derive.derive(normalised.encode()))
