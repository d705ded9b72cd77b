"""The desk shows what came later with the rest, asks, and puts what cannot wait first."""

import json
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.test import Client
from django.utils.timezone import localtime

from tests.environment import PASSPHRASE
from tests.factories import a_look, an_item
from vigie.cases.desk import listing
from vigie.cases.desk.unlock import COOKIE, SESSION_KEY
from vigie.intake import services
from vigie.intake.models import Report
from vigie.intake.receipts import mint, normalise, receipt_hash
from vigie.intake.services import More, NewReport, receive
from vigie.items.models import Item, Question
from vigie.items.ranking import place
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.lib.seal import unlock
from vigie.staff.models import User
from vigie.worker.loop import OFFICE, one_round

pytestmark = pytest.mark.django_db(databases="__all__")
WORKER = [step for step in OFFICE if step[0] in ("open letters", "questions")]
WHERE = "https://a.test/x"


def told(*pages: More, **more: object) -> Item:
    letter = receive(NewReport(WHERE, **more))
    for page in pages:
        services.add(letter, page)
    for _ in range(2):
        one_round(WORKER)
    return Item.objects.get()


@pytest.fixture
def analyst(analyst: User) -> User:
    """Reads English, as these tests do."""
    analyst.language = "en"
    analyst.save()
    return analyst


@pytest.fixture(scope="module")
def operators() -> str:
    """Unlocking is slow on purpose: once is enough for a file."""
    return unlock((settings.KEYS / "operators.age").read_bytes(), PASSPHRASE)


@pytest.fixture
def unlocked(desk_client, operators) -> Callable[[User], Client]:
    """A person's browser that has unlocked the operators' key."""

    def client_of(user: User) -> Client:
        client, half = desk_client(user), Fernet.generate_key()
        session = client.session
        session[SESSION_KEY] = Fernet(half).encrypt(operators.encode()).decode()
        session.save()
        client.cookies[COOKIE] = half.decode()
        return client

    return client_of


def words_of(client: Client, item: Item) -> str:
    return unescape(client.get(f"/queue/items/{item.pk}/words/").content.decode())


def test_what_was_added_stands_below_the_report_in_the_order_it_came(unlocked, analyst):
    item = told(
        More("danger", {"child": "the girl <next> door"}, danger=True),
        More("place", {"kind": "app", "how": "third door", "seen": "today"}),
        More("contact", {"contact": "me@a.test", "comment": "be careful"}),
    )
    page = words_of(unlocked(analyst), item)
    typed = [WHERE, "the girl <next> door", "An app or a game", "third door", "today"]
    typed += ["be careful", "me@a.test"]
    found = [page.find(text) for text in typed]
    assert -1 not in found and found == sorted(found)


def test_whose_picture_it_is_stands_there(unlocked, analyst):
    item = told(own=True, comment="help me")
    client = unlocked(analyst)
    assert "says that they are in the picture" in words_of(client, item)
    assert "own picture" in client.get(f"/queue/items/{item.pk}/").content.decode()


def test_an_analyst_asks_and_reads_the_answer_there(unlocked, analyst):
    words = mint("en")
    item, desk = told(receipt=words), unlocked(analyst)
    report = Report.objects.get()
    path = f"/queue/items/{item.pk}/reports/{report.pk}/ask/"
    assert path in words_of(desk, item)
    sent = {"text": "On which <page>?", "page": "1" * 32}
    for _ in range(2):  # a double click
        assert desk.post(path, sent).status_code == 302
    assert "No answer yet" in words_of(desk, item)
    hashed = receipt_hash(normalise(words) or "")
    services.answer(hashed, Question.objects.get().pk, "On the third.")
    assert "the reporter answered" not in desk.get("/queue/?state=new").content.decode()
    one_round(WORKER)
    came = f", {localtime(clock.now()):%H}:00"
    for page in ("/queue/?state=new", f"/queue/items/{item.pk}/"):
        text = desk.get(page).content.decode()
        assert "the reporter answered" in text and came in text
    a_look(item)
    after = {"changed_at": clock.now() + timedelta(hours=2)}
    Item.objects.filter(pk=item.pk).update(**after)
    assert "the reporter answered" not in desk.get("/queue/").content.decode()
    page = words_of(desk, item)
    assert 0 < page.find("On which <page>?") < page.find("On the third.")
    assert Entry.objects.filter(verb="question.asked", actor=analyst.actor).count() == 1


