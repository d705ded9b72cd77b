"""The tests' environment: keys made anew, databases in memory, nothing of the machine's own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

FOLDER = Path(tempfile.mkdtemp(prefix="vigie-test-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
PASSPHRASE = "a passphrase of the tests"


def pytest_configure(config: pytest.Config) -> None:
    """Runs before Django's settings are read."""


def _environment() -> dict[str, str]:
    from vigie.lib.keyring import make_keys, make_openpgp, read_env

    keys = FOLDER / "keys"
    make_keys(keys, PASSPHRASE, "Test hotline <liaison@aurore.test>")
    for name in ("police-be", "partner-lu"):
        make_openpgp(FOLDER / f"{name}.secret.asc", keys / f"{name}.asc", f"<{name}@x.test>")
    database = os.environ.get("VIGIE_TEST_POSTGRES")
    return {
        **read_env(keys / "public.env"),
        "VIGIE_MODE": "test",
        "VIGIE_SURFACE": "desk",
        "VIGIE_KEYS": str(keys),
        "VIGIE_ORGANISATION": str(Path(__file__).parent / "config/organisation.demo.toml"),
        "VIGIE_PUBLIC_URL": "http://localhost:8400",
        "VIGIE_DESK_URL": "http://desk.localhost:8401",
        "VIGIE_HOSTS": "localhost,testserver,desk.localhost",
        "VIGIE_DATABASE": f"{database}/vigie" if database else "sqlite:///",
        "VIGIE_FRONT_DATABASE": f"{database}/vigie_front" if database else "sqlite:///",
        "VIGIE_JOURNAL_HEADS": str(FOLDER / "heads.jsonl"),
        "VIGIE_SMTP": "console:",
    }


os.environ.update(_environment())
