"""New keys for old: each file is replaced whole, and holds the old key until it is retired.

Every rotation is a line of the journal, with the fingerprint of the new public part.
"""

import hashlib
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.db import transaction

from vigie.journal.heads import PEM, sign_head
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import keyring, seal
from vigie.lib.keys import PLACES, Generation, bare_lines

BY = "command line"


def fingerprint(public: str | bytes) -> str:
    """Of a public part: enough to compare by eye."""
    data = public if isinstance(public, bytes) else public.encode()
    return hashlib.sha256(data).hexdigest()[:16]


def rotate_worker(folder: Path) -> str:
    """A new identity in ``worker.key``, before the old ones. Returns its recipient."""
    path = folder / "worker.key"
    identities, recipient = with_new("\n".join(bare_lines(path)))
    with transaction.atomic():
        append(Verb.KEY_ROTATED, "key:worker", BY, public=fingerprint(recipient))
        keyring.replace(path, keyring.remarks(path) + identities.encode())
    return recipient


def rotate_operators(folder: Path, before: str, passphrase: str) -> str:
    """A new identity, locked with those before it under a new passphrase. Returns its recipient.

    ``before``: the identities as unlocked.
    """
    identities, recipient = with_new(before)
    locked = seal.lock(identities, passphrase)
    with transaction.atomic():
        append(Verb.KEY_ROTATED, "key:operators", BY, public=fingerprint(recipient))
        keyring.replace(folder / "operators.age", locked)
    return recipient


def with_new(before: str) -> tuple[str, str]:
    """A new identity before the others, and its recipient."""
    identity, recipient = seal.new_identity()
    return "\n".join([identity, *before.split()]), recipient


def rotate_journal(folder: Path, heads: Path) -> str:
    """A new signing key. The old one signs the line that names the new one, its last act.

    ``journal.pub`` first: whatever comes between, what was signed can be checked.
    """
    secret, public = folder / "journal.key", folder / "journal.pub"
    key = Ed25519PrivateKey.generate()
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    append(Verb.KEY_ROTATED, "key:journal", BY, public=fingerprint(pem))
    sign_head(heads, secret.read_bytes())
    before = b"\n".join(PEM.findall(public.read_bytes()))
    keyring.replace(public, keyring.remarks(public) + pem + before + b"\n")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    keyring.replace(secret, keyring.remarks(secret) + private)
    return fingerprint(pem)


def rotate_index(folder: Path) -> str:
    """A new key to search by, before the old ones. Returns its name.

    The key that draws the places of the public figures stays what it is: a publication that climbs
    must not tell that keys were changed. Where it had no line of its own, it gets one.
    """
    path = folder / "index.key"
    before = bare_lines(path)
    if not any(line.startswith(PLACES) for line in before):
        before.append(PLACES + before[-1])
    key = secrets.token_bytes(32)
    with transaction.atomic():
        append(Verb.KEY_ROTATED, "key:index", BY, public=Generation(key).name)
        _replace_lines(path, [key.hex(), *before])
    return Generation(key).name


def _replace_lines(path: Path, lines: list[str]) -> None:
    keyring.replace(path, keyring.remarks(path) + "".join(f"{one}\n" for one in lines).encode())


def new_receipt_key() -> str:
    """For the public program's environment; nothing here needs it, so nothing here changes."""
    key = secrets.token_hex(32)
    append(Verb.KEY_ROTATED, "key:receipts", BY)
    return key


def retire_worker(folder: Path) -> int:
    """Throw the old identities away; the caller has made sure that nothing needs them."""
    path = folder / "worker.key"
    present, *old = bare_lines(path)
    with transaction.atomic():
        append(Verb.KEY_RETIRED, "key:worker", BY, keys=len(old))
        keyring.replace(path, keyring.remarks(path) + present.encode())
    return len(old)


def retire_index(folder: Path) -> int:
    """As `retire_worker`; what draws the places of the figures stays."""
    path = folder / "index.key"
    lines = bare_lines(path)
    places = [line for line in lines if line.startswith(PLACES)]
    present, *old = [line for line in lines if line not in places]
    with transaction.atomic():
        append(Verb.KEY_RETIRED, "key:index", BY, keys=len(old))
        _replace_lines(path, [present, *places])
    return len(old)


def retire_operators(folder: Path, identity: str, passphrase: str) -> int:
    """``identity``: as unlocked, the present one first."""
    present, *old = identity.split()
    locked = seal.lock(present, passphrase)
    with transaction.atomic():
        append(Verb.KEY_RETIRED, "key:operators", BY, keys=len(old))
        keyring.replace(folder / "operators.age", locked)
    return len(old)
