"""A case: what happened on one site in one order, and what colleagues wrote to each other."""

import json
import re

import pytest

from conftest import person
from tests.factories import a_confirmed_item, a_look, an_analyst, an_item
from vigie.cases.deciding.opinions import pending
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.desk import site
from vigie.cases.desk.notes import notes_of, write_note
from vigie.cases.desk.selectors import rows
from vigie.cases.desk.site import case_of, history_of, timeline
from vigie.cases.models import Note, Opinion
from vigie.cases.routes.routing import route_waiting
from vigie.cases.tests.test_routing import TWO, rules_on
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.keeping.kinds import BY_NAME
from vigie.keeping.resealing import KEPT
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
TEXT = "Called the host: they answer on Monday."


@pytest.fixture
def items(db) -> list[Item]:
    """Two of one site, the first confirmed and named once more; and one of another."""
    first = a_confirmed_item("http://one.test/a", "BE")
    second, other = an_item("http://one.test/b"), an_item("http://other.test/c")
    an_item("http://one.test/a")
    return [first, second, other]


def test_what_happened_to_all_items_of_a_site_is_told_the_last_first(items, lead):
    first, second, other = items
    case = case_of(second, lead)
    assert case.items == [second, first] and not case.more
    lines, more = timeline(case, lead, None)
    seqs = [line.read.seq for line in lines]
    assert more is None and seqs == sorted(seqs, reverse=True)
    verbs = dict(Entry.objects.values_list("seq", "verb"))
    told = [(verbs[line.read.seq], [item.pk for item in line.items]) for line in lines]
    assert told[0] == ("report.opened", [first.pk]), "named again, after all else"
    assert told[1] == ("report.opened", [second.pk])
    assert told[-1] == ("report.opened", [first.pk])
    assert ("item.assessed", [first.pk]) in told
    assert all(pk != other.pk for _verb, about in told for pk in about)
    assert not {"item.looked_at", "item.opened"} & {verb for verb, _about in told}
    assert [state for state, _words, _n in case.states] == ["new", "confirmed"]


def test_it_is_told_in_pages_that_leave_nothing_out(items, lead, monkeypatch):
    case = case_of(items[0], lead)
    whole, _more = timeline(case, lead, None)
    monkeypatch.setattr(site, "PAGE", 2)
    pages, before = [], None
    while True:
        page, before = timeline(case, lead, before)
        pages += page
        if before is None:
            break
    assert [line.read.seq for line in pages] == [line.read.seq for line in whole]
    monkeypatch.setattr(site, "MOST_ITEMS", 1)
    assert case_of(items[0], lead).more, "the page says that there are others"


def test_many_places_of_a_site_hide_nothing_that_was_decided(items, lead, monkeypatch):
    monkeypatch.setattr(site, "MOST_ITEMS", 3)
    first, second, _other = items
    for number in range(4):
        last = an_item(f"http://one.test/more/{number}")
    case = case_of(second, lead)
    assert case.items == [last, second, first] and case.more
    assert [n for _state, _words, n in case.states] == [5, 1]
    history = history_of(second, lead)
    assert history and (history.items, history.confirmed) == ("6", "1")


def test_each_place_is_told_apart_by_its_address(items, lead, desk_client):
    first, second, _other = items
    hostile = an_item("http://one.test/<b>\u202egnp.exe?" + "x" * 300)
    erased = an_item("http://one.test/erased")
    Item.objects.filter(pk=erased.pk).update(locator=b"")
    User.objects.update(language="en")
    path = f"/queue/items/{first.pk}/site/"
    page = desk_client(lead).get(path).content.decode()
    listed = page.partition('<ul class="places">')[2].partition("</ul>")[0]
    for item, where in ((first, "http://one.test/a"), (second, "http://one.test/b")):
        assert f'>{item.reference}</a> <span class="loc" dir="ltr">{where}</span>' in listed
    assert f'>{erased.reference}</a> <span class="why">erased</span>' in listed
    assert hostile.reference in listed and "<b>" not in listed and "\u202e" not in listed
    assert "x" * 200 not in listed
    assert "other.test" not in page
    assert '<span class="loc" dir="ltr">one.test</span></h1>' in page
    assert "one.test" not in page.partition("</title>")[0]


