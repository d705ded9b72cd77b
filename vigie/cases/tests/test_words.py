"""What reporters wrote: it opens with the operators' passphrase, for one session, and says so."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from tests.environment import PASSPHRASE
from vigie.cases.deciding.danger import has_opened
from vigie.cases.desk import words
from vigie.cases.desk.unlock import COOKIE
from vigie.dispatch.tests.support import reading_english
from vigie.intake.models import Letter, Report
from vigie.intake.services import More, add
from vigie.items.models import Item
from vigie.items.services import open_letter
from vigie.journal.models import Entry

pytestmark = pytest.mark.django_db(databases="__all__")
COMMENT = "my neighbour's screen, on Tuesday"
VERBS = ("key.unlocked", "key.refused", "words.read")


@pytest.fixture
def item(report_of) -> Item:
    (found,) = report_of("http://galerie.nord.test/a/words", comment=COMMENT)
    return found


def _path(item: Item) -> str:
    return f"/queue/items/{item.pk}/words/"


def _lines() -> list[tuple[str, str]]:
    found = Entry.objects.filter(verb__in=VERBS).order_by("seq")
    return list(found.values_list("verb", "subject"))


def _unlock(client: Client, item: Item) -> None:
    assert client.post(_path(item), {"passphrase": PASSPHRASE}).status_code == 302


def _can_read(client: Client, item: Item) -> bool:
    answer = client.get(_path(item))
    return answer.status_code == 200 and "neighbour" in answer.content.decode()


def test_a_wrong_passphrase_opens_nothing_and_is_in_the_journal(item, desk_client, analyst):
    client = desk_client(analyst)
    assert not _can_read(client, item)
    answer = client.post(_path(item), {"passphrase": PASSPHRASE.upper()})
    assert (answer.status_code, COOKIE in answer.cookies) == (422, False)
    assert PASSPHRASE.upper() not in answer.content.decode()
    assert not _can_read(client, item)
    assert _lines() == [("key.refused", "key:operators")]


def test_the_right_passphrase_opens_the_words_and_each_reading_is_in_the_journal(
    item, desk_client, analyst
):
    client = desk_client(analyst)
    _unlock(client, item)
    assert _can_read(client, item)
    assert _can_read(client, item)
    read = ("words.read", item.subject)
    assert _lines() == [("key.unlocked", "key:operators"), read, read]
    assert client.cookies[COOKIE]["httponly"]
    assert client.cookies[COOKIE]["samesite"] == "Strict"


def test_neither_the_session_nor_the_cookie_opens_anything_alone(item, desk_client, analyst, lead):
    client = desk_client(analyst)
    _unlock(client, item)
    without = Client()
    without.cookies["desk"] = client.cookies["desk"].value
    assert not _can_read(without, item), "the session without this browser's half"
    another = desk_client(lead)
    another.cookies[COOKIE] = client.cookies[COOKIE].value
    assert not _can_read(another, item), "this browser's half in another session"
    kept = Session.objects.get(pk=client.cookies["desk"].value).get_decoded()
    assert "AGE-SECRET-KEY" not in str(kept)


def test_it_ends_with_the_session(item, desk_client, analyst):
    client = desk_client(analyst)
    _unlock(client, item)
    half = client.cookies[COOKIE].value
    client.post("/account/logout/")
    assert not _can_read(client, item)
    client.force_login(analyst)
    client.cookies[COOKIE] = half
    assert not _can_read(client, item), "a new session is locked, whatever the browser kept"


def test_words_that_cannot_be_opened_are_said_to_be_so(item, desk_client, analyst):
    report = item.mentions.get().report
    report.words = b"not sealed to anybody"
    report.save()
    client = desk_client(analyst)
    _unlock(client, item)
    answer = client.get(_path(item))
    assert answer.status_code == 200
    assert "neighbour" not in answer.content.decode()


def test_a_no_to_the_question_of_danger_and_signs_that_nobody_sees_are_shown(
    report_of, desk_client, analyst
):
    (item,) = report_of("http://galerie.nord.test/a/no", comment="\0\0 \u200b\n")
    report = Report.objects.get(mentions__item=item)
    add(report.letter_id, More("danger", {"danger": "no"}))
    open_letter(Letter.objects.get())
    client = reading_english(desk_client, analyst)
    _unlock(client, item)
    page = client.get(_path(item)).content.decode()
    assert "No, or I do not know" in page and "a child may be in danger" not in page
    assert page.count("nothing in it can be read") == 1


def test_english_dates_are_read_in_one_way_and_nothing_is_said_of_signing_in(
    item, desk_client, analyst
):
    page = reading_english(desk_client, analyst).get(f"/queue/items/{item.pk}/").content.decode()
    day = timezone.localdate()
    assert f"first on {day.day} {day:%b %Y}" in page
    assert not re.search(r"\d/\d\d?/20\d\d", page)
    assert not render_to_string("account/messages/logged_in.txt", {"user": analyst}).strip()


def test_a_sign_that_turns_text_round_is_written_out_where_staff_read(
    report_of, desk_client, analyst
):
    turned = "an app called \u202egnp.exe"
    (item,) = report_of(turned, comment=turned)
    client = reading_english(desk_client, analyst)
    _unlock(client, item)
    paths = (_path(item), "/queue/?state=new", f"/queue/items/{item.pk}/")
    pages = [client.get(path).content.decode() for path in paths]
    for page in pages:
        assert "\u202e" not in page and "⟨U+202E⟩gnp.exe" in page


def test_however_many_report_an_item_nobodys_words_are_out_of_reach(
    item, report_of, desk_client, analyst, monkeypatch
):
    monkeypatch.setattr(words, "SHOWN", 2)
    for number in range(3):
        report_of("http://galerie.nord.test/a/words", comment=f"number {number}.")
    client = desk_client(analyst)
    _unlock(client, item)
    item.refresh_from_db()
    client.get(f"{_path(item)}?from={item.mentions.earliest('pk').report_id}")
    assert not has_opened(item, analyst), "what came last is not on that page"
    newest = client.get(_path(item)).content.decode()
    assert has_opened(item, analyst)
    assert "number 2." in newest and "number 1." in newest and "neighbour" not in newest
    (older,) = re.findall(r'href="([^"]*[?]from=\d+)"', newest)
    page = client.get(older).content.decode()
    assert "number 0." in page and "neighbour" in page
    assert not re.findall(r'href="[^"]*[?]from=', page)
    assert f'href="{_path(item)}" aria-keyshortcuts="n"' in page, "and back"
    assert client.get(f"{_path(item)}?from=x{'9' * 400}").status_code == 200
