"""Sealing: what is written here can be read only by who holds the other key.

One format for everything at rest: age (X25519, https://age-encryption.org/v1), by pyrage.
Lengths are padded first (Padmé, https://petsymposium.org/popets/2019/popets-2019-0056.php), so
that the size of a sealed report says little of what it holds.
"""

import contextlib
import hashlib
import hmac
import struct

import bech32
import pyrage

SMALLEST = 512  # bytes: every short text looks alike


class Unsealable(Exception):
    """These bytes do not open with this key (wrong key, or not whole)."""


def new_identity() -> tuple[str, str]:
    """A fresh pair: (identity ``AGE-SECRET-KEY-1…``, recipient ``age1…``)."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def identity_from(secret: bytes) -> str:
    """The identity whose private key is these 32 bytes, as age writes it (Bech32)."""
    letters = bech32.convertbits(secret, 8, 5) or []
    return str(bech32.bech32_encode("age-secret-key-", letters)).upper()


def recipient_of(identity: str) -> str:
    """The recipient of the first identity: of several, the others only open."""
    return str(pyrage.x25519.Identity.from_str(identity.split()[0]).to_public())


def padded_length(length: int) -> int:
    """Padmé: at most 12 % longer, and only O(log log n) bits of the length are visible."""
    if length <= SMALLEST:
        return SMALLEST
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def seal(recipient: str, text: str) -> bytes:
    """Seal a text to a recipient (``age1…``)."""
    return seal_bytes(recipient, text.encode("utf-8", "surrogatepass"))


def seal_bytes(recipient: str, data: bytes) -> bytes:
    """Seal bytes, of at most 4 GiB, to a recipient."""
    framed = struct.pack(">I", len(data)) + data
    framed += bytes(padded_length(len(framed)) - len(framed))
    sealed: bytes = pyrage.encrypt(framed, [pyrage.x25519.Recipient.from_str(recipient)])
    return sealed


def unseal(identity: str, sealed: bytes) -> str:
    """The text that was sealed. Raises `Unsealable`.

    ``identity``: one, or several with space between them, of which any may open it.
    """
    try:
        return str(unseal_bytes(identity, sealed), "utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise Unsealable(type(error).__name__) from None


def unseal_bytes(identity: str, sealed: bytes) -> bytes:
    """The bytes that were sealed; as `unseal`."""
    try:
        ours = [pyrage.x25519.Identity.from_str(one) for one in identity.split()]
        framed: bytes = pyrage.decrypt(bytes(sealed), ours)
        (length,) = struct.unpack(">I", framed[:4])
        if length > len(framed) - 4:
            raise Unsealable("shorter than it says")
        return framed[4 : 4 + length]
    except (pyrage.DecryptError, pyrage.IdentityError, struct.error) as error:
        raise Unsealable(type(error).__name__) from None


def lock(identity: str, passphrase: str) -> bytes:
    """A private key, locked with a passphrase (age's scrypt recipient)."""
    locked: bytes = pyrage.passphrase.encrypt(identity.encode(), passphrase)
    return locked


def unlock(locked: bytes, passphrase: str) -> str:
    """The private key inside. Raises `Unsealable` for a wrong passphrase."""
    # Twice: age first measures, for a moment, how fast this machine is, and refuses what would take
    # it far too long. A machine that was busy just then seems slow, and its error is the same.
    for _ in range(2):
        with contextlib.suppress(pyrage.DecryptError):
            return str(pyrage.passphrase.decrypt(locked, passphrase), "utf-8")
    raise Unsealable("wrong passphrase")


def keyed_hash(key: bytes, purpose: str, text: str) -> bytes:
    """HMAC-SHA-256 of a text under a key and a purpose: 32 bytes to search by, not to read."""
    message = purpose.encode() + b"\0" + text.encode("utf-8", "surrogatepass")
    return hmac.digest(key, message, hashlib.sha256)
