"""Where a child is said to be in danger now, nothing is closed in passing."""

import pytest

from tests.factories import a_look, an_item, decided
from vigie.cases.deciding import danger
from vigie.cases.deciding.services import Decision, ReasonNeeded, assess
from vigie.cases.deciding.together import apply, fellows
from vigie.cases.models import Assessment
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.oversight import counting
from vigie.staff.models import User

pytestmark = pytest.mark.django_db(databases="__all__")
PLACE = "http://192.0.2.10/one.jpg"


@pytest.fixture
def item(db) -> Item:
    found = an_item("Telegram @somebody", danger=True)
    a_look(found)
    return found


def close(item: Item, by: User, reason: str = "the account is gone") -> Assessment:
    return assess(item, by, Decision("cannot_assess", item.looks.latest("pk").pk, reason))


def test_nobody_closes_it_who_has_not_read_what_was_written(item, analyst, lead):
    append(Verb.WORDS_READ, item.subject, lead.actor)
    with pytest.raises(danger.WordsUnread):
        close(item, analyst)
    append(Verb.WORDS_READ, item.subject, analyst.actor)
    with pytest.raises(ReasonNeeded):
        close(item, analyst, " . ")
    close(item, analyst)
    assert Item.objects.get().state == State.CLOSED
    assert [one.item_id for one in counting.dangers_closed()] == [item.pk]


def test_what_came_since_has_to_be_read_too(item, analyst):
    append(Verb.WORDS_READ, item.subject, analyst.actor)
    later = item.mentions.get().report
    type(later).objects.update(last_word_at=later.last_word_at.replace(year=2099))
    assert not danger.were_read(item, analyst)


def test_to_confirm_it_asks_for_nothing_more(item, analyst):
    assess(item, analyst, Decision("baseline", item.looks.get().pk, "by its words"))
    assert Item.objects.get().state == State.CONFIRMED
    assert not counting.dangers_closed()


def test_the_page_says_what_is_missing_and_keeps_what_was_typed(item, analyst, desk_client):
    client = desk_client(analyst)
    User.objects.update(language="en")
    look = item.looks.get().pk
    form = {"classification": "cannot_assess", "look": look, "reason": "the account is gone"}
    answer = client.post(f"/queue/items/{item.pk}/assess/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Read first what was written" in page and "the account is gone" in page
    append(Verb.WORDS_READ, item.subject, analyst.actor)
    answer = client.post(f"/queue/items/{item.pk}/assess/", {**form, "reason": ""})
    assert answer.status_code == 422 and "closes it. Say why." in answer.content.decode()
    assert client.post(f"/queue/items/{item.pk}/assess/", form).status_code == 302


@pytest.mark.parametrize("kind", ["not_illegal", "baseline"])
@pytest.mark.parametrize("said", ["danger", "own"])
def test_it_is_never_decided_alike_with_others(kind, said, analyst, desk_client):
    items = [an_item(f"http://n{n}.test/") for n in range(3)]
    for one in items:
        a_look(one, [PLACE])
    Item.objects.filter(pk=items[1].pk).update(**{said: True})
    source = decided(items[0], items[0].looks.get(), kind)
    found = {one.item.pk: one.ready for one in fellows(source, analyst)}
    assert found == {items[1].pk: False, items[2].pk: True}
    client = desk_client(analyst)
    User.objects.update(language="en")
    page = client.get(f"/queue/decisions/{source.pk}/").content.decode()
    words = {"danger": "a child may be in danger", "own": "own picture"}
    assert words[said] in page and "decided by itself" in page
    assert apply(source, {one.pk for one in items}, analyst).done == 1
    assert Item.objects.get(pk=items[1].pk).state == State.TO_ASSESS


def test_said_in_the_moment_of_deciding_alike_it_is_left(analyst):
    items = [an_item(f"http://n{n}.test/") for n in range(2)]
    for one in items:
        a_look(one, [PLACE])
    source = decided(items[0], items[0].looks.get(), "not_illegal")
    (fellow,) = fellows(source, analyst)
    Item.objects.filter(pk=fellow.item.pk).update(danger=True)
    decision = Decision("not_illegal", fellow.look.pk, picture_ids=fellow.about)
    with pytest.raises(Exception, match=fellow.item.reference):
        assess(fellow.item, analyst, decision, applied=source)
