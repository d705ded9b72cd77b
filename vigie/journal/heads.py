"""Signed heads: now and then the journal's last line is signed and written outside the database.

Who rewrites the whole database still cannot make the heads agree: they are signed (Ed25519) with
a key that the desk and the public program do not have, and each repeats a digest of the one
before it. Copy the file to another machine as often as you can: docs/deploy.md.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from vigie.journal.chain import Fault, Line, faults
from vigie.journal.models import Entry
from vigie.lib import clock

FIRST = "0" * 64


def sign_head(path: Path, key_pem: bytes) -> bool:
    """Append the present head to the file, signed. False when nothing is new."""
    key = load_pem_private_key(key_pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the journal's key is Ed25519")
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    rows = path.read_text().splitlines() if path.exists() else []
    if last is None or (rows and json.loads(rows[-1])["seq"] >= last[0]):
        return False
    before = hashlib.sha256(rows[-1].encode()).hexdigest() if rows else FIRST
    head = {"seq": last[0], "hash": last[1], "at": clock.now().isoformat(), "before": before}
    text = json.dumps(head, sort_keys=True)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps({**head, "signature": signature}, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def read_heads(path: Path, public_pem: bytes) -> tuple[dict[int, str], list[Fault]]:
    """The signed heads (seq to hash), and what is wrong with the file itself."""
    key = load_pem_public_key(public_pem)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("the journal's key is Ed25519")
    heads: dict[int, str] = {}
    wrong: list[Fault] = []
    before = FIRST
    for row in path.read_text().splitlines() if path.exists() else []:
        try:
            head = json.loads(row)
            signature = base64.b64decode(head.pop("signature"))
            key.verify(signature, json.dumps(head, sort_keys=True).encode())
            heads[int(head["seq"])] = str(head["hash"])
            if head["before"] != before:
                wrong.append(Fault(int(head["seq"]), "signed heads before this one are missing"))
        except (ValueError, KeyError, TypeError, InvalidSignature):
            wrong.append(Fault(0, "a signed head cannot be believed"))
        before = hashlib.sha256(row.encode()).hexdigest()
    return heads, wrong


def _lines() -> Iterator[Line]:
    fields = ("seq", "at", "actor", "verb", "subject", "detail", "previous", "hash")
    for row in Entry.objects.order_by("seq").values_list(*fields).iterator(chunk_size=2000):
        yield Line(*row)


def verify(path: Path, public_pem: bytes) -> list[Fault]:
    """Everything that is wrong with the journal, in order; empty when it stands."""
    heads, wrong = read_heads(path, public_pem)
    if not path.exists() and Entry.objects.exists():
        wrong.append(Fault(0, f"no signed heads at {path}: only the chain itself was checked"))
    return wrong + list(faults(_lines(), heads))
