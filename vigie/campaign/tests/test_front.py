"""The front page: light, without scripts, and leading to the form in one step."""

import gzip
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.environment import ROOT
from vigie.campaign import drawn
from vigie.campaign.content import shipped

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
# What the front page's style sheets ask for, with a number by hand and no more.
FONTS = ("bricolage-grotesque-latin-wght-normal", "source-sans-3-latin-wght-normal")
FONTS += ("caveat-digits-700-normal",)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_before_its_pictures_it_weighs_less_than_a_hundred_kilobytes(language, public_client):
    page = public_client.get(f"/{language}/").content
    sheets = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', page.decode())
    assert len(sheets) == 4
    static = ROOT / "web/static"
    texts = [page, *((static / sheet).read_bytes() for sheet in sheets)]
    fonts = [(static / f"fonts/{font}.woff2").read_bytes() for font in FONTS]
    assert sum(len(gzip.compress(text)) for text in texts) + sum(map(len, fonts)) < 100_000


def test_it_needs_no_script_and_says_what_to_do_and_never_to_do(public_client):
    page = public_client.get("/en/").content.decode()
    assert "<script" not in page
    assert 'href="/en/report/"' in page and 'href="/en/card/"' in page
    assert "never share them, not even to denounce them" in page


def test_the_card_is_written_on_a_blank_one(public_client):
    page = public_client.get("/nl/").content.decode()
    (blank,) = re.findall(r'src="(/campaign/blank/[^"]+)"', page)
    (message,) = re.findall(r'src="(/campaign/message/[^"]+)"', page)
    assert public_client.get(blank)["Content-Type"] == "image/jpeg"
    drawn = public_client.get(message)
    assert drawn["Content-Type"] == "image/svg+xml" and drawn.content.count(b"<path") > 5


@pytest.mark.parametrize(
    "path", ["", "card/", "wall/", "facts/", "press/", "embed/", "newsletter/", "figures/", "how/"]
)
def test_every_page_leads_to_the_form_in_one_step(path, public_client):
    page = public_client.get(f"/fr/{path}").content.decode()
    assert 'href="/fr/report/"' in page
    assert "même pour les dénoncer" in page


def test_a_picture_that_many_ask_for_at_once_is_drawn_once(monkeypatch):
    drawn.forget()
    draw, times = drawn._draw, []
    monkeypatch.setattr(drawn, "_draw", lambda picture: times.append(1) or draw(picture))
    with ThreadPoolExecutor(6) as visitors:
        asked = [visitors.submit(drawn.sample, shipped(), "nl", "1200x630") for _ in range(6)]
    assert len({one.result() for one in asked}) == len(times) == 1
