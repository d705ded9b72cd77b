"""Every file ends in a clear outcome, and none takes more memory than a child may.

A damaged file may be "card or broken": a decoder fills in what it can, as browsers do.
"""

import gc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from vigie.campaign.card.admission import MOST_FILE_BYTES, PhotoRefused
from vigie.campaign.card.design import Colours, Focus
from vigie.campaign.card.make import make_cards, preview_photo
from vigie.campaign.card.tests import files
from vigie.campaign.card.tests.conftest import Peak

pytestmark = [pytest.mark.pure, pytest.mark.rest]

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
MIB = 1024 * 1024


def huge(kind: bytes, head: bytes) -> bytes:
    """A PNG with a part of 60 MB."""
    packed = zlib.compress(bytes(60_000_000), 9)
    return files.png(400, 300, b"", files.chunk(kind, head + b"\0\0" + packed))


def zip_after(data: bytes) -> bytes:
    return data + b"PK\x03\x04" + bytes(26) + b"<script>alert(1)</script>"


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "a byte too many": (lambda: files.photo() + bytes(MOST_FILE_BYTES), "too_big"),
    "as large as may be": (lambda: files.photo().ljust(MOST_FILE_BYTES, b"\0"), "card"),
    "zeros": (lambda: bytes(100_000), "not_a_picture"),
    "HTML": (lambda: b"<!doctype html><title>cat</title>", "not_a_picture"),
    "a program": (lambda: b"\x7fELF" + bytes(1_000), "not_a_picture"),
    "SVG, whatever its name": (lambda: SVG, "wrong_kind"),
    "SVG without its first line": (lambda: b"\n  <svg/>", "wrong_kind"),
    "GIF": (lambda: files.saved(files.quarters(), "GIF"), "wrong_kind"),
    "PDF": (lambda: files.saved(files.quarters(), "PDF"), "wrong_kind"),
    "TIFF": (lambda: files.saved(files.quarters(), "TIFF"), "wrong_kind"),
    "BMP": (lambda: files.saved(files.quarters(), "BMP"), "wrong_kind"),
    "a film": (lambda: b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(99), "wrong_kind"),
    "a PNG of 4 gigapixels": (lambda: files.png(65_535, 65_535, b""), "too_many_pixels"),
    "a PNG of 2^62 pixels": (lambda: files.png(2**31 - 1, 2**31 - 1, b""), "too_many_pixels"),
    "a JPEG of 4 gigapixels": (lambda: files.jpeg_header(65_500, 65_500), "too_many_pixels"),
    "a WebP of 268 megapixels": (lambda: files.webp_header(16_383, 16_383), "too_many_pixels"),
    "a WebP of 2^48 pixels": (lambda: files.webp_header(2**24, 2**24), "too_many_pixels"),
    "a WebP of 49 megapixels that holds none": (
        lambda: files.webp_header(7_000, 7_000),
        "broken",
    ),
    "a bomb just above the limit": (lambda: files.png(7_100, 7_100, b""), "too_many_pixels"),
    "a bomb just below the limit": (lambda: files.png_bomb(7_050), "card"),
    "a JPEG whose header lies": (lambda: files.jpeg_header(6_000, 6_000), "card or broken"),
    "a PNG with 60 MB of text": (lambda: huge(b"zTXt", b"Comment"), "broken"),
    "a PNG with 60 MB of profile": (lambda: huge(b"iCCP", b"icc"), "broken"),
    "a PNG without pixels": (lambda: files.png(400, 300, b""), "broken"),
    "one pixel": (lambda: files.photo("PNG", 1, 1), "too_small"),
    "one pixel wide": (lambda: files.photo("PNG", 1, 5_000), "too_small"),
    "one pixel wide, turned": (lambda: files.photo("JPEG", 5_000, 1), "too_small"),
    "very long": (lambda: files.photo("JPEG", 12_000, 130), "card"),
    "a GIF's head on a JPEG": (lambda: b"GIF89a" + files.photo(), "wrong_kind"),
    "a JPEG's head on a PNG": (lambda: b"\xff\xd8\xff\xe0" + files.photo("PNG"), "broken"),
    "a PNG's head on a JPEG": (lambda: b"\x89PNG\r\n\x1a\n" + files.photo(), "broken"),
    "a WebP's head on HTML": (lambda: b"RIFF\0\0\0\0WEBP<html><body>cat" * 9, "broken"),
    "HEIC's first box on nothing": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "broken"),
    "AVIF's first box on nothing": (lambda: b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "broken"),
    "a JPEG with an archive and a script after it": (lambda: zip_after(files.photo()), "card"),
    **{f"half of a {k}": (lambda k=k: cut(files.photo(k)), "broken") for k in files.FORMATS},
    **{f"a sound {k}": (lambda k=k: files.photo(k), "card") for k in files.FORMATS},
    **{
        f"{k} of noise": (lambda k=k: noisy(files.photo(k)), "card or broken")
        for k in files.FORMATS
    },
    **{f"an animated {k}": (lambda k=k: files.animated(k), "card") for k in ("PNG", "WEBP")},
}


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def noisy(data: bytes) -> bytes:
    """The same, every third byte of its second half turned over."""
    half = len(data) // 2
    return data[:half] + bytes(b ^ 0xFF if n % 3 else b for n, b in enumerate(data[half:]))


def outcome(data: bytes) -> str:
    try:
        made = make_cards(data, {"1200x630": None}, Colours(), Focus())
    except PhotoRefused as refused:
        return refused.reason
    assert made.cards["1200x630"].startswith(b"\xff\xd8\xff\xe0")
    return "card"


@pytest.mark.parametrize("name", FILES)
def test_each_file_ends_in_its_own_clear_outcome(name: str, peak: Peak) -> None:
    build, expected = FILES[name]
    assert outcome(build()) in expected.split(" or ")
    assert peak.stop() < 350


def test_a_preview_refuses_what_a_card_refuses() -> None:
    for name in ("nothing", "GIF", "a JPEG of 4 gigapixels", "half of a JPEG"):
        build, expected = FILES[name]
        with pytest.raises(PhotoRefused) as refused:
            preview_photo(build())
        assert refused.value.reason == expected


def test_memory_stays_flat_over_many_files() -> None:
    mixed = [FILES[n][0]() for n in ("a sound JPEG", "half of a PNG", "a PNG of 4 gigapixels")]
    for data in mixed * 2:
        outcome(data)
    before = resident()
    for data in mixed * 8:
        outcome(data)
    gc.collect()
    assert resident() - before < 8 * MIB


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
