"""The page of the other doors: a bookmark and a link that tell nobody anything."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from vigie.intake.doors.views import bookmark, partner_link

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize("code", ["fr", "nl", "de", "en"])
def test_the_page_explains_each_door_in_each_language(public_client, settings, code):
    text = public_client.get(f"/{code}/doors/").content.decode()
    assert len(re.findall("<textarea", text)) == len(settings.LANGUAGES)
    for other, _ in settings.LANGUAGES:
        assert f"/{other}/report/" in unescape(text)
    assert "/api/v1/openapi.json" in text
    assert f"/{code}/report/#" in unescape(text)


def test_the_bookmark_puts_the_address_behind_the_sign_and_nowhere_else():
    script = bookmark("https://hotline.test/en/report/")
    assert script.startswith("javascript:")
    assert "'https://hotline.test/en/report/#'+encodeURIComponent(location.href)" in script
    assert "?" not in unquote(script) and "fetch" not in script


@pytest.mark.parametrize("code", ["fr", "nl", "de", "en"])
def test_the_partners_link_asks_nothing_of_ours_and_hides_where_it_stands(settings, code):
    settings.ROOT_URLCONF = "config.public_urls"
    html = partner_link(code)
    assert re.fullmatch(r"<a [^<>]*>[^<>]+</a>", html)
    assert f'href="{settings.PUBLIC_URL}/{code}/report/"' in html
    assert 'rel="noreferrer noopener"' in html
    assert "url(" not in html and "<img" not in html and "on" not in re.findall(r" (on\w+)=", html)
