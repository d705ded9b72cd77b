"""The campaign's own pictures never take the threads in which reports are answered."""

import io
import threading

import numpy as np
import pytest
from PIL import Image

from vigie.campaign import drawn
from vigie.campaign.card import layers
from vigie.campaign.content import shipped
from vigie.campaign.drawn import sample
from vigie.campaign.kits import packing
from vigie.campaign.motif import CAT
from vigie.campaign.room import PICTURES
from vigie.campaign.selectors import current
from vigie.campaign.services import Change, save_campaign
from vigie.campaign.tests.support import photo, sent

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
SAMPLE = "/campaign/card/catsforkids-2020-1/en/1200x630.jpg"
OVERLAY = "/campaign/overlay/catsforkids-2020-1/en/1080x1080.webp"
STRIP = "/campaign/strip/catsforkids-2020-1/1080x1080.png"


@pytest.fixture
def full(lead, monkeypatch):
    """A studio in which every place is taken, and nothing is drawn yet."""
    save_campaign(current().slug, Change(current().says, 0, addresses_are_ours=True), lead)
    drawn.forget()
    packing.forget()
    monkeypatch.setattr(PICTURES, "_queue", threading.BoundedSemaphore(1))
    PICTURES._queue.acquire()


def test_a_picture_that_is_not_drawn_yet_waits_for_no_room(full, public_client):
    for path in (SAMPLE, SAMPLE.replace("/card/", "/blank/")):
        answer = public_client.get(path)
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert public_client.get("/en/press/").status_code == 200


def test_names_that_are_drawn_for_previews_never_take_the_place_of_cards(full, public_client):
    assert public_client.get(STRIP).status_code == 503
    assert sent(public_client, photo(), act="download").status_code == 200


def test_an_artwork_is_drawn_once_and_a_name_without_it(full, public_client, monkeypatch):
    PICTURES._queue.release()
    first = public_client.get(OVERLAY)
    monkeypatch.setattr(drawn, "artwork_preview", None)
    assert public_client.get(OVERLAY).content == first.content
    monkeypatch.setattr(layers, "overlay", None)
    for name, width in (("Mimi", 526), ("😺", 1)):
        strip = public_client.get(STRIP, {"name": name})
        with Image.open(io.BytesIO(strip.content)) as picture:
            assert (picture.format, picture.mode, picture.width) == ("PNG", "RGBA", width)


def test_a_picture_that_is_drawn_needs_no_room(full, public_client):
    card = sample(shipped(), "en", "1200x630")
    assert public_client.get(SAMPLE).content == card


def test_the_press_pack_is_made_in_a_room_of_the_studio(full, public_client):
    answer = public_client.get("/en/press/pack.zip")
    assert (answer.status_code, answer["Retry-After"]) == (503, "20")
    assert "less than a minute" in answer.content.decode()


def test_nobody_waits_for_a_press_pack_that_is_being_made(full, public_client, monkeypatch):
    monkeypatch.setattr(PICTURES, "_queue", threading.BoundedSemaphore(3))
    with packing._packing:
        assert public_client.get("/en/press/pack.zip").status_code == 503


def test_pictures_of_several_campaigns_fit_and_the_oldest_goes_first(monkeypatch):
    drawn.forget()
    first, second = (sample(shipped(), "en", size) for size in ("1080x1080", "1200x630"))
    one = next(iter(drawn._kept))
    monkeypatch.setattr(drawn, "MOST_KEPT", len(first) + len(second))
    sample(shipped(), "en", "1080x1350")
    assert drawn.kept(one) is None and drawn._kept
    assert sum(map(len, drawn._kept.values())) <= drawn.MOST_KEPT


def test_the_cat_that_ships_is_a_photo_down_to_its_last_row():
    """Its lower end was once made up of stripes, which the tallest card showed."""
    with Image.open(CAT) as cat:
        tones = np.asarray(cat.convert("L").resize((90, 60), Image.Resampling.BOX), float)[50:]
    down, across = (np.abs(np.diff(tones, axis=axis)).mean() for axis in (0, 1))
    assert down > 0.9 * across
