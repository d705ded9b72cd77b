"""Keyed hashes to find an address by, and the tokens in the links of our letters.

A token is 256 bits, derived from a key that the public program does not have. The table holds only
its keyed hash: who steals the table can neither confirm nor unsubscribe anybody.
"""

import functools
from base64 import urlsafe_b64encode
from uuid import UUID

from django.conf import settings

from vigie.campaign.newsletter.addresses import Address
from vigie.lib.keys import Keys


@functools.cache
def keys() -> Keys:
    return Keys(settings.KEYS)


def address_hash(address: Address) -> bytes:
    return keys().hashed("newsletter address", address.canonical)


def mailbox_hash(address: Address) -> bytes:
    return keys().hashed("newsletter mailbox", address.mailbox)


def confirm_token(subscriber: UUID) -> str:
    """Of this subscription alone: erased and asked for again, an old link confirms nothing."""
    return _token("newsletter confirm", str(subscriber))


def leave_token(hashed_address: bytes | memoryview) -> str:
    """Of the address: the link in an old letter still works after a second subscription."""
    return _token("newsletter unsubscribe", bytes(hashed_address).hex())


def token_hash(token: str) -> bytes:
    return keys().hashed("newsletter token", token)


def _token(purpose: str, about: str) -> str:
    return urlsafe_b64encode(keys().hashed(purpose, about)).decode().rstrip("=")
