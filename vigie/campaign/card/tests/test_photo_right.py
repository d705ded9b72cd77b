"""The photo on a card is the right way up and in the right colours, whatever file it came in."""

import io

import numpy as np
import pytest
from PIL import Image

from vigie.campaign.card.design import Colours, Focus, Wording
from vigie.campaign.card.make import make_cards, preview_photo
from vigie.campaign.card.tests import files
from vigie.campaign.card.tests.conftest import Card

pytestmark = [pytest.mark.pure, pytest.mark.rest]
Colour = tuple[int, ...]


def near(one: Colour, other: Colour, by: int = 8) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def corners(card: Image.Image) -> list[Colour]:
    width, height = card.size
    across, down = (width // 8, width * 7 // 8), (height // 8, height * 7 // 8)
    return [card.getpixel((x, y)) for y in down for x in across]


def is_right(card: Image.Image) -> bool:
    return all(near(a, b) for a, b in zip(corners(card), files.QUARTERS, strict=True))


@pytest.mark.parametrize("kind", files.FORMATS)
def test_every_format_is_read_right(kind: str, bare: Card) -> None:
    assert is_right(bare(files.photo(kind)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_put_upright(orientation: int, bare: Card) -> None:
    assert is_right(bare(files.oriented(orientation)))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIF"])
def test_other_formats_are_turned_as_well(kind: str, bare: Card) -> None:
    assert is_right(bare(files.oriented(6, kind)))


def test_a_turned_photo_is_decoded_small_and_cropped_as_it_is_seen(bare: Card) -> None:
    """draft() counts in the stored orientation; the focus in the one that is seen."""
    tall = files.quarters(3_000, 4_000)
    stored = files.saved(tall.transpose(Image.Transpose.ROTATE_90), exif=files.exif(6))
    made = make_cards(stored, {"1200x630": None}, Colours(), Focus(x=0.0, y=0.0, zoom=2.5))
    assert (made.width, made.height) == (3_000, 4_000)
    card = Image.open(io.BytesIO(made.cards["1200x630"]))
    assert near(card.getpixel((1_100, 500)), files.RED)
    assert is_right(bare(stored))


def test_broken_exif_is_no_reason_to_refuse(bare: Card) -> None:
    for data in (
        b"Exif\0\0garbage",
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
    ):
        assert is_right(bare(files.with_segments(files.photo(), files.segment(0xE1, data))))


def as_srgb(colour: Colour, primaries: tuple[tuple[float, ...], ...]) -> Colour:
    """The colour of a profile with these primaries (and gamma 2.2), by the textbook."""
    light = np.array(primaries).T @ (np.array(colour) / 255) ** 2.2
    d50_to_srgb = np.array(
        [
            [3.1338561, -1.6168667, -0.4906146],
            [-0.9787684, 1.9161415, 0.0334540],
            [0.0719453, -0.2289914, 1.4052427],
        ]
    )
    linear = (d50_to_srgb @ light).clip(0, 1)
    curved = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return tuple(round(float(value) * 255) for value in curved)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("primaries", [files.P3, files.ADOBE])
def test_wide_colours_are_brought_to_srgb(
    kind: str, primaries: tuple[tuple[float, ...], ...], bare: Card
) -> None:
    given = (190, 90, 100)
    data = files.saved(Image.new("RGB", (400, 300), given), kind, icc_profile=files.icc(*primaries))
    expected = as_srgb(given, primaries)
    assert not near(expected, given)
    assert near(bare(data).getpixel((600, 300)), expected, by=5)


@pytest.mark.parametrize("profile", [b"x" * 400, files.icc(*files.P3)[:300], bytes(5_000_000)])
def test_a_broken_profile_is_ignored(profile: bytes, bare: Card) -> None:
    assert is_right(bare(files.saved(files.quarters(), "JPEG", icc_profile=profile)))


def test_a_profile_of_another_kind_of_picture_is_ignored(bare: Card) -> None:
    data = files.saved(Image.new("L", (400, 300), 120), icc_profile=files.icc(*files.P3))
    assert near(bare(data).getpixel((600, 300)), (120, 120, 120))


def test_cmyk_is_neither_inverted_nor_dark(bare: Card) -> None:
    card = bare(files.saved(files.quarters().convert("CMYK")))
    assert is_right(card)


def test_sixteen_bits_of_grey_are_scaled_not_clipped(bare: Card) -> None:
    card = bare(files.png_16_bit())
    assert near(card.getpixel((200, 300)), (64, 64, 64))
    assert near(card.getpixel((1_000, 300)), (192, 192, 192))


def test_sixteen_bits_of_colour_are_scaled_not_clipped(bare: Card) -> None:
    pixels = np.tile(np.array([0xC000, 0x4000, 0x8000], ">u2"), (200, 200, 1))
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    assert near(bare(files.png(200, 200, rows, depth=16)).getpixel((600, 300)), (192, 64, 128))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIF"])
def test_what_is_clear_becomes_white(kind: str, bare: Card) -> None:
    picture = files.quarters().convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 320, 480))
    card = bare(files.saved(picture, kind))
    assert near(card.getpixel((150, 300)), (255, 255, 255))
    assert near(card.getpixel((1_050, 100)), files.GREEN)


def test_palettes_with_a_clear_colour_and_single_bits_are_read(bare: Card) -> None:
    palette = files.quarters().convert("P", palette=Image.Palette.ADAPTIVE, colors=8)
    assert is_right(bare(files.saved(palette, "PNG")))
    clear = palette.getpixel((5, 5))
    card = bare(files.saved(palette, "PNG", transparency=clear))
    assert near(corners(card)[0], (255, 255, 255))
    assert near(
        bare(files.saved(Image.new("1", (400, 300), 1), "PNG")).getpixel((9, 9)), (255,) * 3
    )


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_an_animated_file_gives_its_first_picture(kind: str, bare: Card) -> None:
    assert near(bare(files.animated(kind)).getpixel((600, 300)), files.GREEN)


def test_the_first_picture_of_a_phones_double_jpeg_is_taken(bare: Card) -> None:
    second = Image.new("RGB", (64, 48), files.RED)
    both = files.saved(files.quarters(), "MPO", save_all=True, append_images=[second])
    assert is_right(bare(both))


def test_a_small_photo_is_enlarged_with_grain_and_a_large_one_is_not(bare: Card) -> None:
    flat = Image.new("RGB", (300, 200), (128, 128, 128))
    assert np.asarray(bare(files.saved(flat, "PNG"))).std() > 1
    assert np.asarray(bare(files.saved(flat.resize((2_400, 1_600)), "PNG"))).std() < 0.5


def test_the_photo_lies_in_its_window_and_the_note_below_it(wording: Wording) -> None:
    data = files.photo("PNG", 1_300, 1_300)
    made = make_cards(data, {"1080x1080": wording}, Colours(), Focus(y=0.5))
    card = Image.open(io.BytesIO(made.cards["1080x1080"]))
    assert card.size == (1_080, 1_080)
    assert near(card.getpixel((30, 30)), files.RED)
    assert near(card.getpixel((20, 1_060)), (14, 29, 45))


def test_a_preview_is_upright_srgb_and_at_most_1600_pixels() -> None:
    data = files.saved(
        files.quarters(2_000, 3_000).transpose(Image.Transpose.ROTATE_90), exif=files.exif(6)
    )
    preview = Image.open(io.BytesIO(preview_photo(data)))
    assert preview.size == (1_067, 1_600)
    assert is_right(preview)
    assert is_right(Image.open(io.BytesIO(preview_photo(files.photo("HEIF")))))


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_a_large_photo_of_a_costly_kind_is_read_by_a_child_of_its_own(kind):
    out = io.BytesIO()
    options = {"AVIF": {"speed": 10}, "WEBP": {"method": 0}}[kind]
    Image.new("RGB", (6_400, 4_800), (30, 120, 60)).save(out, kind, quality=40, **options)
    made = make_cards(out.getvalue(), {"1080x1080": None}, Colours(), Focus())
    assert (made.width, made.height) == (6_400, 4_800)
