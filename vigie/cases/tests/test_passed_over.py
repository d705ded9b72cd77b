"""What closes an item is about all of it: what it passes over takes a look, or a reason."""

import re

import pytest

from config.organisation import Organisation
from tests.factories import a_look, an_analyst, sha256_of
from vigie.cases.deciding.services import Decision, NotSeen, ReasonNeeded, assess
from vigie.cases.desk.selectors import pictures_of
from vigie.cases.models import Assessment, Opinion
from vigie.cases.tests.test_named import MORE, THREE, known, of, sees
from vigie.dispatch.tests.support import reading_english
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.matching.models import HashList
from vigie.matching.providers.tests.conftest import listed

pytestmark = pytest.mark.django_db(databases="__all__")


def said(item: Item, kind: str, *positions: int, reason: str = "") -> Decision:
    look = item.looks.get()
    about = look.media.filter(position__in=positions).values_list("pk", flat=True)
    return Decision(kind, look.pk, reason, picture_ids=frozenset(about))


def line() -> str:
    return Entry.objects.filter(verb=Verb.ITEM_ASSESSED).latest("seq").detail


@pytest.mark.parametrize("kind", ["not_illegal", "other_illegal", "cannot_assess"])
def test_what_closes_an_item_takes_a_reason_for_each_picture_that_nobody_saw(analyst, kind):
    item = of("http://new.test/", THREE)
    sees(item, analyst, 2)
    with pytest.raises(ReasonNeeded) as asked:
        assess(item, analyst, said(item, kind, 2))
    assert (asked.value.kind, asked.value.pictures) == ("unseen", (1, 3))
    assess(item, analyst, said(item, kind, 2, reason="buttons"))
    assert '"passed_over":2' in line()


def test_seen_all_or_known_to_be_harmless_it_takes_none(analyst):
    known(THREE[:1], "not_illegal")
    item = of("http://again.test/", THREE)
    sees(item, analyst, 2, 3)
    assess(item, analyst, said(item, "not_illegal", 3))
    assert "passed_over" not in line()


def test_to_confirm_one_picture_is_enough(analyst):
    item = of("http://new.test/", THREE)
    sees(item, analyst, 2)
    assess(item, analyst, said(item, "baseline", 2))
    assert item.state == State.CONFIRMED


def test_what_is_known_as_abuse_is_not_said_to_be_none_by_who_did_not_see_it(analyst):
    """Neither passed over, nor named without a look; and no reason helps."""
    known(THREE[:2])
    item = of("http://again.test/", THREE)
    sees(item, analyst, 3)
    for positions in ((3,), (1, 2, 3)):
        with pytest.raises(NotSeen) as asked:
            assess(item, analyst, said(item, "not_illegal", *positions, reason="so it is"))
        assert asked.value.pictures[0] == 1
    sees(item, analyst, 1, 2)
    with pytest.raises(ReasonNeeded) as needed:
        assess(item, analyst, said(item, "not_illegal", 3))
    assert (needed.value.kind, needed.value.pictures) == ("against", (1, 2))
    with pytest.raises(ReasonNeeded):
        assess(item, analyst, said(item, "not_illegal", 1, 2, 3))
    assess(item, analyst, said(item, "not_illegal", 1, 2, 3, reason="drawings"))
    assert '"against":2' in line()


@pytest.mark.parametrize("second", [{}, {"share": 10**9}, {"decisions": ["baseline", "national"]}])
def test_against_what_is_known_as_abuse_two_decide_where_the_policy_knows_two(
    analyst, settings, second
):
    known(THREE[:1])
    settings.ORGANISATION = Organisation({**settings.ORGANISATION.data, "second": second})
    item = of("http://again.test/", THREE[:1])
    sees(item, analyst, 1)
    made = assess(item, analyst, said(item, "not_illegal", 1, reason="a drawing"))
    assert isinstance(made, Opinion if second else Assessment)


def test_nor_is_it_confirmed_as_something_else_without_a_look(analyst):
    known(THREE[:1])
    item = of("http://again.test/", THREE[:1])
    with pytest.raises(NotSeen):
        assess(item, analyst, said(item, "national", 1))
    assess(item, analyst, said(item, "baseline", 1))


def test_what_a_list_holds_is_no_more_passed_over_whatever_the_list_may_do(analyst):
    listed(HashList.objects.create(name="police"), "sha256", sha256_of(MORE[0]))
    item = of("http://listed.test/", MORE)
    sees(item, analyst, 2, 3)
    with pytest.raises(NotSeen):
        assess(item, analyst, said(item, "not_illegal", 2, 3, reason="so it is"))
    sees(item, analyst, 1)
    with pytest.raises(ReasonNeeded):
        assess(item, analyst, said(item, "not_illegal", 2, 3))
    assess(item, analyst, said(item, "not_illegal", 2, 3, reason="a drawing"))
    assert '"against":1' in line()


@pytest.mark.parametrize("kind", ["cannot_assess", "out_of_remit"])
def test_nor_is_it_closed_as_something_for_nobody_unless_it_was_looked_at_or_cannot_be(
    analyst, kind
):
    """That it cannot be assessed says as little of it as that it is none, and ends as much."""
    known(THREE[:1])
    item = of("http://again.test/", THREE[:1])
    decision = said(item, kind, reason="Nothing is at this address.")
    for outcome in ("asked", "sent", "no_more"):
        sees(item, analyst, 1, outcome=outcome)
        with pytest.raises(NotSeen) as asked:
            assess(item, analyst, decision)
        assert asked.value.pictures == (1,)
    sees(item, an_analyst(), 1)
    with pytest.raises(NotSeen):
        assess(item, analyst, decision)
    sees(item, analyst, 1, outcome="http_404")
    with pytest.raises(NotSeen):
        assess(item, analyst, said(item, "not_illegal", reason="so it is"))
    with pytest.raises(ReasonNeeded):
        assess(item, analyst, said(item, kind))
    assess(item, analyst, decision)
    assert '"against":1' in line()


