"""The viewer: a process of its own that fetches one picture or video anew and hands back one small
still.

It has no database, no keys and no secrets: its environment holds the route out and nothing else.
Nothing touches a disk. Run as a module, with the number of a video's still and the words ``large``
(for a larger one) and ``outlines`` (of edges alone): the address on standard input; on standard
output one JSON line ``{"outcome", "of", "md5", "sha1", "sha256"}``, then the JPEG if there is one.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vigie.lib.containers import OTHER_PICTURES, begins_as_picture, video_kind
from vigie.lib.fetch import PICTURE_ACCEPT, Egress, Limits, Outcome, fetch
from vigie.lib.limited import NOTHING, LimitedFailed, run_limited

LIMITS = Limits(raw_bytes=30_000_000, body_bytes=30_000_000, total_seconds=25)
VIDEO_LIMITS = Limits(raw_bytes=100_000_000, body_bytes=100_000_000)
# Read by OpenCV in the child. No protocol: there is nothing to open but what is in memory.
FORMATS = "mov,matroska,avi,ogg,flv,mpeg,mpegts,asf"
OPTIONS = f"format_whitelist;{FORMATS}|protocol_whitelist;none"
PASSED_ON = ("VIGIE_NAMESERVERS", "VIGIE_SANDBOX_MAP", "VIGIE_EGRESS_SOURCE", "PATH", "LANG")
ROOT = Path(__file__).resolve().parents[3]
SECONDS = 40
DIGESTS = ("md5", "sha1", "sha256")


@dataclass(frozen=True)
class Still:
    """``outcome``: ``ok``, a fetch outcome, ``http_404``, ``too_hard`` (a picture that
    cannot be read), ``not_a_picture``, ``no_picture`` (a video without one), ``no_more`` (it has
    fewer stills) or ``crashed``. ``of``: how many stills a video has; 0: a picture.

    ``digests``: of the bytes that came, by `DIGESTS`; empty if none did.
    """

    outcome: str
    digests: Mapping[str, str] = field(default_factory=dict)
    jpeg: bytes = b""
    of: int = 0


def view(
    url: str,
    environ: Mapping[str, str],
    *,
    large: bool = False,
    number: int = 1,
    outlines: bool = False,
) -> Still:
    """Start the viewer for one address and wait for its still. Never raises.

    ``number``: which still, if it is a video. ``outlines``: of edges alone.
    """
    clean = {name: environ[name] for name in PASSED_ON if name in environ}
    words = [str(number), *(["large"] * large), *(["outlines"] * outlines)]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "vigie.cases.looks.viewer", *words],
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
    return Still(found.pop("outcome"), found, jpeg, found.pop("of"))


def still_at(url: str, egress: Egress, wanted: Mapping[str, str] = NOTHING) -> Still:
    """``wanted``: for the child that makes the still, STILL_… to something."""
    answer = fetch(url, egress, LIMITS, accept=PICTURE_ACCEPT, video=VIDEO_LIMITS)
    if answer.outcome is not Outcome.OK:
        return Still(answer.outcome)
    if answer.status != 200:
        return Still(f"http_{answer.status}")
    digests = {
        kind: hashlib.new(kind, answer.body, usedforsecurity=False).hexdigest() for kind in DIGESTS
    }
    if video_kind(answer.body):
        return _of_video(answer.body, digests, wanted)
    try:
        jpeg = run_limited(
            "vigie.cases.looks.still", answer.body, seconds=15, memory_mb=1200, environ=wanted
        )
    except LimitedFailed:
        return Still("too_hard" if _is_picture(answer.body) else "not_a_picture", digests)
    return Still("ok", digests, jpeg)


def _is_picture(data: bytes) -> bool:
    """Does it begin as one? What a host puts in a picture's place is a page, mostly, or nothing."""
    return begins_as_picture(data) or data.startswith((*OTHER_PICTURES, b"BM"))


def _of_video(data: bytes, digests: Mapping[str, str], wanted: Mapping[str, str]) -> Still:
    environ = {**wanted, "OPENCV_FFMPEG_CAPTURE_OPTIONS": OPTIONS}
    try:
        output = run_limited(
            "vigie.cases.looks.video_still", data, seconds=15, memory_mb=1500, environ=environ
        )
    except LimitedFailed:
        return Still("too_hard", digests)
    head, _, jpeg = output.partition(b"\n")
    said = json.loads(head)
    return Still(said["outcome"], digests, jpeg, said["of"])


if __name__ == "__main__":
    way = Egress.from_environ(os.environ)
    still = {f"STILL_{word.upper()}": "yes" for word in sys.argv[2:]}
    shown = still_at(sys.stdin.read(), way, {**still, "STILL_NUMBER": sys.argv[1]})
    said = {"outcome": shown.outcome, "of": shown.of, **shown.digests}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    sys.stdout.buffer.write(shown.jpeg)
