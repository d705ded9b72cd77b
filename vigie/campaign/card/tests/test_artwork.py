"""Whatever an editor writes stays inside the note, in letters that exist."""

import io
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from vigie.campaign.card.artwork import overlay
from vigie.campaign.card.design import SIZES, Colours, Focus, Wording, crop
from vigie.campaign.card.layers import artwork_preview
from vigie.campaign.card.lettering import letter, missing, tidy
from vigie.campaign.card.message import LOUD, write
from vigie.campaign.card.places import PLACES
from vigie.campaign.card.strip import strip, strip_box

pytestmark = [pytest.mark.pure, pytest.mark.rest]

BOX = (46.0, 30.0, 942.0, 302.0)
LETTERS = st.sampled_from("abgjpqyÄÖÜßéèêœçĳſABCQ0178 ,.!?’“”«»-–()€&łżőДжя\u00a0")
LINES = st.lists(st.text(LETTERS, max_size=60), min_size=1, max_size=5)


@given(lines=LINES, loud=st.text(LETTERS, max_size=8), most=st.floats(20, 200))
def test_the_message_never_leaves_its_box(lines: list[str], loud: str, most: float) -> None:
    for piece in write([line for line in lines if not missing(line)], loud, BOX, most):
        left, top, right, bottom = piece.ink()
        assert left >= BOX[0] - 0.01 and right <= BOX[2] + 0.01
        assert top >= BOX[1] - 0.01 and bottom <= BOX[3] + 0.01


@given(st.lists(st.text(LETTERS, min_size=1, max_size=60), min_size=1, max_size=5))
def test_no_word_is_lost(lines: list[str]) -> None:
    lines = [line for line in lines if not missing(line)]
    written = "".join(piece.text for piece in write(lines, "78", BOX, 120))
    assert written.replace("\u00a0", "") == "".join(
        tidy("".join(lines)).replace("\u00a0", " ").split()
    )


def test_the_loud_word_is_larger_and_apart_from_the_signs_that_cling_to_it() -> None:
    pieces = write(["Il y en a 78, (78) et 178 ou 780"], "78", BOX, 120)
    assert [piece.text for piece in pieces if piece.loud] == ["78", "78"]
    quiet = next(piece for piece in pieces if not piece.loud)
    assert all(p.size == pytest.approx(LOUD * quiet.size) for p in pieces if p.loud)


def test_words_sit_almost_on_one_line_and_always_the_same_way() -> None:
    pieces = write(["Pour chaque photo de chat,"], "78", BOX, 80)
    heights = {piece.y for piece in pieces}
    assert len(heights) > 1
    assert max(heights) - min(heights) < 0.04 * 80
    assert pieces == write(["Pour chaque photo de chat,"], "78", BOX, 80)


def test_letters_that_the_fonts_lack_are_replaced_or_told_never_boxes() -> None:
    assert tidy("STRAẞE\u202f! a → b") == "STRASSE\u00a0! a › b"
    assert missing("STRAẞE\u202f! → « œuf » Łódź Кот") == ""
    assert missing("猫😺é猫") == "猫😺"
    assert missing("ねこ", "plain") == "ねこ"
    with pytest.raises(ValueError, match="😺"):
        letter("un 😺", "hand")


def test_a_combined_accent_is_drawn_as_its_letter() -> None:
    assert letter("e\u0301", "hand") == letter("é", "hand")


def rendered(wording: Wording, size: str) -> Image.Image:
    return Image.open(io.BytesIO(overlay(wording, Colours(), SIZES[size])))


LONG = Wording(
    ("W" * 60, "fish and œufs, çà et là " * 2, "78 " * 15, "x", "Ängstliche Kätzchen"),
    "78",
    "#averylonghashtagthatsomebodymaychoose",
    "A call to act that goes on for quite a while, for whoever likes to read long calls to act",
    "a-very-long-address.of-a-hotline.example.org/somewhere/far/down",
)


