"""A picture's hashes: the same for the same bytes, near for the same picture, never a crash.

PDQ is 256 bits; two of 31 bits or fewer apart are, by its authors' advice, the same picture.
"""

import hashlib
import io
import json
import struct
import zlib

import pytest
from PIL import Image

from bench.sheets import scene
from vigie.lib.nursery import Nursery
from vigie.lib.orientation import put_upright
from vigie.matching.engine.luma import hash_picture
from vigie.matching.picture import (
    FORMATS,
    is_broken,
    is_heif,
    is_too_large,
    is_unsupported,
    picture_hashes,
)
from vigie.sandbox.pictures import picture

pytestmark = pytest.mark.pure
SAME, OTHER = 31, 90
CAT = picture("cat", "png")


def _distance(one: bytes, other: bytes) -> int:
    first, second = (int(picture_hashes(data)["pdq"], 16) for data in (one, other))
    return (first ^ second).bit_count()


def _saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def _cat() -> Image.Image:
    return Image.open(io.BytesIO(CAT)).convert("RGB")


@pytest.mark.parametrize(
    "again",
    [
        _saved(_cat(), quality=90),
        _saved(_cat(), quality=30),
        _saved(_cat(), "WEBP", quality=60),
        _saved(_cat().resize((240, 180)), quality=80),
        _saved(_cat().resize((1920, 1440)), quality=80),
        _saved(_cat().convert("L"), quality=80),
    ],
    ids=["jpeg 90", "jpeg 30", "webp", "half", "four times", "grey"],
)
def test_the_same_picture_saved_anew_has_another_sha256_and_a_near_pdq(again):
    assert hashlib.sha256(again).digest() != hashlib.sha256(CAT).digest()
    assert _distance(CAT, again) <= SAME


@pytest.mark.parametrize("other", ["dog", "tree", "house", "cat "])
def test_another_picture_has_a_far_pdq(other):
    assert _distance(CAT, picture(other, "png")) >= OTHER


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_read_and_named_by_its_bytes(kind):
    data = _saved(_cat(), kind)
    found = picture_hashes(data)
    assert found["mime"] == f"image/{kind.lower()}"
    assert (found["width"], found["height"], found["size"]) == (480, 360, len(data))
    assert found["sha256"] == hashlib.sha256(data).hexdigest()
    assert len(found["pdq"]) == 64
    assert found["quality"] > 50


def test_a_picture_of_one_colour_has_no_quality_to_match_by():
    assert picture_hashes(_saved(Image.new("RGB", (300, 300), "white"), "PNG"))["quality"] == 0


