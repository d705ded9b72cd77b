"""What says of itself what no picture shows: it is never decided in passing."""

import pytest

from tests.environment import PASSPHRASE
from tests.factories import a_look, an_item, decided
from vigie.cases.deciding.by_policy import confirm_known
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.deciding.together import Fellow, apply, fellows
from vigie.cases.models import Assessment, Classification
from vigie.cases.tests.test_together import PLACE, answered, with_picture
from vigie.dispatch.tests.support import reading_english
from vigie.intake.models import Letter
from vigie.intake.services import More, NewReport, add, receive
from vigie.items.models import Item
from vigie.items.services import open_letter
from vigie.matching.lists.tests.support import loaded
from vigie.matching.models import HashList

pytestmark = pytest.mark.django_db(databases="__all__")
SITE = "http://album.nord.test/gone"
SAID = "She is 8, and he is with her now."


@pytest.fixture
def source(analyst) -> Assessment:
    """Decided: a dead page of a site of which others wait."""
    first = gone(an_item(f"{SITE}/0"))
    return assess(first, analyst, Decision(Classification.CANNOT_ASSESS, first.looks.get().pk))


def gone(item: Item) -> Item:
    answered(item, 404)
    item.refresh_from_db()
    return item


def told(**said: object) -> Item:
    """Another dead page of the site, of which its reporter says this."""
    return gone(an_item(f"{SITE}/1", **said))


def alike(source: Assessment) -> Fellow:
    (found,) = fellows(source, source.by)
    return found


def opened(desk_client, by, item: Item) -> None:
    path = f"/queue/items/{item.pk}/words/"
    client = desk_client(by)
    client.post(path, {"passphrase": PASSPHRASE})
    assert client.get(path).status_code == 200


def state(item: Item) -> str:
    item.refresh_from_db()
    return item.state


def test_a_danger_cannot_be_decided_along_with_others(source, analyst, desk_client):
    item = told(danger=True)
    assert not alike(source).fits
    client, path = reading_english(desk_client, analyst), f"/queue/decisions/{source.pk}/"
    page = client.get(path).content.decode()
    assert "a child may be in danger" in page and f'value="{item.pk}"' not in page
    client.post(path, {"items": [item.pk], "by_hand": [item.pk]})
    assert state(item) == "to_assess"


@pytest.mark.parametrize("said", [{"own": True}, {"comment": SAID}, {"contact": "0123 456"}])
def test_what_says_more_is_ticked_by_a_person_alone(source, analyst, desk_client, said):
    item = told(**said)
    assert alike(source).fits and not alike(source).ready
    client, path = desk_client(analyst), f"/queue/decisions/{source.pk}/"
    page = client.get(path).content.decode()
    assert f'name="by_hand" value="{item.pk}"' in page and "checked" not in page
    client.post(path, {"items": [item.pk]})
    assert state(item) == "to_assess", "it was ticked before that was known"
    client.post(path, {"by_hand": [item.pk]})
    assert state(item) == "closed"


def test_words_that_somebody_opened_keep_nothing_apart(source, analyst, desk_client):
    item = told(comment=SAID)
    opened(desk_client, analyst, item)
    assert alike(source).ready
    receive(NewReport(f"{SITE}/1", comment="it goes on"))
    open_letter(Letter.objects.get())
    assert not alike(source).ready, "there are new ones"


def test_a_place_alone_is_no_words(source):
    assert told() and alike(source).ready


@pytest.mark.parametrize(
    ("page", "typed", "ready"),
    [("contact", {"comment": SAID}, False), ("place", {"kind": "web"}, True)],
)
def test_a_page_that_was_added_later_counts(source, page, typed, ready):
    letter = receive(NewReport(f"{SITE}/1"))
    open_letter(Letter.objects.get())
    add(letter, More(page, typed))
    open_letter(Letter.objects.get())
    gone(Item.objects.last())
    assert alike(source).ready is ready


def test_words_around_the_address_are_words(source):
    letter = receive(NewReport(f"he lives in our street and meets her there {SITE}/1"))
    open_letter(Letter.objects.get(pk=letter))
    gone(Item.objects.last())
    assert not alike(source).ready


def test_a_danger_that_comes_while_it_is_decided_alike_is_left(source, analyst, monkeypatch):
    item = told()
    found = fellows(source, analyst)
    receive(NewReport(f"{SITE}/1", danger=True))
    open_letter(Letter.objects.get())
    monkeypatch.setattr("vigie.cases.deciding.together.fellows", lambda *_: found)
    assert apply(source, {item.pk}, analyst).left == 1
    assert state(item) == "to_assess"


@pytest.mark.parametrize("said", [{"danger": True}, {"own": True}, {"comment": SAID}])
def test_the_policy_leaves_it_to_a_person(tmp_path, said):
    item = an_item("http://listed.test/", **said)
    sha256 = a_look(item, [PLACE]).media.get().sha256
    loaded(tmp_path, "csv", f"sha256,id,classification\n{sha256},e,baseline\n", name="a list")
    HashList.objects.update(may_confirm=True)
    assert confirm_known() == ("comment" in said), "words alone stop no confirmation"


def test_to_confirm_alike_nobody_has_to_know_the_words(analyst):
    one, same = with_picture("http://a.test/"), with_picture("http://b.test/")
    Item.objects.filter(pk=same.pk).update(words_came=1)
    assert alike(decided(one, one.looks.get())).ready


def test_confirming_the_same_picture_leaves_a_danger_too(analyst):
    one, same = with_picture("http://a.test/"), with_picture("http://b.test/")
    Item.objects.filter(pk=same.pk).update(danger=True)
    source = decided(one, one.looks.get())
    assert not alike(source).fits