def test_a_liaison_sees_of_a_site_what_was_confirmed(items, liaison, desk_client):
    first, second, _other = items
    client = desk_client(liaison)
    page = client.get(f"/queue/items/{first.pk}/site/").content.decode()
    assert first.reference in page and second.reference not in page
    assert client.get(f"/queue/items/{second.pk}/site/").status_code == 404
    assert client.post(f"/queue/items/{second.pk}/notes/", {"text": TEXT}).status_code == 404
    assert not Note.objects.exists()


def test_what_has_no_domain_is_a_case_of_its_own(lead, report_of):
    (one,) = report_of("Telegram @one")
    report_of("Telegram @two")
    assert one.domain_hash is None
    assert case_of(one, lead).items == [one]


def test_a_note_is_read_on_the_item_and_its_site_and_lies_sealed(items, lead, desk_client):
    first, second, other = items
    client = desk_client(lead)
    answer = client.post(f"/queue/items/{first.pk}/notes/", {"text": f" {TEXT}\x00 "})
    assert answer["Location"] == f"/queue/items/{first.pk}/"
    for path in (f"{first.pk}/", f"{first.pk}/site/", f"{second.pk}/site/"):
        assert TEXT in client.get(f"/queue/items/{path}").content.decode(), path
    for path in (f"{second.pk}/", f"{other.pk}/site/"):
        assert TEXT not in client.get(f"/queue/items/{path}").content.decode(), path
    note = Note.objects.get()
    assert TEXT.encode() not in bytes(note.text) and (Note, "text") in KEPT["worker"]
    line = Entry.objects.get(verb="note.written")
    assert (line.subject, json.loads(line.detail)) == (first.subject, {"note": note.pk})
    client.post(f"/queue/items/{first.pk}/notes/", {"text": "  "})
    assert Note.objects.count() == 1


def test_the_line_of_the_queue_says_that_there_are_notes_by_one_question(
    items, lead, desk_client, django_assert_num_queries
):
    first, second, _other = items
    client = desk_client(lead)
    User.objects.update(language="en")
    for text in ("one", "two"):
        write_note(second, text, lead)
    for item in items[1:]:
        a_look(item)
    page = client.get("/queue/").content.decode()
    assert page.count("2 notes</span>") == 1 and "1 note<" not in page
    with django_assert_num_queries(3):  # its colleagues, its look, the pictures
        assert [row.notes for row in rows(items)] == [2 * (item == second) for item in items]


def test_a_note_tells_a_second_assessor_nothing(lead, analyst):
    item = an_item("http://two.test/a")
    look = a_look(item)
    rules_on(TWO, lead)
    route_waiting()
    first, second = an_analyst(), analyst
    write_note(item, TEXT, first)
    write_note(item, "from somebody else", lead)
    assert len(notes_of([item], second)) == 2
    assert isinstance(
        assess(item, first, Decision("not_illegal", look.pk, reason="by its words")), Opinion
    )
    assert [one.text for one in notes_of([item], second)] == ["from somebody else"]
    assert len(notes_of([item], first)) == 2
    assert [row.notes for row in rows([item])] == [1], "nor does the line of the queue"
    pending().update(set_aside_at=look.at)
    assert len(notes_of([item], second)) == 1, "nor when all begins anew"
    Item.objects.filter(pk=item.pk).update(state=State.CLOSED)
    assert len(notes_of([item], second)) == 2, "what is decided hides nothing"
    Item.objects.filter(pk=item.pk).update(state=State.TO_ASSESS)
    Opinion.objects.filter(item=item).update(set_aside_at=None)
    assess(item, second, Decision("other_illegal", look.pk, reason="by its words"))
    assert len(notes_of([item], lead)) == 2, "two differ: who settles it may read all"


def test_a_note_goes_with_its_address(items, lead):
    first, second, _other = items
    write_note(first, TEXT, lead)
    write_note(second, TEXT, lead)
    BY_NAME["items"].erase([first.pk])
    assert list(Note.objects.values_list("item", flat=True)) == [second.pk]


def test_the_page_leads_on_and_is_written_down(items, desk_client):
    first = items[0]
    client = desk_client(person(Role.LEAD))
    item_page = client.get(f"/queue/items/{first.pk}/").content.decode()
    assert f"/queue/items/{first.pk}/site/" in item_page
    page = client.get(f"/queue/items/{first.pk}/site/").content.decode()
    assert re.search(rf"state=confirmed&amp;like={first.pk}", page)
    line = Entry.objects.filter(verb="items.listed").latest("seq")
    assert json.loads(line.detail) == {"page": "case", "count": 2, "like": first.pk}
    assert client.get(f"/queue/items/{first.pk}/site/?before=nonsense").status_code == 200
