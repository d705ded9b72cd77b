"""Every kind of value reads its own examples, and refuses what is none of its kind."""

import io

import numpy as np
import pdqhash
import pytest
from PIL import Image, ImageCms

from bench.sheets import scene
from vigie.lib.orientation import put_upright
from vigie.matching.engine.luma import FORMATS, hash_picture, open_picture
from vigie.matching.engine.pdq import MATCHABLE, VARIANTS
from vigie.matching.engine.signals import SIGNALS, Md5, NotAValue, Pdq, Sha1, Sha256
from vigie.matching.engine.tests.pictures import colours, far, saved

pytestmark = [pytest.mark.pure, pytest.mark.rest]
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


def stripes(seed: int, width: int, height: int) -> Image.Image:
    """Of two colours, so regular that many of its frequencies are equal but for rounding."""
    across, down = np.arange(width) * (seed % 5 + 4) // width, np.arange(height) * 6 // height
    odd = (across[None, :] + down[:, None]) % 2 == 1
    return Image.fromarray(np.where(odd[:, :, None], (250, 30, 90), (20, 200, 60)).astype(np.uint8))


def test_pdq_is_the_references_bit_for_bit_of_a_thousand_pictures_in_colour():
    for seed in range(1_000):
        make = stripes if seed % 20 == 7 else colours
        picture = make(seed, 70 + seed % 7 * 17, 65 + seed % 5 * 23)
        kind = ("PNG", "WEBP", "JPEG")[seed // 8 % 3] if seed % 8 == 0 else "BMP"
        data = saved(picture.convert("L") if seed % 10 == 3 else picture, kind)
        with Image.open(io.BytesIO(data)) as decoded:
            bits, quality = pdqhash.compute(np.asarray(decoded.convert("RGB")))
        found = hash_picture(data).pdq
        assert (found.value, found.quality) == (np.packbits(bits).tobytes().hex(), quality), seed


def test_the_reference_is_asked_itself_only_where_rounding_may_decide():
    scenes = (hash_picture(saved(scene(seed, 400, 300), "BMP")).pdq for seed in range(20))
    assert sum(pdq.is_certain for pdq in scenes) >= 18
    assert not hash_picture(saved(stripes(1, 400, 300), "BMP")).pdq.is_certain


@pytest.mark.parametrize("size", [(1600, 1200), (2049, 1031), (700, 513), (511, 700)])
def test_a_large_jpeg_is_decoded_smaller_and_hashes_to_within_six_bits(size):
    picture = colours(size[0], *size)
    data = saved(picture, "JPEG", quality=85)
    found = hash_picture(data)
    assert found.size == size
    assert far(found.pdq.value, hash_picture(data, exact=True).pdq.value) <= 6


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_hashes_as_the_reference_does_its_pixels(kind):
    data = saved(PHOTO, kind)
    found = hash_picture(data)
    with open_picture(data) as decoded:
        assert found.pdq.value == reference(decoded)
    assert far(found.pdq.value, reference(PHOTO)) <= (40 if kind == "GIF" else 12)
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
    assert far(found.upright, reference(shown)) <= 6


@pytest.mark.parametrize("size", [(160, 160), (240, 180), (512, 512), (520, 515), (1030, 770)])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_small_picture_that_is_stored_turned_is_as_near_as_if_it_were_not(orientation, size):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = scene(1, *size)
    shown = put_upright(stored, orientation)
    found = hash_picture(saved(stored, "JPEG", quality=90, exif=exif))
    assert far(found.upright, reference(shown)) <= 8


@pytest.mark.parametrize("size", [(1, 1), (4, 300), (300, 4)])
def test_what_is_too_thin_has_no_quality_to_match_by(size):
    found = hash_picture(saved(Image.new("RGB", size, "red"))).pdq
    assert (found.value, found.quality) == ("0" * 64, 0)
