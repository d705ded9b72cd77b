"""The public pages: the same for every address and every token, without a cookie or a script."""

import json
import re

import pytest
from django.db import DatabaseError

from vigie.campaign.newsletter import tokens
from vigie.campaign.newsletter.models import NewsletterAct, Subscriber
from vigie.campaign.newsletter.tests.support import MINOU, readers
from vigie.lib.seal import SMALLEST, padded_length, unseal

pytestmark = pytest.mark.django_db(databases="__all__")
ONE_CLICK = {"data": "List-Unsubscribe=One-Click"}
FORM = "application/x-www-form-urlencoded"


def said() -> list[dict[str, str]]:
    """What was written for the worker."""
    identity = tokens.keys().identity
    return [json.loads(unseal(identity, act.sealed)) for act in NewsletterAct.objects.all()]


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def token() -> str:
    """Of somebody who is on the list."""
    (reader,) = readers(MINOU)
    return tokens.leave_token(reader.address_hash)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_form_asks_for_an_address_and_offers_the_languages(public_client, language):
    page = text_of(public_client.get(f"/{language}/newsletter/"))
    assert 'name="email"' in page
    assert f'<option value="{language}" lang="{language}" selected>' in page
    assert page.count("<option") == 4
    assert "<script" not in page


def test_an_address_is_written_down_sealed_and_thanked_for(public_client):
    answer = public_client.post("/fr/newsletter/", {"email": MINOU, "language": "nl"})
    assert (answer.status_code, answer["Location"]) == (303, "/fr/newsletter/thanks/")
    assert answer.cookies == {}
    expected = {"kind": "subscribe", "address": MINOU, "language": "nl", "consent": "2026-11"}
    assert said() == [expected]
    assert Subscriber.objects.count() == 0


@pytest.mark.parametrize(
    "typed", [MINOU, "nobody@nowhere.invalid", "a+b@münchen.test", "=cmd@aurore.test"]
)
def test_the_answer_is_the_same_whoever_it_is(public_client, typed):
    readers(MINOU)
    answer = public_client.post("/fr/newsletter/", {"email": typed, "language": "fr"})
    assert (answer.status_code, answer["Location"]) == (303, "/fr/newsletter/thanks/")
    assert typed not in text_of(public_client.get("/fr/newsletter/thanks/"))


@pytest.mark.parametrize("typed", ["", "minou", "minou@", "a\0b@x.test", "a@x.test\nBcc: b@x.test"])
def test_what_cannot_be_an_address_is_told_and_stays_on_the_page(public_client, typed):
    answer = public_client.post("/en/newsletter/", {"email": typed, "language": "de"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "This cannot be an e-mail address." in page
    assert '<option value="de" lang="de" selected>' in page
    assert said() == []


def test_a_language_that_is_not_ours_is_the_page_s_own(public_client):
    for sent in ({"email": MINOU}, {"email": MINOU, "language": "xx"}):
        public_client.post("/de/newsletter/", sent)
    assert {act["language"] for act in said()} == {"de"}


def test_every_act_is_as_long_as_every_other(public_client, token):
    public_client.post("/fr/newsletter/", {"email": MINOU})
    public_client.post("/fr/newsletter/", {"email": f"{'é' * 32}@{'b' * 63}.{'c' * 63}.test"})
    public_client.post(f"/fr/newsletter/confirm/{token}/")
    public_client.post(f"/fr/newsletter/unsubscribe/{token}/")
    # (Around what is sealed, age itself puts a piece of random length.)
    lengths = [len(json.dumps(act, ensure_ascii=False).encode()) for act in said()]
    assert len(lengths) == 4
    assert {padded_length(4 + length) for length in lengths} == {SMALLEST}


@pytest.mark.parametrize("page", ["confirm", "unsubscribe"])
def test_a_link_that_a_mail_scanner_follows_does_nothing(public_client, token, page):
    for method in (public_client.get, public_client.head):
        answer = method(f"/fr/newsletter/{page}/{token}/")
        assert answer.status_code == 200
    shown = text_of(public_client.get(f"/fr/newsletter/{page}/{token}/"))
    assert shown.count("<button") == 1
    assert said() == []


@pytest.mark.parametrize("page", ["confirm", "unsubscribe"])
def test_pressing_the_button_is_an_act(public_client, token, page):
    answer = public_client.post(f"/fr/newsletter/{page}/{token}/")
    assert answer.status_code == 200
    (act,) = said()
    assert (act["kind"], act["token"]) == (page, token)


@pytest.mark.parametrize("page", ["confirm", "unsubscribe"])
def test_a_token_of_ours_a_used_one_and_a_stranger_s_get_the_same_answer(
    public_client, token, page
):
    answers = {
        re.sub(rf"/{page}/[^\"]+", "", text_of(public_client.post(f"/en/newsletter/{page}/{one}/")))
        for one in (token, token, "A" * 43, "x", "test", "é" * 43, "A" * 2000)
    }
    assert len(answers) == 1


def test_a_mail_program_s_own_button_unsubscribes_without_cookie_or_origin(public_client, token):
    answer = public_client.post(
        f"/fr/newsletter/unsubscribe/{token}/", **ONE_CLICK, content_type=FORM
    )
    assert answer.status_code == 200  # RFC 8058: led nowhere else
    assert answer.cookies == {}
    assert [act["kind"] for act in said()] == ["unsubscribe"]


def test_when_nothing_can_be_written_the_page_says_so_and_keeps_what_was_typed(
    public_client, token, monkeypatch
):
    def fails(*args: object, **kwargs: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(NewsletterAct.objects, "bulk_create", fails)
    answer = public_client.post("/en/newsletter/", {"email": MINOU})
    assert answer.status_code == 503
    assert f'value="{MINOU}"' in text_of(answer)
    for page in ("confirm", "unsubscribe"):
        answer = public_client.post(f"/en/newsletter/{page}/{token}/")
        assert answer.status_code == 503
        assert "NOT saved" in text_of(answer)
        assert "<button" in text_of(answer)


def test_the_pages_of_a_token_are_kept_and_indexed_nowhere(public_client, token):
    answer = public_client.get(f"/fr/newsletter/unsubscribe/{token}/")
    assert answer["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in text_of(answer)


def test_a_page_in_another_language_keeps_its_token(public_client, token):
    page = text_of(public_client.get(f"/fr/newsletter/confirm/{token}/"))
    assert f'href="/nl/newsletter/confirm/{token}/"' in page
