"""The command as a process, and what it wrote."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.environment import ROOT

COMMAND = [sys.executable, "-m", "vigie.cli", "screen"]


def started(*words: object, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *map(str, words)], cwd=ROOT, **more)


def screened(*words: object, stdin: bytes = b"", code: int = 0) -> list[dict[str, Any]]:
    """The lines on the standard output."""
    done = subprocess.run([*COMMAND, *map(str, words)], cwd=ROOT, input=stdin, capture_output=True)
    assert done.returncode == code, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


def lines_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]
