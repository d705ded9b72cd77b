"""How a later page is bound to the report that was sent: a token in its body, and nothing kept.

The token is the letter's number and a keyed hash of it: who has it may add to that report, and
learns nothing of it. It stands in no address and in no cookie, and dies with the page.
"""

import hmac
import uuid

from django.conf import settings

from vigie.lib.seal import keyed_hash

NUMBER, PROOF = 32, 32  # hexadecimal digits


def token_of(letter: uuid.UUID) -> str:
    """What lets the next page add to this letter's report."""
    return letter.hex + _proof(letter.hex, settings.RECEIPT_KEY)


def letter_of(token: str) -> uuid.UUID | None:
    """The letter that a token of ours speaks of; None: this is none, or not whole."""
    number, proof = token[:NUMBER], token[NUMBER:]
    given = proof.encode("utf-8", "replace")
    keys = [settings.RECEIPT_KEY, *settings.RECEIPT_KEYS_BEFORE]
    if not any([hmac.compare_digest(_proof(number, key).encode(), given) for key in keys]):
        return None
    return uuid.UUID(hex=number)


def _proof(number: str, key: bytes) -> str:
    return keyed_hash(key, "continue", number).hex()[:PROOF]
