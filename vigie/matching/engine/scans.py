"""A progressive JPEG without the scans that a small grey picture of it does not need.

Such a file holds the picture several times over, each scan finer. Decoding all of them takes four
times as long as another JPEG; what they add is not seen once it is made smaller. Kept are the mean
of each block as fine as it comes and, of the brightness, the first few waves to within 3 steps.
What this cannot read it leaves as it is: the decoder judges.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # not what stands within a scan's data
START, PROGRESSIVE, SCAN, END = 0xD8, 0xC2, 0xDA, 0xD9
ALONE = (0x01, START)  # without a length
WAVES = 5  # of 63, from the slowest; a decoder guesses others from them and the means
FINE = 2  # bits that may be missing of a wave
COLOURS_AS_THEY_ARE = b"RGB"  # names of components that are no brightness


class Segment(NamedTuple):
    """Where it stands; ``end``: of a scan, behind its data."""

    marker: int
    start: int
    body: int
    end: int


@dataclass(frozen=True)
class Scan:
    """``first``, ``last``: waves, of which 0 is the mean; ``before``, ``left``: bits that were
    missing of each value until it (0: it is the first), and that are missing after it."""

    components: bytes
    first: int
    last: int
    before: int
    left: int


def fewer_scans(data: bytes, scale: int) -> bytes | None:
    """For decoding in grey, ``scale`` (2, 4 or 8) times smaller; None: take the whole file."""
    kept, brightness, means, waves = [data[:2]], b"", False, scale == 8
    for segment in _segments(data):
        if segment.marker == PROGRESSIVE:
            brightness = _brightness(data[segment.body : segment.end])
            if not brightness:
                return None
        if segment.marker == SCAN:
            scan = _scan(data[segment.body : segment.end])
            if scan is None or not brightness:
                return None
            if not _needed(scan, brightness, scale):
                continue
            means |= scan.first == 0 and scan.left == 0
            waves |= scan.last >= WAVES and scan.left <= FINE
        kept.append(data[segment.start : segment.end])
        if means and waves:
            return b"".join([*kept, bytes((0xFF, END))])
    return None


def _needed(scan: Scan, brightness: bytes, scale: int) -> bool:
    if scan.first == 0:
        return True
    if scale == 8 or scan.components != brightness or scan.first > WAVES:
        return False
    return scan.before == 0 or scan.left >= FINE


def _segments(data: bytes) -> Iterator[Segment]:
    """All that follow the first marker, until one is broken."""
    at = 2
    while found := MARKER.search(data, at):
        marker, body = data[found.end() - 1], found.end()
        if marker in ALONE:
            at = body
            continue
        end = body + int.from_bytes(data[body : body + 2], "big")
        if marker == SCAN:
            following = MARKER.search(data, end)
            if not following:
                return
            end = following.start()
        if marker == END or end > len(data):
            return
        yield Segment(marker, found.start(), body + 2, end)
        at = end


def _brightness(frame: bytes) -> bytes:
    """The name of the component that is the brightness; empty if none is."""
    names = frame[6::3]
    usual = len(names) in (1, 3) and names != COLOURS_AS_THEY_ARE
    return names[:1] if usual else b""


def _scan(header: bytes) -> Scan | None:
    count = header[0] if header else 0
    if len(header) < 4 + 2 * count:
        return None
    first, last, bits = header[1 + 2 * count : 4 + 2 * count]
    return Scan(header[1 : 1 + 2 * count : 2], first, last, bits >> 4, bits & 15)
