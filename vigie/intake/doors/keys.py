"""Keys of trusted senders, as the public program knows them: it can recognise one, no more."""

import hashlib
import secrets

from vigie.intake.doors.models import Sender

BEGINS = "vigie_"  # so that a key that was published by mistake can be searched for


def new_key() -> str:
    """256 random bits, as text."""
    return BEGINS + secrets.token_urlsafe(32)


def hash_of(key: str) -> bytes:
    """256 random bits need no slow hash and no salt: nobody can try them all."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def sender_with(key: str) -> Sender | None:
    return Sender.objects.filter(key_hash=hash_of(key), revoked_at=None).first()