def _png(width: int, height: int) -> bytes:
    """A PNG that claims a size and has nothing to show for it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


HOSTILE = {
    "empty": b"",
    "words": b"these are words",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "head only": CAT[:60],
    "no size": _png(0, 0),
    "claims a gigapixel": _png(40_000, 40_000),
    "a line that is too long": _saved(Image.new("1", (65_536, 6)), "PNG"),
    "claims more than is": _png(2**31 - 1, 2**31 - 1),
    "a format we do not read": _saved(_cat(), "TIFF"),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_has_a_sha256_and_an_error_and_no_pdq(name):
    found = picture_hashes(HOSTILE[name])
    assert found["error"]
    assert "pdq" not in found
    assert found["sha256"] == hashlib.sha256(HOSTILE[name]).hexdigest()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_lost_its_end_has_the_hash_of_what_is_left_and_says_so(kind):
    whole = _saved(_cat(), kind)
    for left in (len(whole) - 100, len(whole) * 9 // 10):
        found = picture_hashes(whole[:left])
        assert (found["cut"], found["parts_missing"]) == (True, 1)
    assert _distance(whole, whole[:-100]) <= SAME


@pytest.mark.parametrize(
    "options", [{}, {"lossless": True}, {"exif": Image.Exif()}, {"alpha": True}]
)
def test_few_bytes_less_hide_no_webp(options):
    seen = _cat().convert("RGBA")
    seen.putalpha(200 if options.pop("alpha", False) else 255)
    whole = _saved(seen, "WEBP", **options)
    for less in (1, 2, 3, 8, 9, 10, 11, 40):
        assert picture_hashes(whole[:-less])["cut"], less
        assert _distance(whole, whole[:-less]) <= 10, less


def test_some_frames_of_an_animation_are_hashed_and_one_always_counts_as_missing():
    frames = [scene(n, 320, 240) for n in range(1, 13)]
    for kind in ("GIF", "PNG", "WEBP"):
        found = picture_hashes(_saved(frames[0], kind, save_all=True, append_images=frames[1:]))
        assert (len(found["parts"]), found["parts_missing"]) == (8, 3), kind
        last = int(picture_hashes(_saved(frames[-1], "PNG"))["pdq"], 16)
        assert (int(found["parts"][-1], 16) ^ last).bit_count() <= SAME
    few = picture_hashes(_saved(frames[0], "WEBP", save_all=True, append_images=frames[1:2]))
    assert (len(few["parts"]), few["parts_missing"]) == (1, 1)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_without_its_end_keeps_the_frames_that_a_viewer_still_plays(kind):
    frames = [scene(n, 320, 240) for n in range(1, 13)]
    whole = _saved(frames[0], kind, save_all=True, append_images=frames[1:])
    few, half = picture_hashes(whole[:-1000]), picture_hashes(whole[: len(whole) * 6 // 10])
    missing = 3 + (kind == "WEBP")  # the others still say how many frames there were
    assert (len(few["parts"]), few["parts_missing"], few["cut"]) == (8, missing, True)
    assert few["parts"][:7] == picture_hashes(whole)["parts"][:7]
    assert len(half["parts"]) >= 4
    assert half["parts_missing"] >= 1
    assert half["cut"]


def test_what_is_stored_turned_is_asked_by_what_a_viewer_shows_too():
    shown = scene(3, 480, 360)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = _saved(shown.transpose(Image.Transpose.ROTATE_90), exif=exif)
    found = picture_hashes(turned)
    (upright,) = found["parts"]
    assert found["parts_missing"] == 0
    near = int(upright, 16) ^ int(picture_hashes(_saved(shown))["pdq"], 16)
    assert near.bit_count() <= SAME < _distance(turned, _saved(shown))


@pytest.mark.parametrize("orientation", [2, 3, 6, 7])
def test_the_pictures_on_a_sheet_that_is_stored_turned_are_asked_by_as_they_are_shown(orientation):
    page = Image.new("RGB", (540, 540), "white")
    drawn = [scene(number + 100, 160, 160) for number in range(9)]
    for number, one in enumerate(drawn):
        page.paste(one, (15 + number % 3 * 175, 15 + number // 3 * 175))
    found = picture_hashes(_stored(page, orientation, quality=90))
    assert (len(found["parts"]), found["parts_missing"]) == (1 + 9 + 9, 0)
    asked = [int(part, 16) for part in found["parts"]]
    for one in drawn:
        own = int(picture_hashes(_saved(one, "PNG"))["pdq"], 16)
        assert min((own ^ part).bit_count() for part in asked) <= SAME


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_frames_of_what_is_stored_turned_are_asked_by_as_they_are_shown(kind):
    shown = [scene(number, 240, 180) for number in (1, 2, 3)]
    others = [_turned(one, 3) for one in shown[1:]]
    found = picture_hashes(_stored(shown[0], 3, kind, save_all=True, append_images=others))
    assert len(found["parts"]) == 3 + 2
    for part, one in zip(found["parts"], shown, strict=False):
        own = int(picture_hashes(_saved(one, "PNG"))["pdq"], 16)
        assert (own ^ int(part, 16)).bit_count() <= 16


def _turned(shown: Image.Image, orientation: int) -> Image.Image:
    """As it is stored, to be shown so."""
    return put_upright(shown, {6: 8, 8: 6}.get(orientation, orientation))


def _stored(shown: Image.Image, orientation: int, kind: str = "JPEG", **options: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return _saved(_turned(shown, orientation), kind, exif=exif, **options)


def test_the_error_names_its_kind_and_repeats_nothing_of_the_bytes():
    assert picture_hashes(b"ocelot-7c1f")["error"] == "UnidentifiedImageError"


@pytest.mark.parametrize("kind", FORMATS)
def test_what_begins_as_a_picture_and_cannot_be_decoded_is_told_from_what_is_none(kind):
    whole = _saved(_cat(), kind)
    for left in (20, 64, 300):
        found = picture_hashes(whole[:left])
        assert is_broken(found) and not is_unsupported(found), left
    assert not is_broken(picture_hashes(b"words"))


@pytest.mark.parametrize("kind", ["TIFF", "JPEG2000", "ICO"])
def test_a_picture_of_a_format_that_is_not_read_is_told_from_what_is_none(kind):
    found = picture_hashes(_saved(_cat(), kind))
    assert is_unsupported(found) and "pdq" not in found
    assert is_broken(found), "a person may have to look"


def test_the_hashes_come_out_of_a_limited_process_as_they_do_here():
    nursery = Nursery("vigie.matching.picture", seconds=20, memory_mb=1500)
    assert json.loads(b"".join(nursery.ask(CAT))) == picture_hashes(CAT)
    nursery.close()


@pytest.mark.parametrize("kind", FORMATS)
def test_only_heic_is_told_to_need_a_thread(kind):
    assert is_heif(_saved(_cat(), kind)) == (kind == "HEIF")
    assert not is_heif(b"")


def test_a_jpeg_of_a_telephone_above_the_usual_pixels_is_read_at_an_eighth():
    known = scene(4, 800, 700)
    found = picture_hashes(_saved(known.convert("L").resize((8_000, 7_000)), quality=80))
    assert (found["width"], found["height"]) == (8_000, 7_000)
    near = int(found["pdq"], 16) ^ int(picture_hashes(_saved(known))["pdq"], 16)
    assert near.bit_count() <= 10


def _claiming(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame says so."""
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2")) + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


@pytest.mark.parametrize(
    "data",
    [
        _png(8_000, 7_000),
        _claiming(_saved(_cat()), 16_000, 13_000),
        _claiming(_saved(_cat(), progressive=True), 8_000, 7_000),
    ],
    ids=["PNG", "beyond a telephone's", "progressive"],
)
def test_what_has_too_many_pixels_is_told_from_what_is_no_picture(data):
    found = picture_hashes(data)
    assert is_too_large(found)
    assert not is_too_large(picture_hashes(b"words"))
    assert "pdq" not in found


def test_the_reference_is_not_asked_about_more_pixels_than_memory_is_for():
    with pytest.raises(Image.DecompressionBombError):
        hash_picture(_claiming(_saved(_cat()), 8_000, 7_000), exact=True)
