"""Every kind of value reads its own examples, and refuses what is none of its kind."""

from functools import partial

import numpy as np
import pdqhash
import pytest
from PIL import Image, ImageCms

from vigie.matching.engine.luma import FORMATS, hash_picture
from vigie.matching.engine.pdq import MATCHABLE, VARIANTS, pdq_of
from vigie.matching.engine.signals import SIGNALS, Md5, NotAValue, Pdq, Sha1, Sha256
from vigie.matching.engine.tests.pictures import colours, far, saved

pytestmark = pytest.mark.pure
PHOTO = colours(1, 400, 300)
EDGES = {
    "turned left": Image.Transpose.ROTATE_90,
    "turned round": Image.Transpose.ROTATE_180,
    "turned right": Image.Transpose.ROTATE_270,
    "mirrored": Image.Transpose.FLIP_LEFT_RIGHT,
    "upside down": Image.Transpose.FLIP_TOP_BOTTOM,
    "transposed": Image.Transpose.TRANSPOSE,
    "transversed": Image.Transpose.TRANSVERSE,
}


def rows_of(luma, top: int, bottom: int):
    return luma[top:bottom]


def reference(picture: Image.Image) -> str:
    bits, _quality = pdqhash.compute(np.asarray(picture.convert("RGB")))
    return np.packbits(bits).tobytes().hex()


@pytest.mark.parametrize("name", SIGNALS)
def test_a_kind_reads_its_examples_and_their_distance_is_nothing(name):
    signal = SIGNALS[name]
    for example in signal.examples:
        value = signal.parse(f" {example}\n")
        assert signal.parse(value) == value
        assert signal.distance(value, value) == 0


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("text", ["", " ", "é" * 64, "a" * 10_000, "\x00" * 32])
def test_a_kind_refuses_what_is_no_value(name, text):
    with pytest.raises(NotAValue):
        SIGNALS[name].parse(text)


def test_digests_are_those_that_everybody_computes():
    assert Md5().of(b"abc") == Md5().parse(Md5.examples[1])
    assert Sha1().of(b"abc") == Sha1.examples[0]
    assert Sha256().of(b"abc") == Sha256.examples[0]
    assert Sha256().distance("a" * 64, "b" * 64) is None
    assert Pdq().distance("0" * 64, "0" * 63 + "7") == 3


def test_pdq_is_the_references_bit_for_bit_and_two_matrix_products_come_within_two_bits():
    """A bit differs where two frequencies are equal but for rounding. One picture of 200 or so."""
    alike = 0
    for seed in range(1_000):
        picture = colours(seed, 70 + seed % 7 * 31, 65 + seed % 5 * 37)
        bits, quality = pdqhash.compute(np.asarray(picture))
        expected = np.packbits(bits).tobytes().hex()
        if seed % 10 == 0:
            exact = hash_picture(saved(picture, "BMP"), exact=True).pdq
            assert (exact.value, exact.quality) == (expected, quality)
        luma = (np.asarray(picture) @ np.array([0.299, 0.587, 0.114])).astype(np.float32)
        own = pdq_of(partial(rows_of, luma), picture.size)
        assert far(own.value, expected) <= 2
        assert abs(own.quality - quality) <= 1
        alike += own.value == expected
    assert alike >= 990


@pytest.mark.parametrize("size", [(1600, 1200), (2049, 1031), (700, 513), (511, 700)])
def test_a_large_jpeg_is_decoded_smaller_and_hashes_to_within_six_bits(size):
    picture = colours(size[0], *size)
    data = saved(picture, "JPEG", quality=85)
    found = hash_picture(data)
    assert found.size == size
    assert far(found.pdq.value, hash_picture(data, exact=True).pdq.value) <= 6


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_hashes_near_the_reference_of_its_pixels(kind):
    found = hash_picture(saved(PHOTO, kind))
    assert far(found.pdq.value, reference(PHOTO)) <= (40 if kind == "GIF" else 10)
    assert found.pdq.quality >= MATCHABLE
    assert found.mime == f"image/{kind.lower()}"


def _transparent() -> Image.Image:
    picture = PHOTO.convert("RGBA")
    picture.putalpha(255)
    picture.paste((0, 0, 0, 0), (0, 0, 200, 150))
    return picture


def _white_corner() -> Image.Image:
    picture = PHOTO.copy()
    picture.paste("white", (0, 0, 200, 150))
    return picture


GREY, FEW, BLACK = PHOTO.convert("L"), PHOTO.quantize(256, 2), PHOTO.convert("1")
KINDS = {
    "grey": (saved(GREY), GREY),
    "16 bits": (saved(Image.fromarray(np.asarray(GREY).astype(np.uint16) * 257)), GREY),
    "palette": (saved(FEW), FEW),
    "one bit": (saved(BLACK), BLACK),
    "cmyk": (saved(PHOTO.convert("CMYK"), "JPEG", quality=95), PHOTO),
    "grey jpeg": (saved(GREY, "JPEG", quality=90), GREY),
    "progressive": (saved(PHOTO, "JPEG", quality=90, progressive=True), PHOTO),
    "alpha": (saved(_transparent()), _white_corner()),
    "alpha in webp": (saved(_transparent(), "WEBP", lossless=True), _white_corner()),
    "grey and alpha": (saved(_transparent().convert("LA")), _white_corner()),
    "with a profile": (
        saved(
            PHOTO, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        ),
        PHOTO,
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_pixel_is_seen_as_a_person_sees_it(name):
    data, seen = KINDS[name]
    assert far(hash_picture(data).pdq.value, reference(seen)) <= 8


@pytest.mark.parametrize("name", VARIANTS[1:])
def test_a_variant_is_the_hash_of_the_picture_turned_so(name):
    large = colours(5, 1000, 800)
    variant = hash_picture(saved(large, "BMP")).pdq.variants()[name]
    assert far(variant, reference(large.transpose(EDGES[name]))) <= 24
    assert far(variant, reference(large)) > 60


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_that_is_shown_turned_has_both_values(orientation):
    turned = {3: "ROTATE_180", 2: "FLIP_LEFT_RIGHT", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE"}
    turned |= {6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90"}
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = hash_picture(saved(PHOTO, "JPEG", quality=95, exif=exif))
    name = turned.get(orientation)
    shown = PHOTO.transpose(getattr(Image.Transpose, name)) if name else PHOTO
    assert far(found.pdq.value, reference(PHOTO)) <= 6
    assert far(found.upright, reference(shown)) <= 24


@pytest.mark.parametrize("size", [(1, 1), (4, 300), (300, 4)])
def test_what_is_too_thin_has_no_quality_to_match_by(size):
    found = hash_picture(saved(Image.new("RGB", size, "red"))).pdq
    assert (found.value, found.quality) == ("0" * 64, 0)
