"""Photos and hostile files, made here and harmless: colours, shapes, and lies about them."""

import io
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

RED, GREEN, BLUE, WHITE = (200, 40, 40), (40, 160, 60), (40, 60, 190), (250, 250, 250)
QUARTERS = (RED, GREEN, BLUE, WHITE)  # upper left, upper right, lower left, lower right
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")

pillow_heif.register_heif_opener()


def quarters(width: int = 640, height: int = 480) -> Image.Image:
    """Four colours: which way up it is, and whether the colours are right, shows at once."""
    picture = Image.new("RGB", (width, height))
    for number, colour in enumerate(QUARTERS):
        at = (number % 2 * width // 2, number // 2 * height // 2)
        picture.paste(colour, (*at, at[0] + width // 2, at[1] + height // 2))
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    output = io.BytesIO()
    quality = {"quality": 92} if kind != "PNG" else {}
    picture.save(output, kind, **{**quality, **options})
    return output.getvalue()


def photo(kind: str = "JPEG", width: int = 640, height: int = 480) -> bytes:
    return saved(quarters(width, height), kind)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int, height: int, body: bytes, *more: bytes, depth: int = 8, colour: int = 2
) -> bytes:
    """A PNG with any header over any body."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(body, 9))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + data + chunk(b"IEND", b"")


def png_bomb(side: int) -> bytes:
    """A few kilobytes that unpack to ``side`` squared pixels."""
    row = zlib.compressobj(9)
    body = b"".join(row.compress(bytes(1 + 3 * side)) for _ in range(side)) + row.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def png_16_bit() -> bytes:
    """Grey, 16 bits: 0x4000 on the left, 0xC000 on the right."""
    grey = np.full((300, 400), 0x4000, np.uint16)
    grey[:, 200:] = 0xC000
    return saved(Image.fromarray(grey), "PNG")


def webp_header(width: int, height: int) -> bytes:
    """A VP8X header that promises any size, over nothing."""
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sizes
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_header(width: int, height: int) -> bytes:
    """A small JPEG whose header lies about its size."""
    data = bytearray(photo())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """A JPEG with more segments right after its start."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def exif(orientation: int = 1, secret: str = "") -> bytes:
    """EXIF with an orientation and, if there is a secret, a place and an owner."""
    data = Image.Exif()
    data[0x0112] = orientation
    if secret:
        data[0x9286] = data[0x010E] = data[0x013B] = secret
        data.get_ifd(0x8825).update({1: "N", 2: (50.0, 51.0, 1.0), 29: secret})
    return data.tobytes()


def oriented(orientation: int, kind: str = "JPEG") -> bytes:
    """Stored so that it is the ``quarters`` once it is turned as its EXIF says."""
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)
    picture = quarters()
    stored = picture if undo is None else picture.transpose(Image.Transpose(undo))
    return saved(stored, kind, exif=exif(orientation))


def icc(red: Sequence[float], green: Sequence[float], blue: Sequence[float]) -> bytes:
    """A profile with these primaries (XYZ under D50) and a gamma of 2.2."""

    def xyz(values: Sequence[float]) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Test\0" + bytes(78) + b"\0"
    tags = {
        **{b"desc": text, b"wtpt": xyz((0.9642, 1.0, 0.8249))},
        **{b"rXYZ": xyz(red), b"gXYZ": xyz(green), b"bXYZ": xyz(blue)},
        **{b"rTRC": curve, b"gTRC": curve, b"bTRC": curve},
    }
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (400, 300), colour) for colour in (GREEN, RED, BLUE)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
