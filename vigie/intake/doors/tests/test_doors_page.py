"""The page of the other doors: a bookmark and a link that tell nobody anything."""

import re
from html import unescape
from urllib.parse import unquote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from vigie.intake.doors.views import bookmark, partner_link
from vigie.intake.models import Letter

pytestmark = pytest.mark.django_db(databases="__all__")
PLACE, TYPED = "https://a.test/shared?x=1&y=<2>", "application/x-www-form-urlencoded"


@pytest.mark.parametrize("code", ["fr", "nl", "de", "en"])
def test_the_page_explains_each_door_in_each_language(public_client, settings, code):
    text = public_client.get(f"/{code}/doors/").content.decode()
    assert len(re.findall("<textarea", text)) == len(settings.LANGUAGES)
    for other, _ in settings.LANGUAGES:
        assert f"/{other}/report/" in unescape(text)
    assert "/api/v1/openapi.json" in text
    assert f"/{code}/report/#" in unescape(text)
    assert f'rel="manifest" href="/{code}/doors/app.webmanifest"' in text


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


@pytest.mark.parametrize("code", ["fr", "nl", "de", "en"])
def test_a_telephone_that_shares_sends_it_in_the_body_and_to_the_form(public_client, code):
    answer = public_client.get(f"/{code}/doors/app.webmanifest")
    target = answer.json()["share_target"]
    assert answer["Content-Type"] == "application/manifest+json"
    assert (target["action"], target["method"]) == (f"/{code}/share/", "POST")


@pytest.mark.parametrize(
    ("shared", "where"),
    [
        ({"url": PLACE}, PLACE),
        ({"text": f"Look {PLACE}", "title": "A page"}, f"Look {PLACE}"),
        ({"text": PLACE, "url": PLACE}, PLACE),
        ({"title": "A page"}, "A page"),
        ({}, ""),
    ],
)
def test_what_is_shared_stands_in_the_form_and_is_not_sent(public_client, shared, where):
    page = public_client.post("/en/share/", urlencode(shared), TYPED)
    text = page.content.decode()
    field = re.search(r"<textarea[^>]*name=\"where\"[^>]*>\n(.*?)</textarea>", text, re.DOTALL)
    assert page.status_code == 200 and field
    assert unescape(field[1]) == where
    assert 'class="problem"' not in text
    assert not page.cookies
    assert not Letter.objects.exists()


def test_the_form_that_shows_what_was_shared_takes_it(public_client):
    page = public_client.post("/en/share/", urlencode({"url": PLACE}), TYPED).content.decode()
    code = re.search(r'name="receipt" value="([^"]+)"', page)
    assert 'action="/en/report/"' in page and code
    public_client.post("/en/report/", urlencode({"where": PLACE, "receipt": code[1]}), TYPED)
    assert Letter.objects.count() == 1


def test_a_picture_that_is_shared_is_dropped(public_client):
    picture = SimpleUploadedFile("x.gif", b"GIF89a", "image/gif")
    page = public_client.post("/en/share/", {"text": PLACE, "picture": picture})
    assert page.status_code == 200 and PLACE in unescape(page.content.decode())
    assert not Letter.objects.exists()


def test_who_comes_without_sharing_finds_the_form(public_client):
    assert public_client.get("/en/share/")["Location"] == "/en/report/"
