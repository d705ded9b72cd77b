"""A picture's hashes, computed in a limited child (see `lib.nursery`), which calls `answer`.

In: the bytes of one picture. Out: one JSON object,
``{"md5", "sha1", "sha256", "size", "pdq", "quality", "width", "height", "mime", "parts",
"parts_missing"}``, or in place of what follows the size an ``"error"``. No Django. ``parts``: the
PDQs of a sheet's pictures, at most 100; none if it is one picture. ``parts_missing``: how many of
its pictures are not among them (`engine.grid.Sheet`).
PDQ: https://github.com/facebook/ThreatExchange/tree/main/pdq (256 bits, 64 hexadecimal digits).
"""

import json
from typing import Any

from PIL import Image

from vigie.matching.engine.grid import Sheet, sheet_of
from vigie.matching.engine.luma import FORMATS, hash_opened, open_picture
from vigie.matching.engine.signals import Md5, Sha1, Sha256

__all__ = ["FORMATS", "answer", "digests", "picture_hashes"]


def digests(data: bytes) -> dict[str, str]:
    """The values that equal bytes have, and no others: as lists give them."""
    return {kind.name: kind.of(data) for kind in (Md5(), Sha1(), Sha256())}


def picture_hashes(data: bytes) -> dict[str, Any]:
    """Hashes of one picture. Never raises: what is not a picture has an ``error``."""
    found: dict[str, Any] = {**digests(data), "size": len(data)}
    try:
        with open_picture(data) as picture:
            found |= {"width": picture.width, "height": picture.height}
            found["mime"] = Image.MIME.get(picture.format or "", "")
            pdq = hash_opened(picture).pdq
    except Exception as error:
        return {**found, "error": type(error).__name__}
    return {**found, "pdq": pdq.value, "quality": pdq.quality, **_parts(data)}


def _parts(data: bytes) -> dict[str, Any]:
    """What has a hash keeps it, whatever its parts meet."""
    try:
        with open_picture(data) as picture:
            sheet = sheet_of(picture)
    except Exception:
        sheet = Sheet([])
    return {"parts": [part.value for part in sheet.parts], "parts_missing": sheet.missing}


def is_heif(data: bytes) -> bool:
    """HEIC and its like, by the first box: their only decoder needs a thread of its own."""
    return data[4:8] == b"ftyp" and data[8:12] not in (b"avif", b"avis")


def answer(*pieces: bytes) -> list[bytes]:
    return [json.dumps(picture_hashes(b"".join(pieces))).encode()]
