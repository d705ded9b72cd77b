"""Which kind of video some bytes are, or whether they are a picture, by their own first bytes:
never by a name or a header (pure).

Only these containers are handed to a decoder. A playlist, a list of files to join, a description of
a stream: whatever could name another file or address is none of them.
"""

from typing import Final

from vigie.lib.webp import is_webp

STILLS: Final = 6  # that are shown of one video, at most: one for each part of its length
EBML: Final = b"\x1aE\xdf\xa3"
ASF: Final = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
STILL_BRANDS: Final = frozenset(
    {b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)
MP4_BOXES: Final = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
ENDINGS: Final = (".mp4", ".m4v", ".webm", ".mov", ".mkv", ".avi", ".ogv", ".mpg", ".mpeg", ".wmv",
                  ".flv", ".3gp", ".ts")  # fmt: skip
TS_PACKET, TS_MARK = 188, 0x47
# How the pictures begin that are read, and some that are not: TIFF, JPEG 2000, JPEG XL, icons,
# Photoshop's. No decoder is asked about these.
PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8")
OTHER_PICTURES: Final = (
    *(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"),
    *(b"\0\0\0\x0cJXL ", b"\xff\x0a", b"\0\0\1\0", b"8BPS"),
)


def video_kind(data: bytes) -> str:
    """The media type of a video's bytes, such as ``video/mp4``; '' if they are none we know."""
    head = data[:64]
    if head[4:8] == b"ftyp":
        return "" if head[8:12] in STILL_BRANDS else "video/mp4"
    if head[4:8] in MP4_BOXES:
        return "video/quicktime"
    if head.startswith(EBML):
        return "video/webm" if b"webm" in head else "video/x-matroska"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "video/x-msvideo"
    if head.startswith(ASF):
        return "video/x-ms-asf"
    for mark, kind in ((b"OggS", "video/ogg"), (b"FLV\x01", "video/x-flv")):
        if head.startswith(mark):
            return kind
    if head.startswith(b"\x00\x00\x01\xba"):
        return "video/mpeg"
    packets = data[: 3 * TS_PACKET : TS_PACKET]
    return "video/mp2t" if packets == bytes([TS_MARK] * 3) else ""


def begins_as_picture(data: bytes) -> bool:
    """Is it one of the formats that are read, whatever comes after?"""
    boxed = data[4:8] == b"ftyp" and data[8:12] in STILL_BRANDS
    return boxed or is_webp(data) or data.startswith(PICTURES)


def called_video(content_type: str, address: str) -> bool:
    """Does its server, or its address, call it a video? Only how much may be read hangs on this."""
    kind = content_type.split(";")[0].strip().casefold()
    if kind.startswith("video/"):
        return True
    unsaid = kind in ("", "application/octet-stream", "binary/octet-stream", "application/ogg")
    return unsaid and ends_as_video(address)


def ends_as_video(address: str) -> bool:
    return address.split("?", 1)[0].split("#", 1)[0].casefold().endswith(ENDINGS)
