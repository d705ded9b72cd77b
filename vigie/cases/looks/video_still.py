"""One small still of a video, made in a limited process. No Django.

In: the bytes of one video, whose container is one of `lib.containers`. STILL_NUMBER says which
still (1 to `STILLS`, at even distances), STILL_LARGE whether it is a larger one, STILL_OUTLINES
whether it is of edges alone. Out: a JSON line
``{"outcome", "of"}`` (``ok``, ``no_picture``, or ``no_more``: there are fewer), then the JPEG.

Nothing plays, and no sound is decoded. Before the first byte is parsed this process gives up every
file and connection it could still open: whatever a video names, the decoder cannot go there.
"""

import io
import json
import os
import resource
import sys
import time
from typing import Any

import cv2
import numpy as np

from vigie.lib.containers import STILLS

LONGEST_SIDE, LARGE_SIDE = 360, 1200
MOST_PIXELS = 50_000_000
DARK = 16  # of 255, on average
FURTHER = (0.0, 0.25, 0.45)  # of the distance between two stills, where the first try is dark
WALK_SECONDS, MOST_FRAMES = 5.0, 10_000_000
ONE_THREAD = [cv2.CAP_PROP_N_THREADS, 1, cv2.CAP_PROP_HW_ACCELERATION, 0]
QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 70]
Picture = Any  # an array of height × width × 3, blue first


def still_of(
    data: bytes, number: int, side: int, *, outlines: bool = False
) -> tuple[str, int, bytes]:
    """The outcome, how many stills there are, and the JPEG of this one."""
    for frames in (_said, _walked):
        count = frames(data)
        of = min(STILLS, count)
        if count and number > of:
            return "no_more", of, b""
        picture = _near(data, number, of, count) if count else None
        if picture is not None:
            return "ok", of, _jpeg(picture, side, outlines)
    return "no_picture", 0, b""


def _opened(data: bytes) -> cv2.VideoCapture | None:
    """A reader of these bytes; None if they hold no moving picture, or a vast one."""
    video = cv2.VideoCapture()
    source: Any = io.BytesIO(data)
    if not video.open(source, cv2.CAP_FFMPEG, ONE_THREAD):
        return None
    pixels = video.get(cv2.CAP_PROP_FRAME_WIDTH) * video.get(cv2.CAP_PROP_FRAME_HEIGHT)
    return video if 0 < pixels <= MOST_PIXELS else None


def _said(data: bytes) -> int:
    """How many frames there are, as the video says; 0 where it says nothing to be believed."""
    video = _opened(data)
    count = video.get(cv2.CAP_PROP_FRAME_COUNT) if video else 0
    return int(count) if 0 < count <= MOST_FRAMES else 0


def _walked(data: bytes) -> int:
    """How many frames there are, by going through them, for a few seconds at most."""
    video, count, end = _opened(data), 0, time.monotonic() + WALK_SECONDS
    while video and time.monotonic() < end and video.grab():
        count += 1
    return count


def _near(data: bytes, number: int, of: int, count: int) -> Picture | None:
    """The frame in the middle of this part of the video; a little later where that is dark."""
    video, distance, brightest = _opened(data), count / of, None
    for further in FURTHER:
        if video is None:
            break
        video.set(cv2.CAP_PROP_POS_FRAMES, int((number - 0.5 + further) * distance))
        read, picture = video.read()
        if not read:
            continue
        if np.mean(picture) >= DARK:
            return picture
        if brightest is None or np.mean(picture) > np.mean(brightest):
            brightest = picture
    return brightest


def _jpeg(picture: Picture, side: int, outlines: bool) -> bytes:
    height, width = picture.shape[:2]
    by = side / max(height, width)
    if by < 1:
        size = max(1, round(width * by)), max(1, round(height * by))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    picture = _outlined(picture) if outlines else picture
    _made, jpeg = cv2.imencode(".jpg", picture, QUALITY)
    return jpeg.tobytes()


def _outlined(picture: Picture) -> Picture:
    """Its edges, dark on white: no surface, no colour."""
    soft = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (5, 5), 1.5)
    return 255 - cv2.Canny(soft, 40, 120)


def open_nothing_more() -> None:
    """No file, no socket, from now on: there is no number left that it could have."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


if __name__ == "__main__":
    cv2.setNumThreads(1)
    whole = sys.stdin.buffer.read()
    open_nothing_more()
    wanted = LARGE_SIDE if os.environ.get("STILL_LARGE") else LONGEST_SIDE
    number, outlines = int(os.environ.get("STILL_NUMBER", "1")), "STILL_OUTLINES" in os.environ
    outcome, of, jpeg = still_of(whole, number, wanted, outlines=outlines)
    sys.stdout.buffer.write(json.dumps({"outcome": outcome, "of": of}).encode() + b"\n" + jpeg)
