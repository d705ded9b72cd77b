"""Deciding: where each decision leads, and that it is bound to what this person really saw."""

import hashlib
from dataclasses import replace

import pytest

from tests.factories import looked
from tests.outside import Says
from vigie.cases.deciding.services import Decision, NotSeen, ReasonNeeded, assess, view_picture
from vigie.cases.models import AssessedPicture, Assessment, Classification
from vigie.items.flow import IllegalMove, Stale, State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.matching.models import JudgedHash
from vigie.matching.picture import picture_hashes
from vigie.sandbox.pictures import picture
from vigie.tracing.models import Media

pytestmark = pytest.mark.django_db(databases="__all__")
C = Classification
CAT, DOG = picture("cat", "jpg"), picture("dog", "jpg")
LEADS_TO = {
    C.BASELINE: (State.CONFIRMED, "", "baseline"),
    C.NATIONAL: (State.CONFIRMED, "", "national"),
    C.OTHER_ILLEGAL: (State.CLOSED, "other_illegal", ""),
    C.NOT_ILLEGAL: (State.CLOSED, "not_illegal", ""),
    C.CANNOT_ASSESS: (State.CLOSED, "cannot_assess", ""),
    C.OUT_OF_REMIT: (State.CLOSED, "out_of_remit", ""),
}


@pytest.fixture
def item(outside, report_of) -> Item:
    """An album of two pictures that the worker has looked at."""
    outside.site.album("/album", CAT, DOG)
    (found,) = report_of(outside.site.url("/album"))
    looked(found)
    return found


def _media(item: Item, position: int = 1) -> Media:
    return item.looks.latest("pk").media.get(position=position)


def _decision(item: Item, *media: Media, kind: Classification = C.BASELINE) -> Decision:
    ids = frozenset(m.pk for m in media)
    reason = "" if media else "as its words say"
    return Decision(kind, item.looks.latest("pk").pk, picture_ids=ids, reason=reason)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _nothing_was_decided(item: Item) -> bool:
    item.refresh_from_db()
    kept = Assessment.objects.exists() or JudgedHash.objects.exists()
    return item.state == State.TO_ASSESS and not kept


@pytest.mark.parametrize("kind", C)
def test_each_decision_leads_where_it_should_and_is_written_down(item, analyst, kind):
    for position in (1, 2):
        view_picture(item, _media(item, position), analyst)
    decision = replace(
        _decision(item, _media(item), kind=kind), reason="so it is", hand_over_to="another service"
    )
    made = assess(item, analyst, decision)
    item.refresh_from_db()
    assert (item.state, item.outcome, item.classification) == LEADS_TO[kind]
    assert item.due_at is None
    assert (made.by, made.classification, made.round) == (analyst, kind, 1)
    service = "another service" if kind == C.OUT_OF_REMIT else ""
    assert (made.reason, made.hand_over_to) == ("so it is", service)
    assert JudgedHash.objects.get().classification == kind
    line = Entry.objects.get(verb=Verb.ITEM_ASSESSED)
    assert line.actor == analyst.actor
    assert line.detail == f'{{"assessment":{made.pk},"classification":"{kind}","pictures":1}}'


def test_a_decision_keeps_the_hash_of_what_was_seen_and_of_nothing_else(item, analyst):
    view_picture(item, _media(item, 2), analyst)
    assess(item, analyst, _decision(item, _media(item, 2)))
    kept = AssessedPicture.objects.get()
    assert (kept.media, kept.sha256, kept.seen) == (_media(item, 2), _sha(DOG), True)
    assert kept.pdq == picture_hashes(DOG)["pdq"]
    judged = JudgedHash.objects.values("md5", "sha1", "sha256").get()
    assert judged == {kind: hashlib.new(kind, DOG).hexdigest() for kind in judged}


def test_a_picture_this_person_has_not_seen_is_refused(item, analyst, lead):
    """A colleague's look does not count, nor does one that showed nothing."""
    view_picture(item, _media(item, 1), analyst)
    view_picture(item, _media(item, 2), lead)
    with pytest.raises(NotSeen):
        assess(item, analyst, _decision(item, _media(item, 1), _media(item, 2)))
    assert _nothing_was_decided(item)


def test_a_picture_that_could_not_be_shown_was_not_seen(item, analyst, outside):
    outside.site.pages.pop("/album-1")
    view_picture(item, _media(item), analyst)
    with pytest.raises(NotSeen):
        assess(item, analyst, _decision(item, _media(item)))
    assert _nothing_was_decided(item)


def test_when_the_bytes_changed_the_decision_is_about_those_that_were_seen(item, analyst, outside):
    """The hash of the look, which nobody saw, is neither kept nor remembered as judged."""
    other = picture("another", "jpg")
    outside.site.pages["/album-1"] = Says(body=other, type="image/jpeg")
    view_picture(item, _media(item), analyst)
    assess(item, analyst, _decision(item, _media(item)))
    kept = AssessedPicture.objects.get()
    assert (kept.sha256, kept.pdq) == (_sha(other), "")
    judged = JudgedHash.objects.values("md5", "sha1", "sha256").get()
    assert judged == {kind: hashlib.new(kind, other).hexdigest() for kind in judged}


