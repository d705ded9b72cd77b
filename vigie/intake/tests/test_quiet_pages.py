"""Every page of the hotline can be left at once, and says nothing over somebody's shoulder.

The addresses are those of the room's own map, so that a page added there is tested as well.
"""

import re
from html import unescape

import pytest
from django.conf import settings as base
from django.test import Client, RequestFactory

from config.context import LEAVE_URL, site
from config.organisation import Organisation
from vigie.intake.urls import urlpatterns

pytestmark = pytest.mark.django_db(databases=["default", "front"])
LANGUAGES = [code for code, _ in base.LANGUAGES]
ADDRESSES = [*(str(one.pattern) for one in urlpatterns), "accessibility/"]
# What would tell somebody who looks at a tab, a list of windows or a history what it is about.
TELLING = re.compile(
    r"abus|child|kind|enfant|sex|porn|misb|pictur|image|beeld|bild|victim|slachtoffer|opfer", re.I
)
# What is about the hotline's work, and says so; the others may be somebody's secret.
OPEN = ("how/", "privacy/", "accessibility/")


def answers(client: Client, language: str) -> dict[str, object]:
    """Every address asked for, sent empty, and sent with something, as far as it takes that."""
    where = {"where": "https://a.test/x", "words": "un deux", "child": "x", "act": "next"}
    found = {}
    for address in ADDRESSES:
        for how, sent in (("asked", None), ("empty", {}), ("sent", where)):
            path = f"/{language}/{address}"
            answer = client.get(path) if sent is None else client.post(path, sent)
            if answer.status_code != 405:
                found[f"{how} {address}"] = answer
    found["404"] = client.get(f"/{language}/nothing/")
    found["400"] = client.post(f"/{language}/newsletter/", "x", content_type="multipart/form-data")
    return found


def test_the_walk_finds_the_pages(public_client):
    found = answers(public_client, "en")
    assert {"asked report/", "sent report/", "sent report/more/", "empty for-me/"} <= found.keys()
    assert found["sent report/"].status_code == 200
    assert found["404"].status_code == 404 and found["400"].status_code == 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_plain_link_away_and_says_what_it_does_not_do(public_client, language):
    away = public_client.get(f"/{language}/help/").context["exit_url"]
    assert away == base.ORGANISATION.localised(language)["leave"]
    trace = {"fr": "historique", "nl": "geschiedenis", "de": "Verlauf", "en": "history"}
    for name, answer in answers(public_client, language).items():
        if answer.status_code == 303:
            continue
        text = unescape(answer.content.decode())
        link = re.search(r'<a class="leave" href="([^"]+)" rel="noreferrer noopener">', text)
        assert link and link[1] == away, name
        assert trace[language] in text or "history" in text, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_kept_or_leaves_a_trace_elsewhere(public_client, language):
    for name, answer in answers(public_client, language).items():
        assert answer["Cache-Control"] == "no-store", name
        assert not answer.cookies, name
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy, name
        text = answer.content.decode()
        loaded = re.findall(r'(?:src|<link[^>]+href)="([^"]+)"', text)
        assert all(one.startswith("/static/") for one in loaded), name
        assert re.search(r'<script(?! src="/static/)|<style| style=| on\w+=', text) is None, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_address_and_icon_tell_nothing(public_client, language):
    for name, answer in answers(public_client, language).items():
        if answer.status_code == 303 or name.endswith(OPEN):
            continue
        text = unescape(answer.content.decode())
        title = re.search("<title>(.*?)</title>", text, re.S)
        assert title and not TELLING.search(title[1]), (name, title and title[1])
        assert re.findall(r'<link rel="icon" href="([^"]+)"', text) == ["/static/img/icon.svg"]
        assert not TELLING.search(answer.request["PATH_INFO"]), name


def test_the_page_of_a_receipt_says_nothing_of_what_was_reported(public_client):
    page = public_client.get("/en/receipt/").content.decode()
    inside = page.partition("<main")[2].partition("</main>")[0]
    assert not TELLING.search(inside)
    assert "offender" not in inside and "police" not in inside


def test_an_operator_without_an_address_of_its_own_leads_somewhere_harmless(settings):
    told = {name: value for name, value in base.ORGANISATION.data.items() if name != "leave"}
    settings.ORGANISATION = Organisation(told)
    assert site(RequestFactory().get("/en/report/"))["exit_url"] == LEAVE_URL
