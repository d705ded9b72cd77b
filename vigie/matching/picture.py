"""A picture's hashes, computed in a limited child (see `lib.nursery`), which calls `answer`.

In: the bytes of one picture. Out: one JSON object,
``{"md5", "sha1", "sha256", "size", "pdq", "quality", "width", "height", "mime", "parts",
"parts_missing"}``, or in place of what follows the size an ``"error"``. No Django. ``parts``: the
PDQs of a sheet's pictures, at most 100, of some frames of an animation, and of all of these as a
viewer shows them where they are stored turned; none if it is one picture. ``parts_missing``: how
many of its pictures and frames are not among them (`engine.grid.Sheet`, `engine.frames`), one more
if its end is. ``"cut"``: its end is missing, and is grey or the like in what was hashed.
PDQ: https://github.com/facebook/ThreatExchange/tree/main/pdq (256 bits, 64 hexadecimal digits).
"""

import contextlib
import json
from typing import Any

from PIL import Image

from vigie.lib.containers import OTHER_PICTURES, begins_as_picture
from vigie.lib.webp import made_whole
from vigie.matching.engine.frames import others_of
from vigie.matching.engine.grid import Sheet, sheet_of
from vigie.matching.engine.luma import FORMATS, Hashed, hash_opened, open_picture, what_there_is
from vigie.matching.engine.pdq import MATCHABLE
from vigie.matching.engine.signals import Md5, Sha1, Sha256

UNKNOWN, DAMAGED, UNSUPPORTED = "UnidentifiedImageError", "Damaged", "Unsupported"

__all__ = ["FORMATS", "answer", "digests", "picture_hashes"]


def digests(data: bytes) -> dict[str, str]:
    """The values that equal bytes have, and no others: as lists give them."""
    return {kind.name: kind.of(data) for kind in (Md5(), Sha1(), Sha256())}


def picture_hashes(data: bytes) -> dict[str, Any]:
    """Hashes of one picture. Never raises: what is not a picture has an ``error``."""
    found: dict[str, Any] = {**digests(data), "size": len(data)}
    try:
        return found | _of_pixels(data)
    except Exception as error:
        failed = _kind_of(error, data)
    try:
        with what_there_is():
            rest = _of_pixels(made_whole(data))
    except Exception:
        return {**found, "error": failed}
    if rest["quality"] < MATCHABLE:  # next to nothing is left of it
        return {**found, "error": failed}
    return {**found, **rest, "parts_missing": rest["parts_missing"] + 1, "cut": True}


def _kind_of(error: Exception, data: bytes) -> str:
    """No decoder knows it: is it a picture all the same, by its first bytes?"""
    name = type(error).__name__
    if name != UNKNOWN:
        return name
    if data.startswith(OTHER_PICTURES):
        return UNSUPPORTED
    return DAMAGED if begins_as_picture(data) else UNKNOWN


def _of_pixels(data: bytes) -> dict[str, Any]:
    with open_picture(data) as picture:
        found = {"width": picture.width, "height": picture.height}
        mime = Image.MIME.get(picture.format or "", "")
        hashed = hash_opened(picture)
    pdq = hashed.pdq
    # What has a hash keeps it, whatever its parts meet.
    sheet = Sheet([])
    with contextlib.suppress(Exception), open_picture(data) as picture:
        sheet = sheet_of(picture)
    frames, unhashed, cut = _frames(data)
    parts = [*(part.value for part in sheet.parts), *(frame.pdq.value for frame in frames)]
    # What is stored turned: as a viewer shows it.
    turned = [one for one in (hashed, *frames) if one.orientation > 1]
    upright = [one.upright for one in turned if one.pdq.quality >= MATCHABLE]
    upright += [part.value for part in sheet.upright]
    return {
        **found,
        "mime": mime,
        "pdq": pdq.value,
        "quality": pdq.quality,
        "parts": [*upright, *parts],
        "parts_missing": sheet.missing + unhashed,
        **({"cut": True} if cut else {}),
    }


def _frames(data: bytes) -> tuple[list[Hashed], int, bool]:
    """As `others_of`; and whether one of them stops in its middle, or cannot be decoded at all."""
    try:
        with open_picture(data) as picture:
            return *others_of(picture), False
    except Exception:
        with contextlib.suppress(Exception), what_there_is(), open_picture(data) as picture:
            return *others_of(picture, whole=False), True
    return [], 1, True


def is_heif(data: bytes) -> bool:
    """HEIC and its like, by the first box: their only decoder needs a thread of its own."""
    return data[4:8] == b"ftyp" and data[8:12] not in (b"avif", b"avis")


def is_broken(found: dict[str, Any]) -> bool:
    """Of what `answer` said: it begins as a picture does, and cannot be decoded here."""
    return bool(found.get("error", UNKNOWN) != UNKNOWN)


def is_unsupported(found: dict[str, Any]) -> bool:
    """Of what `answer` said: it is a picture, of a format that is not read here."""
    return found.get("error") == UNSUPPORTED


def is_too_large(found: dict[str, Any]) -> bool:
    """Of what `answer` said: it may be a picture, but has more pixels than are decoded here."""
    return str(found.get("error", "")).startswith(("DecompressionBomb", "MemoryError"))


def answer(*pieces: bytes) -> list[bytes]:
    return [json.dumps(picture_hashes(b"".join(pieces))).encode()]
