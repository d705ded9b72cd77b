"""A picture's hashes, computed in a limited child (see `lib.nursery`), which calls `answer`.

In: the bytes of one picture. Out: one JSON object, without Django,
``{"sha256", "pdq", "quality", "width", "height", "mime", "parts"}``, or ``{"error": …}``.
``parts``: the PDQs of a sheet's pictures (`engine.grid`), at most 100; none if it is one picture.
PDQ: https://github.com/facebook/ThreatExchange/tree/main/pdq (256 bits, 64 hexadecimal digits).
"""

import hashlib
import json
from typing import Any

from PIL import Image

from vigie.matching.engine.grid import parts_of
from vigie.matching.engine.luma import FORMATS, hash_opened, open_picture

__all__ = ["FORMATS", "answer", "picture_hashes"]


def picture_hashes(data: bytes) -> dict[str, Any]:
    """Hashes of one picture. Never raises: what is not a picture has an ``error``."""
    found: dict[str, Any] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    try:
        with open_picture(data) as picture:
            found |= {"width": picture.width, "height": picture.height}
            found["mime"] = Image.MIME.get(picture.format or "", "")
            pdq = hash_opened(picture).pdq
    except Exception as error:
        return {**found, "error": type(error).__name__}
    return {**found, "pdq": pdq.value, "quality": pdq.quality, "parts": _parts(data)}


def _parts(data: bytes) -> list[str]:
    """What has a hash keeps it, whatever its parts meet."""
    try:
        return [part.value for part in parts_of(data)]
    except Exception:
        return []


def is_heif(data: bytes) -> bool:
    """HEIC and its like, by the first box: their only decoder needs a thread of its own."""
    return data[4:8] == b"ftyp" and data[8:12] not in (b"avif", b"avis")


def answer(*pieces: bytes) -> list[bytes]:
    return [json.dumps(picture_hashes(b"".join(pieces))).encode()]
