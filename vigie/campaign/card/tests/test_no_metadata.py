"""Nothing that clung to a photo is left on what is made of it."""

import io
import struct
from collections.abc import Iterator

import pytest
from PIL import Image, PngImagePlugin

from vigie.campaign.card.design import Colours, Focus, Wording
from vigie.campaign.card.make import make_cards, preview_photo, thumbnail
from vigie.campaign.card.tests import files

pytestmark = pytest.mark.pure
SECRET = "Rue des Secrets 78"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{SECRET}</rdf:RDF></x:xmpmeta>'.encode()
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x17\x1c\x02\x5a\0\x12" + SECRET.encode() + b"\0"
# What a plain JPEG is made of: start, JFIF, tables, frame, scan.
PLAIN = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


def burdened(kind: str) -> bytes:
    """A photo with all that a camera and an editor write into it."""
    more: dict[str, object] = {"exif": files.exif(1, SECRET), "icc_profile": files.srgb_profile()}
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", SECRET)
        notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
        return files.saved(files.quarters(), kind, pnginfo=notes, **more)
    if kind != "JPEG":
        return files.saved(files.quarters(), kind, xmp=XMP, **more)
    return files.with_segments(
        files.saved(files.quarters(), kind, comment=SECRET.encode(), xmp=XMP, **more),
        files.segment(0xED, IPTC),
        files.segment(0xEF, SECRET.encode()),
    )


def markers(jpeg: bytes) -> Iterator[int]:
    """The kinds of a JPEG's segments up to its pixels; -1 if anything follows its end."""
    at, kind = 2, 0
    while kind != 0xDA:
        assert jpeg[at] == 0xFF
        kind = jpeg[at + 1]
        yield kind
        at += 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
    if jpeg.index(b"\xff\xd9", at) != len(jpeg) - 2:
        yield -1


def chunks(webp: bytes) -> Iterator[bytes]:
    """The names of a WebP's chunks."""
    at = 12
    while at < len(webp):
        yield webp[at : at + 4]
        length = struct.unpack_from("<I", webp, at + 4)[0]
        at += 8 + length + length % 2


@pytest.mark.parametrize("kind", files.FORMATS)
def test_no_card_and_no_preview_holds_any_metadata(kind: str, wording: Wording) -> None:
    photo = burdened(kind)
    assert SECRET.encode() in photo
    made = make_cards(photo, {"1080x1080": None, "1200x630": wording}, Colours(), Focus())
    for jpeg in (*made.cards.values(), preview_photo(photo)):
        assert set(markers(jpeg)) == PLAIN
        assert SECRET.encode() not in jpeg
        with Image.open(io.BytesIO(jpeg)) as card:
            assert not card.getexif()
            assert set(card.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_no_thumbnail_holds_any_metadata(wording: Wording) -> None:
    made = make_cards(burdened("JPEG"), {"1200x630": wording}, Colours(), Focus())
    small = thumbnail(made.cards["1200x630"])
    assert list(chunks(small)) == [b"VP8 "]
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.size == (480, 252)
