"""The viewer: a process of its own that fetches one picture anew and hands back one small still.

It has no database, no keys and no secrets: its environment holds the route out and nothing else.
Nothing touches a disk. Run as a module (with the word ``large`` for a larger still): the address on
standard input; on standard output one JSON line ``{"outcome", "md5", "sha1", "sha256"}``, then the
JPEG (if there is one).
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vigie.lib.fetch import PICTURE_ACCEPT, Egress, Limits, Outcome, fetch
from vigie.lib.limited import LimitedFailed, run_limited

LIMITS = Limits(raw_bytes=30_000_000, body_bytes=30_000_000, total_seconds=25)
PASSED_ON = ("VIGIE_NAMESERVERS", "VIGIE_SANDBOX_MAP", "VIGIE_EGRESS_SOURCE", "PATH", "LANG")
ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 40
DIGESTS = ("md5", "sha1", "sha256")


@dataclass(frozen=True)
class Still:
    """``outcome``: ``ok``, a fetch outcome, ``http_404``, ``too_hard`` or ``crashed``.

    ``digests``: of the bytes that came, by `DIGESTS`; empty if none did.
    """

    outcome: str
    digests: Mapping[str, str] = field(default_factory=dict)
    jpeg: bytes = b""


def view(url: str, environ: Mapping[str, str], *, large: bool = False) -> Still:
    """Start the viewer for one address and wait for its still. Never raises."""
    clean = {name: environ[name] for name in PASSED_ON if name in environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "vigie.cases.viewer", *(["large"] if large else [])],
            input=url.encode(),
            capture_output=True,
            cwd=ROOT,
            env=clean,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return Still("crashed")
    head, _, jpeg = done.stdout.partition(b"\n")
    found = json.loads(head)
    return Still(found.pop("outcome"), found, jpeg)


def still_at(url: str, egress: Egress, *, large: bool = False) -> Still:
    answer = fetch(url, egress, LIMITS, accept=PICTURE_ACCEPT)
    if answer.outcome is not Outcome.OK:
        return Still(answer.outcome)
    if answer.status != 200:
        return Still(f"http_{answer.status}")
    digests = {
        kind: hashlib.new(kind, answer.body, usedforsecurity=False).hexdigest() for kind in DIGESTS
    }
    try:
        size = {"STILL_LARGE": "yes"} if large else {}
        jpeg = run_limited(
            "vigie.cases.still", answer.body, seconds=15, memory_mb=1200, environ=size
        )
    except LimitedFailed:
        return Still("too_hard", digests)
    return Still("ok", digests, jpeg)


if __name__ == "__main__":
    way = Egress.from_environ(os.environ)
    shown = still_at(sys.stdin.read(), way, large="large" in sys.argv[1:])
    sys.stdout.write(json.dumps({"outcome": shown.outcome, **shown.digests}) + "\n")
    sys.stdout.flush()
    sys.stdout.buffer.write(shown.jpeg)
