"""Runs every benchmark of this folder, in a database of its own that is gone afterwards."""

import os
import tempfile
from pathlib import Path

from vigie.lib.keyring import make_keys, read_env

ROOT = Path(__file__).resolve().parent.parent


def environment(folder: Path) -> dict[str, str]:
    """Settings for file databases in ``folder``: what a fresh installation would have."""
    make_keys(folder / "keys", "a passphrase of the benchmarks", "Bench <bench@aurore.test>")
    return {
        **read_env(folder / "keys/public.env"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VIGIE_MODE": "test",
        "VIGIE_SURFACE": "desk",
        "VIGIE_KEYS": str(folder / "keys"),
        "VIGIE_ORGANISATION": str(ROOT / "config/organisation.demo.toml"),
        "VIGIE_PUBLIC_URL": "http://localhost",
        "VIGIE_DESK_URL": "http://localhost",
        "VIGIE_DATABASE": f"sqlite:///{folder / 'vigie.sqlite3'}",
        "VIGIE_FRONT_DATABASE": f"sqlite:///{folder / 'front.sqlite3'}",
        "VIGIE_SMTP": "console:",
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as name:
        os.environ.update(environment(Path(name)))
        from bench import card, road

        for part in (road, card):
            part.main()
