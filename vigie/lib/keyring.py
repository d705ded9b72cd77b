"""Making a hotline's keys: one directory, readable by its owner alone.

worker.key      age identities: the first seals, all open locators and the inbox (worker, desk)
index.key       HMAC keys of the search hashes, the present one first; last, the one that draws
                the places of the public figures (worker, desk)
operators.age   the same, locked with a passphrase: opens what reporters wrote (desk)
journal.key/pub Ed25519: signs the journal's heads (worker) and checks them (anybody); of several
                in journal.pub the first is the present one
hotline.asc     OpenPGP secret key: signs what goes to the police (worker); hotline.pub.asc: give it
public.env      what the public program needs: recipients to seal to, and its own two keys

Keys of the demonstration carry a mark, each in itself, so that production refuses them wherever
they were copied to: a line of remark in a file, an ending in a value. (operators.age is a format
that takes none; without its recipient, which is marked, it opens nothing.)
"""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from pysequoia import Tsk

from vigie.lib import seal
from vigie.lib.keys import PLACES


def make_keys(folder: Path, passphrase: str, user_id: str, *, mark: str = "") -> None:
    """Make every key in a new directory. Raises `FileExistsError`: keys are never overwritten.

    ``mark``: one word that says what they are for, if not for use. Put it into ``user_id`` too.
    """
    remark = f"# {mark}\n".encode() if mark else b""
    folder.mkdir(mode=0o700, parents=True)
    worker, worker_recipient = seal.new_identity()
    operators, operators_recipient = seal.new_identity()
    journal = Ed25519PrivateKey.generate()
    write(folder / "worker.key", remark + worker.encode())
    index = f"{secrets.token_hex(32)}\n{PLACES}{secrets.token_hex(32)}\n"
    write(folder / "index.key", remark + index.encode())
    write(folder / "operators.age", seal.lock(operators, passphrase))
    write(
        folder / "journal.key",
        remark + journal.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    write(
        folder / "journal.pub",
        remark + journal.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )
    make_openpgp(folder / "hotline.asc", folder / "hotline.pub.asc", user_id)
    lines = [
        f"VIGIE_INBOX_RECIPIENT={worker_recipient}",
        f"VIGIE_OPERATORS_RECIPIENT={operators_recipient}",
        f"VIGIE_RECEIPT_KEY={secrets.token_hex(32)}",
        f"VIGIE_SECRET_KEY={secrets.token_urlsafe(48)}",
    ]
    ending = f"+{mark}\n" if mark else "\n"
    write(folder / "public.env", "".join(line + ending for line in lines).encode())


def make_openpgp(secret: Path, certificate: Path, user_id: str) -> None:
    key = Tsk.generate(user_id)
    write(secret, str(key).encode())
    write(certificate, str(key.extract_certificate()).encode())


def write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(data)


def replace(path: Path, data: bytes) -> None:
    """Another content for a key file, whole or not at all; its owner stays."""
    new, owner = path.with_name(f"{path.name}.new"), path.stat()
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if os.geteuid() == 0:
        os.chown(new, owner.st_uid, owner.st_gid)
    new.replace(path)


def remarks(path: Path) -> bytes:
    """The remarks of a key file: what follows it keeps the demonstration's mark."""
    lines = path.read_bytes().splitlines()
    return b"".join(line + b"\n" for line in lines if line.startswith(b"#"))


def read_env(path: Path) -> dict[str, str]:
    """``NAME=value`` lines."""
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs}