def test_where_nothing_is_any_more_it_is_closed_so(analyst):
    known(THREE[:1])
    item = of("http://again.test/", THREE[:1])
    a_look(item, [])
    decision = Decision("cannot_assess", item.looks.first().pk, "Nothing is at this address.")
    assess(item, analyst, decision)
    assert item.state == State.CLOSED


def test_what_passes_over_a_picture_does_not_pass_by_the_second_person(analyst, settings):
    known(MORE[:1], "other_illegal")
    drawn = {**settings.ORGANISATION.data, "second": {"share": 1}}
    settings.ORGANISATION = Organisation(drawn)
    alone = of("http://alone.test/", MORE[:1])
    assert isinstance(assess(alone, analyst, said(alone, "other_illegal", 1)), Assessment)
    item = of("http://again.test/", [*MORE[:1], THREE[1]])
    kept = assess(item, analyst, said(item, "other_illegal", 1, reason="alike"))
    assert isinstance(kept, Opinion)


def test_the_form_says_which_pictures_they_are(analyst, desk_client):
    known(THREE[:1])
    item = of("http://again.test/", THREE)
    client = reading_english(desk_client, analyst)
    form = {"classification": "not_illegal", "look": item.looks.get().pk}
    path = f"/queue/items/{item.pk}/assess/"
    answer = client.post(path, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Not seen by you: picture 1. Without a look" in page
    assert "Reason (optional)" in page
    sees(item, analyst, 1)
    about = {**form, "pictures": item.looks.get().media.get(position=1).pk}
    answer = client.post(path, about)
    said_so = "Known or listed as child sexual abuse material: picture 1. Say why"
    page = answer.content.decode()
    assert said_so in page and "Reason (optional)" not in page
    new = of("http://new.test/", THREE[1:])
    answer = client.post(
        f"/queue/items/{new.pk}/assess/",
        {"classification": "cannot_assess", "look": new.looks.get().pk},
    )
    assert "Not seen by you: picture 1, picture 2. Look" in answer.content.decode()
    assert client.post(path, {**about, "ready_reason": "unseen.1"}).status_code == 302


def test_not_illegal_names_all_that_its_person_saw_but_what_they_left_out(analyst, desk_client):
    """What was seen once is not to be looked at again elsewhere. Abuse they name themselves."""
    known(MORE[:1])
    item = of("http://new.test/", [*MORE[:1], *THREE])
    sees(item, analyst, 1, 2, 3, 4)
    pictures = dict(item.looks.get().media.values_list("position", "pk"))
    form = {"classification": "not_illegal", "look": item.looks.get().pk, "reason": "buttons"}
    sent = {**form, "pictures": [pictures[4]], "by_hand": [pictures[3]]}
    desk_client(analyst).post(f"/queue/items/{item.pk}/assess/", sent)
    about = Assessment.objects.get(item=item).pictures.values_list("media__position", flat=True)
    assert sorted(about) == [2, 4]
    again = of("http://again.test/", [THREE[0], THREE[2]])
    assert [p.known.classification for p in pictures_of(again, again.looks.get(), 0)] == [
        "not_illegal"
    ] * 2


@pytest.mark.parametrize("kind", ["other_illegal", "cannot_assess", "baseline"])
def test_what_one_picture_is_enough_for_names_no_other(analyst, desk_client, kind):
    item = of("http://new.test/", THREE)
    sees(item, analyst, 1, 2, 3)
    form = {"classification": kind, "look": item.looks.get().pk}
    sent = {**form, "pictures": item.looks.get().media.get(position=3).pk}
    desk_client(analyst).post(f"/queue/items/{item.pk}/assess/", sent)
    assert Assessment.objects.get(item=item).pictures.get().media.position == 3


def test_whoever_is_second_and_saw_several_is_asked_once_which_they_judge_so(
    analyst, desk_client, settings
):
    second = {"decisions": ["baseline", "national"]}
    settings.ORGANISATION = Organisation({**settings.ORGANISATION.data, "second": second})
    item = of("http://new.test/", THREE)
    first = an_analyst()
    sees(item, first, 1)
    assess(item, first, said(item, "baseline", 1))
    sees(item, analyst, 1, 2)
    pictures = dict(item.looks.get().media.values_list("position", "pk"))
    form = {"classification": "baseline", "look": item.looks.get().pk}
    client, path = reading_english(desk_client, analyst), f"/queue/items/{item.pk}/assess/"
    answer = client.post(path, {**form, "pictures": [pictures[2]]})
    page = answer.content.decode()
    assert answer.status_code == 422 and "You saw several: picture 1, picture 2." in page
    hand = re.findall(r'name="by_hand" value="(\d+)"', page)
    assert hand == [str(pictures[1]), str(pictures[2])]
    sent = {**form, "pictures": [pictures[1], pictures[2]], "by_hand": hand}
    assert client.post(path, sent).status_code == 302
    made = Assessment.objects.get(item=item)
    assert made.pictures.get().media.position == 1
