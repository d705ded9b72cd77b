"""The other frames of an animation: a first frame says nothing of what follows it.

A JPEG with more pictures in it (MPO) and HEIC show one of them and are none.
"""

import time
from typing import Final

from PIL import Image

from vigie.matching.engine.luma import Hashed, hash_opened
from vigie.matching.engine.pdq import MATCHABLE

MOVING: Final = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
MOST: Final = 8  # frames that are hashed, besides the first
SECONDS: Final = 4.0  # no further one is begun afterwards: to reach one, those before are decoded


def others_of(picture: Image.Image, *, whole: bool = True) -> tuple[list[Hashed], int]:
    """Hashes of some frames, evenly apart and the last among them; how many frames have none.

    Of an animation one at least counts as missing: between two frames of a file a viewer may show
    what is in neither. Raises whatever a decoder raises that stumbles; unless ``whole``, a frame
    that cannot be decoded is passed over: a viewer plays those beside it.
    """
    count = int(getattr(picture, "n_frames", 1)) if picture.format in MOVING else 1
    if count < 2:
        return [], 0
    began, found = time.monotonic(), []
    for number in sorted({1 + (count - 2) * n // (MOST - 1) for n in range(MOST)}):
        if time.monotonic() - began > SECONDS:
            break
        try:
            picture.seek(number)
            hashed = hash_opened(picture)
        except Exception:
            if whole:
                raise
            continue
        if hashed.pdq.quality >= MATCHABLE:
            found.append(hashed)
    return found, max(1, count - 1 - len(found))
