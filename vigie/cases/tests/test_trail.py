"""What the item's page tells: routine folded, pages of it, words for codes, harmless signs."""

import pytest

from tests.factories import a_confirmed_item, a_look, an_item, decided
from vigie.cases.desk import trail as trails
from vigie.cases.desk.site import history_of
from vigie.cases.desk.trail import trail
from vigie.cases.models import SavedView
from vigie.dispatch.tests.support import reading_english
from vigie.items.flow import Move
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.people import four_eyes
from vigie.people.invitations import KIND
from vigie.staff.models import User

pytestmark = pytest.mark.django_db(databases="__all__")
TURNED = "it is \u202egnp.exe"


@pytest.fixture
def item(db) -> Item:
    found = an_item("http://galerie.nord.test/a/one")
    a_look(found)
    found.refresh_from_db()
    return found


def _steps(item: Item, user: User) -> list[tuple[str, int]]:
    return [(step.read.words, step.times) for step in trail(item, user).steps]


def _met(item: Item, outcome: str, times: int) -> None:
    for number in range(times):
        append(Verb.ITEM_LOOKED_AT, item.subject, "worker", look=number, outcome=outcome)


def test_equal_lines_of_routine_are_told_once_until_something_else_happens(item, lead):
    before = len(_steps(item, lead))
    _met(item, "timed_out", 3)
    _met(item, "no_such_name", 1)
    _met(item, "timed_out", 75)
    append(Verb.NOTE_WRITTEN, item.subject, lead.actor, note=1)
    _met(item, "timed_out", 2)
    told = [times for _words, times in _steps(item, lead)[before:]]
    assert told == [78, 1, 1, 2]
    last = trail(item, lead).steps[before]
    assert last.last > last.read.at


def test_a_long_trail_has_pages_and_loses_no_line(item, lead, desk_client, monkeypatch):
    monkeypatch.setattr(trails, "PAGE", 5)
    for number in range(11):
        append(Verb.NOTE_WRITTEN, item.subject, lead.actor, note=number)
    found, before = [], None
    while True:
        page = trail(item, lead, before)
        found = [step.read.seq for step in page.steps] + found
        before = page.earlier
        if before is None:
            break
    everything = Entry.objects.filter(subject=item.subject).order_by("seq")
    assert found == list(everything.values_list("seq", flat=True))
    client = desk_client(lead)
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    last = trail(item, lead).earlier
    assert last and f"?before={last}#happened" in page
    assert client.get(f"/queue/items/{item.pk}/?before={last}").status_code == 200


def test_codes_have_words(item, lead, desk_client):
    _met(item, "timed_out", 1)
    client = reading_english(desk_client, lead)
    text = client.get(f"/queue/items/{item.pk}/").content.decode()
    assert "no answer in time" in text and "timed_out" not in text
    text = client.get("/journal/").content.decode()
    assert "to assess" in text and "to_assess" not in text and "frm" not in text


def test_signs_that_turn_the_text_are_written_out_and_a_long_reason_is_folded(
    item, lead, manager, administrator, desk_client
):
    made = decided(item, item.looks.get(), "not_illegal")
    type(made).objects.filter(pk=made.pk).update(reason=TURNED + "x" * 10_000)
    SavedView.objects.create(by=lead, name=TURNED, query="state=to_assess")
    what = {"role": "lead", "language": "fr", "team": None}
    four_eyes.ask(KIND, administrator, TURNED, text="minou@aurore.test", what=what)
    client = desk_client(lead)
    for page in (f"/queue/items/{item.pk}/", "/queue/", "/acts/"):
        text = client.get(page).content.decode()
        assert "\u202e" not in text and "⟨U+202E⟩gnp.exe" in text, page
    assert '<details class="long">' in client.get(f"/queue/items/{item.pk}/").content.decode()


def test_a_very_long_address_is_folded(lead, desk_client):
    """Anybody can report one: it must not push all that is known off the screen."""
    item = an_item("http://galerie.nord.test/a/" + "x" * 5_000)
    client = desk_client(lead)
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    assert '<details class="loc locator long"' in page
    short = an_item("http://galerie.nord.test/a/short")
    page = client.get(f"/queue/items/{short.pk}/").content.decode()
    assert '<p class="loc locator"' in page


def test_a_view_that_is_kept_or_dropped_is_in_the_journal_without_its_name(lead, desk_client):
    client = desk_client(lead)
    client.post("/queue/views/", {"name": "galerie.nord.test", "query": "country=BE"})
    client.post(f"/queue/views/{SavedView.objects.get().pk}/drop/")
    lines = Entry.objects.filter(verb__startswith="queue.").order_by("seq")
    assert [line.verb for line in lines] == [Verb.VIEW_KEPT, Verb.VIEW_DROPPED]
    assert '"country":"BE"' in lines[0].detail
    assert not Entry.objects.filter(detail__contains="galerie").exists()


def test_the_item_tells_what_became_of_others_of_its_site(item, lead, liaison, desk_client):
    assert history_of(item, lead) is None, "it is the only one"
    for number in range(2):
        a_confirmed_item(f"http://galerie.nord.test/b/{number}", "BE")
    gone = Item.objects.exclude(classification="").earliest("pk")
    move_item(gone, Move.REFER, "worker")
    move_item(gone, Move.REMOVE, "worker")
    other = an_item("http://galerie.nord.test/c")
    decided(other, a_look(other), "not_illegal")
    an_item("http://elsewhere.test/a")
    found = history_of(item, lead)
    assert found and (found.items, found.confirmed, found.removed, found.dismissed) == tuple("4211")
    assert found.since == item.created_at
    text = reading_english(desk_client, lead).get(f"/queue/items/{item.pk}/").content.decode()
    assert "4 places" in text and "2 confirmed, 1 removed, 1 dismissed" in text
    seen = history_of(gone, liaison)
    assert seen and seen.dismissed == "0", "a liaison sees what was confirmed"