def test_a_known_picture_needs_no_look(item, analyst, lead, outside, report_of):
    view_picture(item, _media(item), lead)
    assess(item, lead, _decision(item, _media(item), kind=C.NATIONAL))
    outside.site.album("/elsewhere", CAT, DOG)
    (again,) = report_of(outside.site.url("/elsewhere"))
    looked(again)
    with pytest.raises(NotSeen):
        assess(again, analyst, _decision(again, _media(again, 2)))
    assess(again, analyst, _decision(again, _media(again, 1), kind=C.NATIONAL))
    kept = AssessedPicture.objects.latest("pk")
    assert (kept.sha256, kept.seen) == (_sha(CAT), False)
    assert analyst.view_set.count() == 0


def test_of_a_picture_known_by_its_look_alone_the_bytes_that_were_judged_are_kept(
    item, analyst, lead, outside, report_of
):
    """Other bytes with the same PDQ: nobody saw them, so their hash is neither kept nor sent."""
    view_picture(item, _media(item), lead)
    assess(item, lead, _decision(item, _media(item)))
    outside.site.album("/elsewhere", CAT + b"other bytes")
    (again,) = report_of(outside.site.url("/elsewhere"))
    looked(again)
    assess(again, analyst, _decision(again, _media(again)))
    kept = AssessedPicture.objects.latest("pk")
    assert (kept.sha256, kept.pdq, kept.seen) == (_sha(CAT), picture_hashes(CAT)["pdq"], False)
    assert not JudgedHash.objects.filter(sha256=_sha(CAT + b"other bytes")).exists()


def test_a_look_that_found_something_else_meanwhile_makes_the_decision_stale(
    item, analyst, outside
):
    view_picture(item, _media(item), analyst)
    decision = _decision(item, _media(item))
    outside.site.album("/album", DOG)
    looked(item)
    with pytest.raises(Stale):
        assess(item, analyst, decision)
    assert _nothing_was_decided(item)


def test_a_look_that_found_the_same_meanwhile_does_not(item, analyst):
    view_picture(item, _media(item), analyst)
    before = item.looks.get()
    looked(item)
    decision = Decision(C.BASELINE, before.pk, picture_ids=frozenset({_media(item).pk}))
    assess(item, analyst, decision)
    assert item.state == State.CONFIRMED


def test_another_items_look_and_pictures_are_no_ground_for_a_decision(
    item, analyst, outside, report_of
):
    outside.site.album("/other", CAT)
    (other,) = report_of(outside.site.url("/other"))
    look = looked(other)
    with pytest.raises(Stale):
        assess(item, analyst, Decision(C.BASELINE, look.pk))
    with pytest.raises(Stale):
        assess(item, analyst, Decision(C.BASELINE, None))
    assert _nothing_was_decided(item)
    strange = _decision(item, look.media.get())
    with pytest.raises(ReasonNeeded):
        assess(item, analyst, strange)
    made = assess(item, analyst, replace(strange, reason="as its words say"))
    assert not made.pictures.exists(), "another item's picture is not taken into this decision"


def test_what_is_decided_cannot_be_decided_again(item, analyst, lead):
    assess(item, analyst, _decision(item))
    with pytest.raises(IllegalMove):
        assess(Item.objects.get(pk=item.pk), lead, _decision(item, kind=C.NOT_ILLEGAL))
    assert Assessment.objects.count() == 1


def test_out_of_remit_needs_the_service_that_takes_over(item, desk_client, analyst):
    client, path = desk_client(analyst), f"/queue/items/{item.pk}/assess/"
    form = {"classification": "out_of_remit", "look": item.looks.get().pk}
    assert client.post(path, form).status_code == 422
    assert client.post(path, {**form, "hand_over_to": "   "}).status_code == 422
    assert _nothing_was_decided(item)
    assert client.post(path, {**form, "hand_over_to": "the consumer line"}).status_code == 302
    assert Assessment.objects.get().hand_over_to == "the consumer line"


def test_the_form_refuses_a_picture_that_was_not_seen_and_a_word_that_is_no_decision(
    item, desk_client, analyst
):
    client, path = desk_client(analyst), f"/queue/items/{item.pk}/assess/"
    form = {"classification": "baseline", "look": item.looks.get().pk}
    assert client.post(path, {**form, "pictures": [_media(item).pk]}).status_code == 422
    assert client.post(path, {**form, "classification": "maybe"}).status_code == 422
    assert client.post(path, {"look": form["look"]}).status_code == 422
    assert _nothing_was_decided(item)
