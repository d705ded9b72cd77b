"""Signed heads: now and then the journal's last line is signed and written outside the database.

Who rewrites the whole database still cannot make the heads agree: they are signed (Ed25519) with
a key that neither the desk nor the public program needs or has, and each repeats a digest of the
one before it. The journal in turn names each head in a line of its own, so that a head taken from
the end of the file is missed too. Copy the file to another machine often: docs/deploy.md.
"""

import base64
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from vigie.journal.chain import Fault, Line, faults
from vigie.journal.models import Entry
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock

FIRST = "0" * 64
TAIL = 4096  # bytes; a row has about 350
FIELDS = ("seq", "at", "actor", "verb", "subject", "detail", "previous", "hash")
PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)
NAMED = re.compile(r'"head":"([0-9a-f]{64})"')
UNBELIEVABLE = (ValueError, KeyError, TypeError, AttributeError, InvalidSignature)
SIGNER = "worker"


@dataclass
class Heads:
    """The file as read: seq to hash, the digest of each row, and what is wrong with it.

    ``restores``: the rows that say that a backup took the database's place (see `restoring`).
    """

    hashes: dict[int, str] = field(default_factory=dict)
    restores: list[dict[str, Any]] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)
    wrong: list[Fault] = field(default_factory=list)


def sign_head(path: Path, key_pem: bytes, restored: dict[str, Any] | None = None) -> bool:
    """Append the present head to the file, signed. False when nothing is new.

    ``restored``: what is signed with it, of a backup; then earlier heads may speak of later lines.

    Several workers may ask at once: the file is locked, and the second finds nothing new. A row
    that was cut off while being written (power, a full disk) is taken away first.
    """
    key = load_pem_private_key(key_pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the journal's key is Ed25519")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        row_before, end = _last_row(file)
        last = Entry.objects.order_by("-seq").values_list("seq", "hash", "verb").first()
        if last is None:
            return False
        new = last[2] != Verb.JOURNAL_SIGNED and last[0] > _seq_of(row_before)
        if not new and not restored:
            return False
        head = {
            "seq": last[0],
            "hash": last[1],
            "at": clock.now().isoformat(),
            "before": _digest(row_before) if row_before else FIRST,
            **({"restored": restored} if restored else {}),
        }
        row = _written(head, key.sign(_signed_text(head)))
        if file.seek(0, os.SEEK_END) > end:
            file.truncate(end)
        file.write(row + b"\n")
        file.flush()
        os.fsync(file.fileno())
    append(Verb.JOURNAL_SIGNED, "journal", SIGNER, seq=last[0], head=_digest(row))
    return True


def _last_row(file: IO[bytes]) -> tuple[bytes, int]:
    """The last whole row (empty: none), and where it ends."""
    start = max(0, file.seek(0, os.SEEK_END) - TAIL)
    file.seek(start)
    text = file.read()
    whole = text[: text.rfind(b"\n") + 1]
    return whole[:-1].rsplit(b"\n", 1)[-1], start + len(whole)


def _seq_of(row: bytes) -> int:
    """0 for a row that is no head: then the next is signed all the same, and `verify` tells."""
    try:
        return int(_row_of(row)[0]["seq"])
    except UNBELIEVABLE:
        return 0


def last_signed(path: Path) -> int:
    """The line that the file's last whole row speaks of; 0: none."""
    if not path.exists():
        return 0
    with path.open("rb") as file:
        return _seq_of(_last_row(file)[0])


def public_keys(pem: bytes) -> list[Ed25519PublicKey]:
    """The keys of ``journal.pub``, the present one first, then those before it."""
    found = [load_pem_public_key(one) for one in PEM.findall(pem)]
    keys = [key for key in found if isinstance(key, Ed25519PublicKey)]
    if not keys or len(keys) < len(found):
        raise TypeError("the journal's key is Ed25519")
    return keys


def _believed(
    keys: list[Ed25519PublicKey], signature: bytes, head: dict[str, Any]
) -> list[Ed25519PublicKey]:
    """Who may sign after this head: its own key and newer ones. `InvalidSignature` if nobody did.

    A key that was replaced signs nothing any more: whoever found it later forges no head.
    """
    for place in reversed(range(len(keys))):
        try:
            keys[place].verify(signature, _signed_text(head))
            return keys[: place + 1]
        except InvalidSignature:
            continue
    raise InvalidSignature


def read_heads(path: Path, public_pem: bytes) -> Heads:
    """Every signed head that can be believed, and what is wrong with the others."""
    keys = public_keys(public_pem)
    found, before = Heads(), FIRST
    text = path.read_bytes() if path.exists() else b""
    for number, row in enumerate(text.removesuffix(b"\n").split(b"\n") if text else [], start=1):
        try:
            head, signature = _row_of(row)
            keys = _believed(keys, signature, head)
            if restored := head.get("restored"):
                after = int(restored["after"])
                found.hashes = {seq: one for seq, one in found.hashes.items() if seq <= after}
                found.restores.append({**restored, "seq": head["seq"], "at": head["at"]})
            found.hashes.setdefault(head["seq"], head["hash"])
            if head["before"] != before:
                found.wrong.append(Fault(head["seq"], "signed heads before this one are missing"))
        except UNBELIEVABLE:
            found.wrong.append(Fault(0, f"row {number} of the signed heads cannot be believed"))
        before = _digest(row)
        found.digests.add(before)
    return found


def _signed_text(head: dict[str, object]) -> bytes:
    return json.dumps(head, sort_keys=True).encode()


def _written(head: dict[str, object], signature: bytes) -> bytes:
    return _signed_text({**head, "signature": base64.b64encode(signature).decode()})


def _row_of(row: bytes) -> tuple[dict[str, Any], bytes]:
    """Head and signature. ``ValueError`` for a row that is not byte for byte as we write it."""
    head = json.loads(row)
    signature = base64.b64decode(head.pop("signature"))
    if _written(head, signature) != row:
        raise ValueError("not as written")
    return head, signature


def _digest(row: bytes) -> str:
    return hashlib.sha256(row).hexdigest()


def lines() -> Iterator[Line]:
    """The journal as it stands, in order."""
    rows, seq = Entry.objects.order_by("seq").values_list(*FIELDS), 0
    try:
        for row in rows.iterator(chunk_size=2000):
            seq = row[0]
            yield Line(*row)
    except ValueError:  # SQLite keeps anything, and what is no time fails a whole chunk
        rest = Entry.objects.filter(seq__gt=seq).order_by("seq").values_list("seq", flat=True)
        yield from map(_line, list(rest))


def _line(seq: int) -> Line:
    try:
        return Line(*Entry.objects.values_list(*FIELDS).get(seq=seq))
    except ValueError:
        return Line(seq, None, "", "", "", "", "")  # fits no hash: found to be changed


def gone(heads: Heads, end: int) -> Iterator[Fault]:
    """Heads that the journal, up to line ``end``, names and the file does not have."""
    signed = Entry.objects.filter(verb=Verb.JOURNAL_SIGNED, seq__lte=end).order_by("seq")
    for seq, detail in signed.values_list("seq", "detail"):
        named = NAMED.search(str(detail))
        if not named or named[1] not in heads.digests:
            yield Fault(seq, "the signed head it names is gone")


def verify(path: Path, public_pem: bytes) -> list[Fault]:
    """Everything that is wrong with the journal, in order; empty when it stands.

    The worker may write meanwhile: the lines that speak of heads are taken from before the file
    was read, and the lines that heads speak of from after.
    """
    end = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    heads = read_heads(path, public_pem)
    if not path.exists() and end:
        heads.wrong.append(Fault(0, f"no signed heads at {path}: only the chain was checked"))
    return [*heads.wrong, *faults(lines(), heads.hashes), *gone(heads, end)]
