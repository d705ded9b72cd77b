"""What reporters wrote: it opens with the operators' passphrase, for one session, and says so."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.environment import PASSPHRASE
from vigie.cases.unlock import COOKIE
from vigie.items.models import Item
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
