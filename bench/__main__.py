"""Runs the benchmarks of this folder, each in a database of its own that is gone afterwards.

``python -m bench [road] [card] [wall] …``; all of them without a name. With VIGIE_TEST_POSTGRES (a
server's address) they run on PostgreSQL.
"""

import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import psycopg

from vigie.lib.keyring import make_keys, read_env

ROOT = Path(__file__).resolve().parent.parent
ALL = (
    "road",
    "card",
    "wall",
    "intake",
    "flood",
    "queue",
    "pictures",
    "matching",
    "recall",
    "grids",
)


def environment(folder: Path) -> dict[str, str]:
    """Settings for databases of their own: what a fresh installation would have."""
    make_keys(folder / "keys", "a passphrase of the benchmarks", "Bench <bench@aurore.test>")
    server = os.environ.get("VIGIE_TEST_POSTGRES")
    return {
        **read_env(folder / "keys/public.env"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VIGIE_MODE": "test",
        "VIGIE_SURFACE": "desk",
        "VIGIE_KEYS": str(folder / "keys"),
        "VIGIE_ORGANISATION": str(ROOT / "config/organisation.demo.toml"),
        "VIGIE_PUBLIC_URL": "http://localhost",
        "VIGIE_DESK_URL": "http://localhost",
        "VIGIE_DATABASE": f"{server}/bench" if server else f"sqlite:///{folder / 'vigie.sqlite3'}",
        "VIGIE_FRONT_DATABASE": f"{server}/bench_front"
        if server
        else f"sqlite:///{folder / 'front.sqlite3'}",
        "VIGIE_SMTP": "console:",
    }


def make_databases(server: str) -> None:
    """Two empty ones on the server; the server goes when the benchmarks end."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for database in ("bench", "bench_front"):
            connection.execute(f"DROP DATABASE IF EXISTS {database}")
            connection.execute(f"CREATE DATABASE {database}")


def one(name: str) -> None:
    if server := os.environ.get("VIGIE_TEST_POSTGRES"):
        make_databases(server)
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        os.environ.update(environment(Path(folder)))
        import_module(f"bench.{name}").main()


if __name__ == "__main__":
    names = sys.argv[1:] or ALL
    if len(names) == 1:
        one(names[0])
    else:
        # A process each: one benchmark's settings and caches must not be another's.
        for name in names:
            subprocess.run([sys.executable, "-m", "bench", name], check=True)
