"""Who looked at what: every still that was asked for is in the journal before it comes."""

import hashlib

import pytest
from django.db import connections

from tests.factories import looked
from tests.outside import Says
from vigie.cases.deciding.services import view_picture
from vigie.cases.models import View
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.sandbox.pictures import picture
from vigie.staff.models import User

pytestmark = pytest.mark.django_db(databases="__all__")
CAT, DOG = picture("cat", "jpg"), picture("dog", "jpg")


@pytest.fixture(autouse=True)
def in_english(analyst) -> None:
    User.objects.filter(pk=analyst.pk).update(language="en")
    analyst.refresh_from_db()


@pytest.fixture
def item(outside, report_of) -> Item:
    outside.site.album("/album", CAT)
    (found,) = report_of(outside.site.url("/album"))
    looked(found)
    return found


def _still(item: Item) -> str:
    return f"/queue/items/{item.pk}/pictures/{item.looks.get().media.get().pk}/"


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_view_has_a_line_and_a_row_with_the_hash_of_what_was_seen(item, desk_client, analyst):
    answer = desk_client(analyst).post(_still(item))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content.startswith(b"\xff\xd8")
    assert answer["Cache-Control"] == "no-store"
    assert (answer["X-Outcome"], answer["X-Same"]) == ("reached", "yes")
    view = View.objects.get()
    assert (view.item, view.by, view.outcome, view.sha256) == (item, analyst, "ok", _sha(CAT))
    line = Entry.objects.get(verb=Verb.MEDIA_VIEWED)
    assert (line.actor, line.subject) == (analyst.actor, item.subject)
    assert line.detail == f'{{"media":{view.media_id},"view":{view.pk}}}'


def test_a_picture_that_changed_since_the_look_is_shown_and_said_to_be_another(
    item, outside, desk_client, analyst
):
    outside.site.pages["/album-1"] = Says(body=DOG, type="image/jpeg")
    answer = desk_client(analyst).post(_still(item))
    assert (answer.status_code, answer["X-Same"]) == (200, "no")
    assert View.objects.get().sha256 == _sha(DOG)


def test_a_picture_that_is_gone_leaves_a_line_and_a_row_all_the_same(
    item, outside, desk_client, analyst
):
    outside.site.pages.clear()
    answer = desk_client(analyst).post(_still(item))
    assert (answer.status_code, answer.content, answer["X-Outcome"]) == (204, b"", "answered%20404")
    assert answer["X-Same"] == "no"
    view = View.objects.get()
    assert (view.outcome, view.sha256) == ("http_404", "")
    assert Entry.objects.filter(verb=Verb.MEDIA_VIEWED).count() == 1


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_the_line_is_in_the_journal_before_anybody_outside_is_asked(item, outside, analyst):
    """If the viewer, or the whole program, falls while it fetches, the wish stays written."""
    before: list[tuple[int, list[str]]] = []

    def look_into_the_journal() -> Says:
        lines = Entry.objects.filter(verb=Verb.MEDIA_VIEWED).count()
        before.append((lines, list(View.objects.values_list("outcome", flat=True))))
        connections.close_all()
        return Says(body=CAT, type="image/jpeg")

    outside.site.pages["/album-1"] = look_into_the_journal
    view_picture(item, item.looks.get().media.get(), analyst)
    assert before == [(1, ["asked"])]


def test_a_still_is_asked_for_by_post_and_of_the_items_own_pictures_only(
    item, outside, report_of, desk_client, analyst
):
    client = desk_client(analyst)
    assert client.get(_still(item)).status_code == 303
    outside.site.album("/other", DOG)
    (other,) = report_of(outside.site.url("/other"))
    looked(other)
    strange = _still(other).replace(f"/items/{other.pk}/", f"/items/{item.pk}/")
    assert client.post(strange).status_code == 404
    assert not View.objects.exists()


def test_who_may_not_view_leaves_no_trace_at_the_far_side(item, outside, desk_client, liaison):
    asked = len(outside.site.asked)
    assert desk_client(liaison).post(_still(item)).status_code == 403
    assert len(outside.site.asked) == asked
    assert not View.objects.exists()
