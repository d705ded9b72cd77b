"""The worker's and the desk's keys, as items use them: sealed locators, hashes to search by."""

import functools

from django.conf import settings

from vigie.journal.selectors import is_stale
from vigie.lib.keys import Keys, StaleKey
from vigie.lib.visible import visible


@functools.cache
def _keys() -> Keys:
    return Keys(settings.KEYS)


def refuse_stale() -> None:
    """Raises `StaleKey` if ``index.key`` was replaced meanwhile; next time it is read anew.

    Ask it after the journal's line of what was written, in the same transaction: whoever replaces
    the key writes a line, too, so either this act was first, or it sees that.
    """
    if is_stale(_keys()):
        _keys.cache_clear()
        raise StaleKey


def is_current() -> bool:
    """May a search be believed? The file is read anew first, if it was replaced meanwhile."""
    if is_stale(_keys()):
        _keys.cache_clear()
    return not is_stale(_keys())


def worker_identity() -> str:
    return _keys().identity


def sealed(text: str) -> bytes:
    return _keys().sealed(text)


def opened(data: bytes | memoryview) -> str:
    """'' where it was erased."""
    return "" if not len(data) else _keys().opened(data)


def shown(data: bytes | memoryview) -> str:
    """As `opened`, for a page of the desk."""
    return visible(opened(data))


def locator_hash(kind: str, canonical: str) -> bytes:
    """As it is written now."""
    return locator_hashes(kind, canonical)[0]


def locator_hashes(kind: str, canonical: str) -> list[bytes]:
    """As it may have been written, the present one first."""
    return _keys().each_hashed(f"locator {kind}", canonical)


def domain_hash(domain: str) -> bytes:
    return domain_hashes(domain)[0]


def domain_hashes(domain: str) -> list[bytes]:
    return _keys().each_hashed("domain", domain.casefold())


def drawn(purpose: str, text: str, below: int) -> int:
    """A number from 0 to below ``below`` that only the holder of the key can foresee.

    Always the same for the same words, so that asking again tells nothing more.
    """
    return _keys().drawn(purpose, text, below)