@pytest.mark.parametrize("text", ["", "x" * 1_001])
def test_a_question_that_is_none_stays_on_the_page(unlocked, analyst, text):
    item, desk = told(receipt=mint("en")), unlocked(analyst)
    report = Report.objects.get()
    answer = desk.post(f"/queue/items/{item.pk}/reports/{report.pk}/ask/", {"text": text})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not Question.objects.exists()


def test_who_kept_no_code_cannot_be_asked(unlocked, analyst):
    item, desk = told(), unlocked(analyst)
    report = Report.objects.get()
    assert "/ask/" not in words_of(desk, item)
    answer = desk.post(f"/queue/items/{item.pk}/reports/{report.pk}/ask/", {"text": "Where?"})
    assert answer.status_code == 422
    assert not Question.objects.exists()


def test_nothing_is_asked_while_the_key_is_locked_nor_of_another_items_report(
    desk_client, unlocked, analyst, lead
):
    item = told(receipt=mint("en"))
    report = Report.objects.get()
    path = f"/queue/items/{item.pk}/reports/{report.pk}/ask/"
    desk_client(analyst).post(path, {"text": "Where?"})
    other = an_item("https://b.test/x")
    answer = unlocked(lead).post(
        f"/queue/items/{other.pk}/reports/{report.pk}/ask/", {"text": "Where?"}
    )
    assert answer.status_code == 404
    assert not Question.objects.exists()


# --- the queue ---------------------------------------------------------------------------------


def an_urgent_item(where: str) -> Item:
    return an_item(where, danger=True)


def references(client: Client, path: str) -> list[int]:
    rows = client.get(path).context["rows"]
    return [row.item.pk for row in rows]


def test_what_cannot_wait_stands_first_and_says_why(desk_client, analyst):
    calm = [an_item(f"https://a.test/{number}") for number in range(3)]
    urgent = an_urgent_item("https://b.test/x")
    for item in (*calm, urgent):
        a_look(item)
    client = desk_client(analyst)
    order = [urgent.pk, *(item.pk for item in calm)]
    assert references(client, "/queue/") == order
    assert client.get("/queue/").content.decode().count("a child may be in danger") == 1
    (line,) = Entry.objects.filter(verb="items.listed").order_by("seq")[:1]
    assert json.loads(line.detail)["count"] == 4


def test_it_is_there_before_the_worker_has_looked(desk_client, analyst):
    a_look(an_item("https://a.test/x"))
    urgent = an_urgent_item("https://b.test/x")
    client = desk_client(analyst)
    assert references(client, "/queue/")[0] == urgent.pk
    assert references(client, "/queue/?state=new") == [urgent.pk]


def test_a_known_item_that_turns_urgent_comes_first_too(desk_client, analyst):
    for where in ("https://a.test/x", "https://b.test/x"):
        a_look(an_item(where))
    second = an_urgent_item("https://b.test/x")
    assert references(desk_client(analyst), "/queue/")[0] == second.pk


def test_every_urgent_item_and_every_other_is_found_page_by_page_once(
    desk_client, analyst, monkeypatch
):
    monkeypatch.setattr(listing, "PAGE", 3)
    for number in range(5):
        a_look(an_urgent_item(f"https://u{number}.test/"))
        a_look(an_item(f"https://c{number}.test/"))
    client, found, ways = desk_client(analyst), [], ["/queue/"]
    while ways:
        context = client.get(ways.pop()).context
        found += [row.item.pk for row in context["rows"]]
        if context["more"]:
            ways.append(f"/queue/?state=to_assess&after={context['more']}")
    assert sorted(found) == sorted(Item.objects.values_list("pk", flat=True))
    assert len(set(found)) == len(found)


def test_what_has_gone_its_way_is_listed_as_before(desk_client, analyst):
    first, second = an_item("https://a.test/x"), an_urgent_item("https://b.test/x")
    Item.objects.update(state="removed")
    place(Item.objects.all())
    client, path = desk_client(analyst), "/queue/?state=removed"
    assert references(client, path) == [first.pk, second.pk]
    assert references(client, f"{path}&after={Item.objects.get(pk=first.pk).rank}.{first.pk}") == [
        second.pk
    ]
