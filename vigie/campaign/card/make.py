"""Cards from a stranger's photo: what the studio calls.

The photo is read in a limited child, which hands back plain pixels. Here they are laid below the
artwork and written as new files: nothing of the photo's file is left in them.
"""

import io
import threading
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any, get_args

from PIL import Image

from vigie.campaign.card.admission import (
    MOST_MEMORY,
    MOST_MEMORY_ALONE,
    PhotoRefused,
    Reason,
    kind_of,
)
from vigie.campaign.card.design import SIZES, Colours, Focus, Wording
from vigie.campaign.card.layers import artwork_layer, name_layer
from vigie.campaign.card.wire import PhotoHashes, hashes_from, pack, unpack
from vigie.lib.limited import LimitedFailed
from vigie.lib.limited import Reason as Failure
from vigie.lib.nursery import Nursery

QUALITY = 88
SHARED = "1200x630"  # what networks fetch to show a link; some take no more than 300 KB
MOST_SHARED_BYTES = 300_000
MOST_PREVIEW = 1600  # pixels of the longer side
MODULE, SECONDS, MEMORY_MB, MOST_OUTPUT = "vigie.campaign.card.photo", 20, 300, 64 * 1024 * 1024
READER = Nursery(MODULE, seconds=SECONDS, memory_mb=MEMORY_MB, most_output=MOST_OUTPUT)
# The only decoder of HEIC that there is starts a thread, so these children may; no others.
HEIF_READER = Nursery(
    MODULE, seconds=SECONDS, memory_mb=MEMORY_MB, most_output=MOST_OUTPUT, threads=True
)
# Large WebP and AVIF take several times what others take: one of them at a time.
ALONE_READER = Nursery(MODULE, seconds=SECONDS, memory_mb=900, most_output=MOST_OUTPUT)
_alone = threading.Lock()
REASONS: dict[Failure, Reason] = {
    "timed_out": "took_too_long",
    "memory": "too_much_memory",
    "crashed": "broken",
    "too_much_output": "broken",
}


@dataclass(frozen=True)
class Made:
    """``cards``: JPEG by the name of its size. ``hashes``: if they were asked for. ``colour``:
    ``#rrggbb``, the mean of the first card. ``width`` and ``height``: of the photo, upright."""

    cards: dict[str, bytes]
    hashes: PhotoHashes | None
    colour: str
    width: int
    height: int


def make_cards(
    photo: bytes,
    wordings: Mapping[str, Wording | None],
    colours: Colours,
    focus: Focus,
    *,
    name: str = "",
    hashed: bool = False,
) -> Made:
    """A card for each size in ``wordings``; with no wording, the photo alone fills it.

    ``name``: of the cat, on a strip of paper; not on a card without wording. ``hashed``: hash
    the photo too, which only a card that is offered to the wall needs.
    Raises PhotoRefused; ValueError for a wording, name or colour that cannot be drawn.
    """
    kind = kind_of(photo)
    windows = [_window(size, wording) for size, wording in wordings.items()]
    request = {"kind": kind, "windows": windows, "focus": astuple(focus), "hashed": hashed}
    head, pixels = _ask(request, photo)
    cards, colour = {}, ""
    for (size, wording), window in zip(wordings.items(), windows, strict=True):
        card = _card(pixels.pop(0), window, size, wording, colours, name.strip())
        cards[size] = _jpeg(card, MOST_SHARED_BYTES if size == SHARED else None)
        colour = colour or _mean(card)
    width, height = head["size"]
    return Made(cards, hashes_from(head) if hashed else None, colour, int(width), int(height))


def preview_photo(photo: bytes) -> bytes:
    """The photo as a JPEG that any browser shows: upright, sRGB, at most MOST_PREVIEW pixels.

    Raises PhotoRefused.
    """
    head, pixels = _ask({"kind": kind_of(photo), "most": MOST_PREVIEW}, photo)
    width, height = (int(side) for side in head["size"])
    picture = _blank((width, height))
    _put(picture, pixels.pop(0), (width, height))
    return _jpeg(picture)


