"""A decision is about the pictures that it names: its proposal's, or none, with a reason."""

import re

import pytest

from tests.factories import a_look, an_analyst, an_item, decided, sha256_of
from vigie.cases.deciding.services import Decision, ReasonNeeded, assess
from vigie.cases.desk.selectors import named_at_first, pictures_of
from vigie.cases.models import Assessment, View
from vigie.dispatch.tests.support import reading_english
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.models import JudgedHash

pytestmark = pytest.mark.django_db(databases="__all__")
THREE = [f"http://192.0.2.10/{n}.jpg" for n in (1, 2, 3)]
MORE = [f"http://192.0.2.10/{n}.jpg" for n in (4, 5, 6)]


def of(where: str, pictures: list[str]) -> Item:
    item = an_item(where)
    a_look(item, pictures)
    item.refresh_from_db()
    return item


def known(pictures: list[str], kind: str = "baseline") -> None:
    item = of(f"http://known.test/{kind}", pictures)
    decided(item, item.looks.get(), kind)


def sees(item: Item, by, *positions: int, outcome: str = "ok") -> None:
    for m in item.looks.get().media.filter(position__in=positions):
        seen = {"md5": m.md5, "sha1": m.sha1, "sha256": m.sha256}
        View.objects.create(item=item, media=m, by=by, at=clock.now(), outcome=outcome, **seen)


def positions(item: Item, by) -> list[int]:
    look = item.looks.get()
    named = named_at_first(pictures_of(item, look, by.pk))
    return sorted(look.media.filter(pk__in=named).values_list("position", flat=True))


def form_of(page: str) -> dict[str, list[str] | str]:
    """What the browser would send of the decision as it stands."""
    about = re.findall(r'name="pictures"[^>]* value="(\d+)" checked', page)
    (look,) = re.findall(r'name="look" value="(\d+)"', page)
    kind = re.findall(r'name="classification" value="(\w+)"[^>]*checked', page)
    return {"pictures": about, "look": look, "classification": kind[0] if kind else ""}


def test_of_three_known_pictures_all_are_named_and_the_decision_keeps_its_ground(
    analyst, desk_client
):
    known(THREE)
    item = of("http://again.test/", THREE)
    client = reading_english(desk_client, analyst)
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    assert "It is about: <b>Picture 1</b>, <b>Picture 2</b>, <b>Picture 3</b>." in page
    form = form_of(page)
    assert form["classification"] == "baseline" and len(form["pictures"]) == 3
    same = of("http://same.test/", THREE)
    answer = client.post(f"/queue/items/{item.pk}/assess/", form)
    made = Assessment.objects.get(item=item)
    hashes = set(made.pictures.values_list("sha256", "seen"))
    assert hashes == {(sha256_of(url), False) for url in THREE}
    assert answer["Location"] == f"/queue/decisions/{made.pk}/", "the same elsewhere is offered"
    assert same.reference in client.get(answer["Location"]).content.decode()


def test_of_a_page_known_in_part_what_would_confirm_is_named_and_nothing_proposed(analyst):
    known(THREE[:1])
    item = of("http://again.test/", THREE)
    assert positions(item, analyst) == [1]
    known(MORE[:1], "not_illegal")
    assert positions(of("http://harmless.test/", MORE), analyst) == []


def test_of_several_seen_none_is_named_by_itself_and_each_can_be(analyst, desk_client):
    item = of("http://new.test/", THREE)
    sees(item, analyst, 1, 2)
    assert positions(item, analyst) == []
    page = desk_client(analyst).get(f"/queue/items/{item.pk}/").content.decode()
    assert page.count('data-seen-at="') == 2
    shown = re.findall(r'<label class="check"( hidden)?><input type="checkbox" name="pic', page)
    assert shown == ["", "", " hidden"]


@pytest.mark.parametrize("kind", ["baseline", "national", "other_illegal", "not_illegal"])
def test_what_says_what_is_to_be_seen_and_names_no_picture_takes_a_reason(
    analyst, desk_client, kind
):
    item = of("http://new.test/", THREE)
    sees(item, analyst, 1)
    client, path = desk_client(analyst), f"/queue/items/{item.pk}/assess/"
    left_out = item.looks.get().media.get(position=1).pk
    form = {"classification": kind, "look": item.looks.get().pk, "by_hand": left_out}
    assert client.post(path, form).status_code == 422
    assert client.post(path, {**form, "reason": "  "}).status_code == 422
    item.refresh_from_db()
    assert item.state == State.TO_ASSESS and not Assessment.objects.exists()
    assert client.post(path, {**form, "ready_reason": "on_words.1"}).status_code == 302
    made = Assessment.objects.get()
    assert made.reason and not made.pictures.exists() and not JudgedHash.objects.exists()
    assert '"on_words":true' in Entry.objects.get(verb=Verb.ITEM_ASSESSED).detail


def test_what_was_seen_by_nobody_is_not_said_to_be_anything_without_a_reason(analyst):
    """An account, words, a dead page: there is less ground than where pictures are."""
    item = of("http://empty.test/", [])
    for kind in ("baseline", "not_illegal"):
        with pytest.raises(ReasonNeeded):
            assess(item, analyst, Decision(kind, item.looks.get().pk))
    assess(item, analyst, Decision("cannot_assess", item.looks.get().pk))
    assert not Entry.objects.filter(detail__contains="on_words").exists()


def test_a_reason_may_be_chosen_and_written(analyst, desk_client):
    item = of("http://new.test/", [])
    form = {"classification": "cannot_assess", "look": item.looks.get().pk}
    chosen = {"ready_reason": "cannot_assess.1", "reason": "since Monday"}
    path = f"/queue/items/{item.pk}/assess/"
    client = desk_client(analyst)
    assert client.post(path, {**form, "ready_reason": "x.1"}).status_code == 422
    client.post(path, {**form, **chosen})
    ready, own = Assessment.objects.get().reason.split("\n")
    assert (bool(ready), own) == (True, "since Monday")


def test_a_like_decision_and_the_second_person_are_asked_as_well():
    """By the service: no page is needed to get past it."""
    item = of("http://new.test/", THREE)
    with pytest.raises(ReasonNeeded):
        assess(item, an_analyst(), Decision("baseline", item.looks.get().pk))
