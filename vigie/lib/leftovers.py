"""What was deleted must also leave the file: SQLite's write-ahead log holds every page as it was.

With ``secure_delete`` (`config.environment.database`) a deleted row is overwritten with zeros, but
in the log first: the database's own file and older pages of the log keep the bytes until the log
has been worked in. On a quiet machine nothing does that, so the worker does.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connections

PATIENCE = 0.2  # seconds in which nobody may read an older state; nobody writes meanwhile


def empty_logs() -> int:
    """Of both databases, where they are files. Whatever is busy is left to the next time."""
    for alias in connections:
        if connections[alias].vendor == "sqlite":
            empty_log(Path(str(connections[alias].settings_dict["NAME"])))
    return 0


def empty_log(file: Path) -> bool:
    """Work the log into the file and cut it to nothing; whether that could be done now."""
    log = file.with_name(file.name + "-wal")
    if not log.exists() or log.stat().st_size == 0:
        return True
    with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as own:
        busy, *_pages = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
