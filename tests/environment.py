"""The tests' settings: keys made anew, databases of their own, nothing of the machine's.

Importing this sets the environment; it has to happen before Django reads its settings.
"""

import atexit
import functools
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from vigie.lib import seal
from vigie.lib.keyring import make_keys, make_openpgp, read_env

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(tempfile.mkdtemp(prefix="vigie-test-"))
PASSPHRASE = "a passphrase of the tests"
THOROUGH = bool(os.environ.get("MATRIX"))  # `make test-all`: more rounds, larger numbers
_unlock = seal.unlock


@functools.cache
def _unlocked(locked: bytes, passphrase: str) -> str:
    """A passphrase is worked on for a second, as it should be: here once for all processes."""
    name = hashlib.sha256(bytes(locked) + passphrase.encode()).hexdigest()
    kept = Path(os.environ["TESTS_FOLDER"]) / f"unlocked-{name}"
    if not kept.exists():
        new = kept.with_suffix(f".{os.getpid()}")
        new.write_text(_unlock(locked, passphrase))
        new.replace(kept)
    return kept.read_text()


seal.unlock = _unlocked


def _keys() -> Path:
    """Made by the first process; those that it starts to share the tests copy them."""
    keys = FOLDER / "keys"
    if made := os.environ.get("TESTS_FOLDER"):
        shutil.copytree(Path(made), FOLDER, dirs_exist_ok=True, ignore=_all_but_keys)
        return keys
    make_keys(keys, PASSPHRASE, "Test hotline <liaison@aurore.test>")
    for name in ("police-be", "partner-lu"):
        make_openpgp(FOLDER / f"{name}.secret.asc", keys / f"{name}.asc", f"<{name}@x.test>")
    os.environ["TESTS_FOLDER"] = str(FOLDER)
    return keys


def _all_but_keys(folder: str, names: list[str]) -> list[str]:
    inside = Path(folder).name == "keys"
    return [name for name in names if not (inside or name == "keys" or name.endswith(".asc"))]


def _environment() -> dict[str, str]:
    keys = _keys()
    database = os.environ.get("VIGIE_TEST_POSTGRES")
    return {
        **read_env(keys / "public.env"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VIGIE_MODE": "test",
        "VIGIE_SURFACE": "desk",
        "VIGIE_KEYS": str(keys),
        "VIGIE_ORGANISATION": str(ROOT / "config/organisation.demo.toml"),
        "VIGIE_PUBLIC_URL": "http://localhost:8400",
        "VIGIE_DESK_URL": "http://desk.localhost:8401",
        "VIGIE_HOSTS": "localhost,testserver,desk.localhost",
        "VIGIE_DATABASE": f"{database}/vigie" if database else "sqlite:///",
        "VIGIE_FRONT_DATABASE": f"{database}/vigie_front" if database else "sqlite:///",
        "VIGIE_JOURNAL_HEADS": str(FOLDER / "heads.jsonl"),
        "VIGIE_HASH_INDEX": str(FOLDER / "hash-index"),
        "VIGIE_SMTP": "console:",
        "VIGIE_UNDO_SECONDS": "0",
    }


atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ.update(_environment())
