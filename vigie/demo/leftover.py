"""What an earlier demonstration left running: `vigie demo run` was killed, its programs live.

Who runs a demonstration holds a lock on its folder; a process that is killed lets go of it.
"""

import fcntl
import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import IO

from vigie.demo import environment as env

NAMES = ("sandbox", "public", "desk", "worker", "match")


def claim_folder() -> IO[str] | None:
    """Holds the folder while the answer is kept; None if another does."""
    lock = (env.FOLDER / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def end_leftovers() -> bool:
    """Ends what nobody minds any more; False where there was nothing, or somebody minds it."""
    left = [group for group in map(group_of, NAMES) if group]
    if not left or not (lock := claim_folder()):
        return False
    with lock:
        for group in left:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
    time.sleep(0.5)  # until the ports are free
    return True


def group_of(name: str) -> int:
    """The number of a program that runs, and of its group; 0: it does not run."""
    try:
        pid = int((env.FOLDER / f"{name}.pid").read_text())
    except (OSError, ValueError):
        return 0
    # After an unclean end the number may be somebody else's by now.
    look = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    command = subprocess.run(look, capture_output=True, text=True, check=False).stdout
    return pid if any(word in command for word in ("vigie", "granian")) else 0
