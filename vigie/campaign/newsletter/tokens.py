"""Keyed hashes to find an address by, and the tokens in the links of our letters.

A token is 256 bits, derived from a key that the public program does not have. The table holds only
its keyed hash: who steals the table can neither confirm nor unsubscribe anybody.

When that key is replaced, a subscriber gets other tokens. Those in letters that were sent still
work: a plain hash of each is kept (`EarlierLink`), which needs no key.
"""

import functools
import hashlib
from base64 import urlsafe_b64encode
from uuid import UUID

from django.conf import settings

from vigie.campaign.newsletter.addresses import Address
from vigie.campaign.newsletter.models import Subscriber
from vigie.journal.selectors import is_stale
from vigie.lib.keys import Generation, Keys, StaleKey


@functools.cache
def keys() -> Keys:
    return Keys(settings.KEYS)


def refuse_stale() -> None:
    """Raises `StaleKey` if the key was replaced meanwhile; next time it is read anew."""
    if is_stale(keys()):
        keys.cache_clear()
        raise StaleKey


def address_hash(address: Address) -> bytes:
    """As it is written now."""
    return address_hashes(address)[0]


def address_hashes(address: Address) -> list[bytes]:
    """As it may have been written, the present one first."""
    return keys().each_hashed("newsletter address", address.canonical)


def mailbox_hashes(address: Address) -> list[bytes]:
    return keys().each_hashed("newsletter mailbox", address.mailbox)


def confirm_token(subscriber: UUID, by: Generation | None = None) -> str:
    """Of this subscription alone: erased and asked for again, an old link confirms nothing."""
    return _token("newsletter confirm", str(subscriber), by)


def leave_token(hashed_address: bytes | memoryview, by: Generation | None = None) -> str:
    """Of the address: the link in an old letter still works after a second subscription."""
    return _token("newsletter unsubscribe", bytes(hashed_address).hex(), by)


def generation_of(subscriber: Subscriber) -> Generation:
    """With which of the keys this row's hashes were made: known by trying."""
    for one in keys().generations:
        token = leave_token(subscriber.address_hash, one)
        if one.hashed("newsletter token", token) == bytes(subscriber.leave_hash):
            return one
    refuse_stale()
    raise StaleKey


def links_of(subscriber: Subscriber) -> tuple[str, str]:
    """The tokens to confirm and to leave that this row answers to."""
    by = generation_of(subscriber)
    return confirm_token(subscriber.pk, by), leave_token(subscriber.address_hash, by)


def token_hash(token: str) -> bytes:
    return token_hashes(token)[0]


def token_hashes(token: str) -> list[bytes]:
    return keys().each_hashed("newsletter token", token)


def plain_hash(token: str) -> bytes:
    """Of 256 random bits: nobody finds them by trying."""
    return hashlib.sha256(token.encode()).digest()


def _token(purpose: str, about: str, by: Generation | None) -> str:
    one = by or keys().generations[0]
    return urlsafe_b64encode(one.hashed(purpose, about)).decode().rstrip("=")
