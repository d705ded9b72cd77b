"""Reading a stranger's photo. Runs only inside a limited child (see `lib.nursery`), which calls
`answer` with one request and the photo, and gets plain pixels and a few figures back: no file.

Everything is rebuilt from pixels, so nothing that clung to the photo (EXIF, GPS, XMP, IPTC,
profile, comments) can come along. Only the first picture of a file is looked at.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
from PIL import Image

from vigie.campaign.card.admission import PhotoRefused
from vigie.campaign.card.colour import to_srgb
from vigie.campaign.card.decode import Opened, open_photo
from vigie.campaign.card.design import Focus, crop
from vigie.campaign.card.fill import Ladder
from vigie.campaign.card.fingerprints import file_hashes, parts, pdq
from vigie.campaign.card.source import Box, Source, as_pixels, stored_box
from vigie.campaign.card.wire import pack, unpack
from vigie.lib.orientation import put_upright

Piece = bytes | memoryview
FOR_PARTS = 2_000  # likewise, for the pictures on a sheet
FOR_PDQ = 320  # pixels of the longer side, at least: PDQ looks at 64 by 64 in the end

cv2.setNumThreads(1)  # the child may start no thread


def answer(message: bytes, data: bytes) -> Iterator[Piece]:
    """The pixels asked for. What goes wrong is an answer as well: {"refused": reason}.

    ``message``: the request, packed as in ``wire``; ``data``: the photo's file.
    """
    request = unpack(message)
    try:
        photo = open_photo(data, request["kind"], request["memory"])
        if "most" in request:
            pieces = _whole(photo, int(request["most"]))
        else:
            windows = [(int(width), int(height)) for width, height in request["windows"]]
            boxes = [crop(photo.size, window, Focus(*request["focus"])) for window in windows]
            pieces = _windows(photo, data if request["hashed"] else None, windows, boxes)
        yield from pieces
    except PhotoRefused as refused:
        yield pack({"refused": refused.reason})
    except MemoryError:
        yield pack({"refused": "too_much_memory"})
    except Exception as error:  # a decoder may raise anything over a broken file
        short = "memory" in str(error).lower()
        yield pack({"refused": "too_much_memory" if short else "broken"})


def _whole(photo: Opened, most: int) -> Iterator[Piece]:
    """All of the photo, its longer side at most ``most`` pixels."""
    longest = max(photo.size)
    source = photo.decode(longest // most)
    small = _part(photo, source, (0, 0, *photo.size), max(longest // most, 1))
    small.thumbnail((most, most))
    yield pack({"size": small.size})
    yield small.tobytes()


def _windows(
    photo: Opened,
    hashed: bytes | None,
    windows: Sequence[tuple[int, int]],
    boxes: Sequence[tuple[float, ...]],
) -> Iterator[Piece]:
    """What is known of the photo, then its box for each window, one after the other.

    ``hashed``: the file, if its hashes are asked for.
    """
    factor = max(1, math.floor(min(_ratio(b, w) for b, w in zip(boxes, windows, strict=True))))
    source = photo.decode(factor)
    needed = _around(boxes, photo.size)
    ladder = Ladder(as_pixels(_part(photo, source, needed, factor)), needed)
    hashes = {} if hashed is None else {**file_hashes(hashed), **_seen(photo, source, factor)}
    yield pack({"size": photo.size, **hashes})
    for box, window in zip(boxes, windows, strict=True):
        yield ladder.fill(box, window).reshape(-1).data


def _seen(photo: Opened, source: Source, factor: int) -> dict[str, Any]:
    """The hashes of what one sees: of the whole photo, and of each picture if it is a sheet."""
    everything, longest = (0, 0, *photo.size), max(photo.size)
    small = _part(photo, source, everything, max(1, longest // FOR_PDQ))
    large = _part(photo, source, everything, max(factor, longest // FOR_PARTS))
    return {**pdq(np.asarray(small)), "parts": parts(large)}


def _ratio(box: tuple[float, ...], window: tuple[int, int]) -> float:
    """The photo's pixels for each of the window's. Both sides of a crop are in proportion."""
    return (box[2] - box[0]) / window[0]


def _around(boxes: Sequence[tuple[float, ...]], size: tuple[int, int]) -> Box:
    """The least box of whole pixels that holds all boxes, and lies in the photo."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (
        max(0, math.floor(min(lefts))),
        max(0, math.floor(min(tops))),
        min(size[0], math.ceil(max(rights))),
        min(size[1], math.ceil(max(bottoms))),
    )


def _part(photo: Opened, source: Source, box: Box, factor: int) -> Image.Image:
    """A box of the upright photo as sRGB, at most ``factor`` times smaller."""
    left, top, right, bottom = stored_box(box, photo.size, photo.orientation)
    scale = source.scale
    decoded = (
        left // scale,
        top // scale,
        min(source.size[0], math.ceil(right / scale)),
        min(source.size[1], math.ceil(bottom / scale)),
    )
    part = source.reduced(decoded, max(1, factor // scale))
    return put_upright(to_srgb(part, photo.profile), photo.orientation)
