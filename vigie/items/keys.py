"""The worker's and the desk's keys, read from the key directory once.

The public program has no such directory (settings refuse it).
"""

import functools

from django.conf import settings

from vigie.lib.seal import keyed_hash, recipient_of, seal, unseal


@functools.cache
def worker_identity() -> str:
    return (settings.KEYS / "worker.key").read_text().strip()


@functools.cache
def _worker_recipient() -> str:
    return recipient_of(worker_identity())


@functools.cache
def _index_key() -> bytes:
    return bytes.fromhex((settings.KEYS / "index.key").read_text().strip())


def sealed(text: str) -> bytes:
    return seal(_worker_recipient(), text)


def opened(data: bytes | memoryview) -> str:
    return unseal(worker_identity(), bytes(data))


def locator_hash(kind: str, canonical: str) -> bytes:
    return keyed_hash(_index_key(), f"locator {kind}", canonical)


def domain_hash(domain: str) -> bytes:
    return keyed_hash(_index_key(), "domain", domain.casefold())
