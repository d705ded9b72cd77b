"""The hashes of a photo, by which lists of known pictures are asked. Runs in the limited child.

PDQ: https://github.com/facebook/ThreatExchange/tree/main/pdq (256 bits).
"""

import hashlib
from typing import Any

import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image

from vigie.matching.engine.grid import sheet_of


def file_hashes(data: bytes) -> dict[str, str]:
    """Of the very bytes that were sent. MD5 and SHA-1 are what lists are made of, no protection."""
    return {
        "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "sha1": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def pdq(picture: NDArray[np.uint8]) -> dict[str, Any]:
    """Of an upright RGB picture (height, width, 3)."""
    bits, quality = pdqhash.compute(picture)
    return {"pdq": np.packbits(bits).tobytes().hex(), "quality": int(quality)}


def parts(picture: Image.Image) -> list[str]:
    """The PDQs of a sheet's pictures; none if it is one picture, or it cannot be told."""
    try:
        return [hashed.value for hashed in sheet_of(picture).parts]
    except MemoryError:
        raise  # asked once more, with more of it
    except Exception:
        return []
