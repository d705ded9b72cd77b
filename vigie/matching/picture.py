"""A picture's hashes, computed in a limited child (see `lib.nursery`), which calls `answer`.

In: the bytes of one picture. Out: one JSON object,
``{"sha256", "pdq", "quality", "width", "height", "mime"}``, or ``{"error": …}``. No Django.
PDQ: https://github.com/facebook/ThreatExchange/tree/main/pdq (256 bits, 64 hexadecimal digits).
"""

import hashlib
import io
import json
import warnings
from typing import Any

import numpy as np
import pdqhash
from PIL import Image

MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")


def picture_hashes(data: bytes) -> dict[str, Any]:
    """Hashes of one picture. Never raises: what is not a picture has an ``error``."""
    found: dict[str, Any] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            found |= {"width": picture.width, "height": picture.height}
            found["mime"] = Image.MIME.get(picture.format or "", "")
            if picture.format == "JPEG":
                picture.draft("RGB", (1024, 1024))
            bits, quality = pdqhash.compute(np.asarray(picture.convert("RGB")))
    except Exception as error:
        return {**found, "error": type(error).__name__}
    return {**found, "pdq": np.packbits(bits).tobytes().hex(), "quality": int(quality)}


def answer(*pieces: bytes) -> list[bytes]:
    return [json.dumps(picture_hashes(b"".join(pieces))).encode()]
