"""What is known of a photo, and how large its cards are."""

import hashlib
import io

import numpy as np
import pdqhash
import pytest
from PIL import Image

from vigie.campaign.card.design import SIZES, Colours, Focus, Wording
from vigie.campaign.card.make import MOST_SHARED_BYTES, Made, make_cards
from vigie.campaign.card.tests import files
from vigie.campaign.card.wire import PhotoHashes

pytestmark = pytest.mark.pure


def scene(width: int = 1_600, height: int = 1_200) -> Image.Image:
    """Something with shapes in it: PDQ finds no quality in flat colours."""
    small = np.random.default_rng(7).integers(0, 255, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def made(photo: bytes, focus: Focus | None = None) -> Made:
    return make_cards(photo, {"1200x630": None}, Colours(), focus or Focus())


def hashes_of(photo: bytes, focus: Focus | None = None) -> PhotoHashes:
    wording = {"1200x630": None}
    found = make_cards(photo, wording, Colours(), focus or Focus(), hashed=True).hashes
    assert found
    return found


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_the_files_hashes_are_of_its_very_bytes() -> None:
    data = files.photo()
    hashes = hashes_of(data)
    assert hashes.md5 == hashlib.md5(data).hexdigest()
    assert hashes.sha1 == hashlib.sha1(data).hexdigest()
    assert hashes.sha256 == hashlib.sha256(data).hexdigest()


def test_a_card_for_its_owner_alone_is_made_without_hashes() -> None:
    assert made(files.photo()).hashes is None


def test_pdq_is_that_of_the_upright_photo_whatever_part_of_it_shows() -> None:
    picture = scene()
    bits, quality = pdqhash.compute(np.asarray(picture))
    expected = np.packbits(bits).tobytes().hex()
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    for photo in (files.saved(picture), files.saved(turned, exif=files.exif(6))):
        for focus in (Focus(), Focus(x=0.1, y=0.9, zoom=4)):
            hashes = hashes_of(photo, focus)
            assert distance(hashes.pdq, expected) <= 16
            assert abs(hashes.quality - quality) <= 5


def test_the_colour_is_the_mean_of_the_first_card() -> None:
    assert made(files.saved(Image.new("RGB", (400, 300), (18, 52, 86)), "PNG")).colour == "#123456"


def test_a_shared_card_stays_below_300_kilobytes_even_of_noise(wording: Wording) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (900, 1_400, 3), dtype=np.uint8)
    photo = files.saved(Image.fromarray(noise), quality=80)
    for words in (wording, None):
        cards = make_cards(photo, {"1200x630": words}, Colours(), Focus()).cards
        assert len(cards["1200x630"]) <= MOST_SHARED_BYTES


def test_every_size_comes_out_as_large_as_it_says() -> None:
    cards = make_cards(files.photo(), dict.fromkeys(SIZES, None), Colours(), Focus()).cards
    for name, jpeg in cards.items():
        with Image.open(io.BytesIO(jpeg)) as card:
            assert card.size == (SIZES[name].width, SIZES[name].height)


def test_a_name_lies_on_the_card_and_the_plain_card_is_not_touched(wording: Wording) -> None:
    photo = files.photo()
    plain = make_cards(photo, {"1200x630": wording}, Colours(), Focus())
    named = make_cards(photo, {"1200x630": wording}, Colours(), Focus(), name="Minou")
    again = make_cards(photo, {"1200x630": wording}, Colours(), Focus())
    assert plain.cards != named.cards
    assert plain.cards == again.cards


def test_a_name_that_cannot_be_drawn_is_a_clear_mistake(wording: Wording) -> None:
    for name in ("😺", "x" * 31):
        with pytest.raises(ValueError, match="letters|characters"):
            make_cards(files.photo(), {"1200x630": wording}, Colours(), Focus(), name=name)