def thumbnail(card_jpeg: bytes, width: int = 480) -> bytes:
    """A WebP, so wide, of one of our own cards."""
    with Image.open(io.BytesIO(card_jpeg), formats=("JPEG",)) as card:
        height = round(card.height * width / card.width)
        card.draft("RGB", (width, height))
        small = card.resize((width, height), Image.Resampling.LANCZOS)
    output = io.BytesIO()
    small.save(output, "WEBP", quality=80, method=4)
    return output.getvalue()


def prepare(wordings: Mapping[str, Wording | None], colours: Colours) -> None:
    """Load the reader and draw the artwork now, so that the first card need not wait for them."""
    READER.start()
    for size, wording in wordings.items():
        if wording is not None:
            artwork_layer(wording, colours, size)


def _window(size: str, wording: Wording | None) -> tuple[int, int]:
    """What the photo fills: the window, or with no wording all of the card."""
    return SIZES[size].window if wording else (SIZES[size].width, SIZES[size].height)


def _ask(request: dict[str, Any], photo: bytes) -> tuple[dict[str, Any], list[bytearray]]:
    """The head of the child's answer and its pictures. Raises PhotoRefused."""
    reader = HEIF_READER if request["kind"] == "HEIF" else READER
    try:
        return _answer(reader, {**request, "memory": MOST_MEMORY}, photo)
    except PhotoRefused as refused:
        if refused.reason != "too_much_memory" or reader is HEIF_READER:
            raise
    with _alone:
        return _answer(ALONE_READER, {**request, "memory": MOST_MEMORY_ALONE}, photo)


def _answer(
    reader: Nursery, request: dict[str, Any], photo: bytes
) -> tuple[dict[str, Any], list[bytearray]]:
    try:
        answer = reader.ask(pack(request), photo)
        head = unpack(answer.pop(0))
    except LimitedFailed as failed:
        raise PhotoRefused(REASONS[failed.reason]) from failed
    except (ValueError, IndexError) as error:
        raise PhotoRefused("broken") from error
    if refused := head.get("refused"):
        raise PhotoRefused(refused if refused in get_args(Reason) else "broken")
    return head, answer


def _blank(size: tuple[int, int]) -> Image.Image:
    """For what is covered at once, all of it: it is blackened by nobody else."""
    return Image.new("RGB", size, None)


def _put(picture: Image.Image, pixels: bytearray, window: tuple[int, int]) -> None:
    """The pixels into the top left corner: no picture between, whose memory costs more."""
    if len(pixels) != 3 * window[0] * window[1]:
        raise PhotoRefused("broken")
    decoder = Image._getdecoder("RGB", "raw", "RGB")
    decoder.setimage(picture.im, (0, 0, *window))
    decoder.decode(pixels)


def _card(
    pixels: bytearray,
    window: tuple[int, int],
    size: str,
    wording: Wording | None,
    colours: Colours,
    name: str,
) -> Image.Image:
    card = _blank((SIZES[size].width, SIZES[size].height))
    _put(card, pixels, window)
    if wording is None:
        return card
    if name:
        name_layer(name, colours, size).lay_on(card)
    artwork_layer(wording, colours, size).lay_on(card)
    return card


def _jpeg(card: Image.Image, most: int | None = None) -> bytes:
    """Baseline: a progressive one is 5 % smaller and takes five times as long to write.

    ``most``: bytes; the quality is lowered until it fits.
    """
    for quality in (QUALITY, 80, 70, 60, 50, 35, 20):
        output = io.BytesIO()
        card.save(output, "JPEG", quality=quality)
        if most is None or output.tell() <= most:
            break
    return output.getvalue()


def _mean(card: Image.Image) -> str:
    red, green, blue = card.reduce(12).resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{red:02x}{green:02x}{blue:02x}"
