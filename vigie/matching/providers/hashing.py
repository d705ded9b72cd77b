"""A provider's pictures → the values to ask by. In memory, and forgotten."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vigie.lib.limited import LimitedFailed
from vigie.lib.nursery import Nursery
from vigie.matching.engine.pdq import MATCHABLE
from vigie.matching.picture import digests, is_heif

ONE = 8.0  # seconds that a picture may take; an ordinary one takes hundredths
HASHES = Nursery("vigie.matching.picture", seconds=ONE, memory_mb=1500)
HEIF_HASHES = Nursery("vigie.matching.picture", seconds=ONE, memory_mb=1500, threads=True)
# That the pictures of one request may take together: for so long the others' requests may wait.
SECONDS = 20.0


@dataclass(frozen=True)
class Hashed:
    """What a picture is asked by: as `verdicts.Values`. ``parts``: PDQs of a sheet's pictures.
    ``late``: those before it took the time of the request, and it was not looked at."""

    values: Mapping[str, str]
    parts: tuple[str, ...] = ()
    readable: bool = True
    late: bool = False

    @property
    def pdqs(self) -> tuple[str, ...]:
        return (self.values["pdq"], *self.parts) if "pdq" in self.values else self.parts


def hashed(pictures: Sequence[bytes]) -> list[Hashed]:
    """In limited children, within `SECONDS` for all of them."""
    end = time.monotonic() + SECONDS
    return [_hashed(data, end - time.monotonic()) for data in pictures]


def _hashed(data: bytes, seconds: float) -> Hashed:
    """What cannot be read as a picture is asked by its bytes alone."""
    exact = digests(data)
    if seconds <= 0:
        return Hashed(exact, late=True)
    reader = HEIF_HASHES if is_heif(data) else HASHES
    try:
        found = json.loads(b"".join(reader.ask(data, seconds=seconds)))
    except LimitedFailed as failed:
        cut_short = failed.reason == "timed_out" and seconds < ONE
        return Hashed(exact, readable=False, late=cut_short)
    if "error" in found:
        return Hashed(exact, readable=False)
    own = {"pdq": found["pdq"]} if found["quality"] >= MATCHABLE else {}
    return Hashed({**exact, **own}, tuple(found["parts"]))
