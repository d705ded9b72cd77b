"""The worker's and the desk's keys, as items use them: sealed locators, hashes to search by."""

import functools

from django.conf import settings

from vigie.lib.keys import Keys


@functools.cache
def _keys() -> Keys:
    return Keys(settings.KEYS)


def worker_identity() -> str:
    return _keys().identity


def sealed(text: str) -> bytes:
    return _keys().sealed(text)


def opened(data: bytes | memoryview) -> str:
    """'' where it was erased."""
    return "" if not len(data) else _keys().opened(data)


def locator_hash(kind: str, canonical: str) -> bytes:
    return _keys().hashed(f"locator {kind}", canonical)


def domain_hash(domain: str) -> bytes:
    return _keys().hashed("domain", domain.casefold())


def drawn(purpose: str, text: str, below: int) -> int:
    """A number from 0 to below ``below`` that only the holder of the key can foresee.

    Always the same for the same words, so that asking again tells nothing more.
    """
    return int.from_bytes(_keys().hashed(f"drawn {purpose}", text)) % below
