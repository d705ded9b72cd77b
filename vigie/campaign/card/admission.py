"""Which files are looked at at all: told from their size and first bytes, without any parser."""

from typing import Literal

Reason = Literal[
    "empty",
    "too_big",
    "not_a_picture",
    "wrong_kind",
    "too_many_pixels",
    "too_small",
    "broken",
    "took_too_long",
    "too_much_memory",
]
Kind = Literal["JPEG", "PNG", "WEBP", "AVIF", "HEIF"]  # as Pillow names them

MOST_FILE_BYTES = 20_000_000
MOST_PIXELS = 50_000_000
# Bytes a child may take to decode: an ordinary one; the one that large WebP and AVIF have alone.
MOST_MEMORY, MOST_MEMORY_ALONE = 270_000_000, 840_000_000
HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
AVIF_BRANDS = frozenset((b"avif", b"avis"))
# Pictures and films that a person may well have, but of no kind that is taken.
OTHERS = (
    *(b"GIF8", b"%PDF", b"II*\0", b"MM\0*", b"BM", b"8BPS", b"<svg", b"\0\0\1\0"),
    *(b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ", b"II+\0", b"MM\0+"),
)


class PhotoRefused(Exception):
    """No card can be made of this file; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def kind_of(data: bytes) -> Kind:
    """The one format that the file may be read as. Raises PhotoRefused."""
    if not data:
        raise PhotoRefused("empty")
    if len(data) > MOST_FILE_BYTES:
        raise PhotoRefused("too_big")
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _boxed_kind(data)
    raise PhotoRefused("wrong_kind" if _is_other(data) else "not_a_picture")


def _boxed_kind(data: bytes) -> Kind:
    """HEIC, AVIF or a film: they share a container, whose first box names its brands."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, length - 3, 4))]
    for brand in brands:
        if brand in AVIF_BRANDS:
            return "AVIF"
        if brand in HEIF_BRANDS:
            return "HEIF"
    raise PhotoRefused("wrong_kind")


def _is_other(data: bytes) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(OTHERS) or (start.startswith(b"<?xml") and b"<svg" in start)