@pytest.mark.parametrize("size", ["1080x1080", "1200x630"])
def test_the_longest_texts_stay_off_the_edges(size: str) -> None:
    """Drawn in colours of their own, so that they can be told from the rest."""
    colours = Colours(ink="#00ff00", loud="#00ff00")
    drawn = Image.open(io.BytesIO(overlay(LONG, colours, SIZES[size]))).convert("RGB")
    red, green, blue = drawn.split()
    ink = ImageChops.subtract(ImageChops.subtract(green, red), blue).point(
        lambda v: 255 * (v > 120)
    )
    left, top, right, bottom = ink.getbbox() or (0, 0, 0, 0)
    note = PLACES[size].note
    assert left > note[0] and right < note[2]
    assert top > note[1] and bottom < note[3]
    light = drawn.convert("L").point(lambda v: 255 * (v > 120))
    foot = light.crop((PLACES[size].hashtag[0] - 30, round(note[3]) + 40, *drawn.size))
    box = foot.getbbox() or (0, 0, 0, 0)
    assert box[0] >= 25
    assert box[2] <= foot.width - 40


def test_the_photo_shows_through_and_the_footer_does_not() -> None:
    wording = Wording(
        ("Un chat", "78 images"), "78", "#catsforkids", "Signalez", "stopchildporno.be"
    )
    picture = rendered(wording, "1080x1080")
    assert picture.size == (1_080, 1_080)
    alpha = picture.getchannel("A")
    assert alpha.crop((0, 0, 1_080, 480)).getextrema() == (0, 0)
    assert alpha.crop((0, 740, 1_080, 1_080)).getextrema() == (255, 255)


def test_a_browser_is_given_a_light_preview_that_is_clear_where_the_photo_shows() -> None:
    wording = Wording(("Un chat", "78 images"), "78", "#catsforkids", "Signalez", "a.example")
    webp = artwork_preview(wording, Colours(), "1080x1080")
    assert len(webp) < 120_000
    picture = Image.open(io.BytesIO(webp))
    assert picture.size == (720, 720)
    assert picture.convert("RGBA").getchannel("A").crop((0, 0, 720, 300)).getextrema() == (0, 0)


def test_the_bottom_of_the_tallest_card_is_left_to_the_apps_own_controls() -> None:
    picture = rendered(LONG, "1080x1920").convert("L").crop((0, 1_680, 1_080, 1_920))
    assert picture.getextrema()[1] < 60


@pytest.mark.parametrize(("size", "name"), [*product(SIZES, ("Ü", "Minou", "W" * 30))])
def test_a_name_has_its_strip_on_every_size(size: str, name: str) -> None:
    png, at = strip(name, Colours(), SIZES[size])
    paper = Image.open(io.BytesIO(png)).getchannel("A").point(lambda v: 255 * (v > 250))
    left, top, right, bottom = paper.getbbox() or (0, 0, 0, 0)
    box = PLACES[size].name
    assert box[0] - 6 <= at[0] + left < at[0] + right <= box[2] + 6
    assert box[1] - 12 <= at[1] + top < at[1] + bottom
    assert right - left > 100


@pytest.mark.parametrize("size", SIZES)
def test_a_preview_knows_where_a_strip_lies_whatever_the_name(size: str) -> None:
    box = strip_box(SIZES[size])
    for name in ("Ü", "Minou"):
        png, at = strip(name, Colours(), SIZES[size])
        assert (*at, *Image.open(io.BytesIO(png)).size) == box


def test_a_colour_that_is_none_is_refused() -> None:
    wording = Wording(("Un chat",), "", "#catsforkids", "", "")
    with pytest.raises(ValueError, match="colour"):
        overlay(wording, Colours(ink='red"/><script>'), SIZES["1200x630"])


SIDES = st.integers(120, 20_000)
SHARES = st.floats(-0.5, 1.5)


@given(SIDES, SIDES, st.sampled_from(sorted(SIZES)), SHARES, SHARES, st.floats(0, 9))
def test_a_crop_stays_in_the_photo_and_has_the_windows_shape(
    width: int, height: int, size: str, x: float, y: float, zoom: float
) -> None:
    window = SIZES[size].window
    left, top, right, bottom = crop((width, height), window, Focus(x, y, zoom))
    assert -1e-6 <= left < right <= width + 1e-6
    assert -1e-6 <= top < bottom <= height + 1e-6
    assert (right - left) / (bottom - top) == pytest.approx(window[0] / window[1])
