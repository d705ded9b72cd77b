"""A judgement taken back is taken back wherever it was applied without a look."""

from functools import partial

import pytest

from tests.databases import in_threads
from tests.factories import a_look, an_item, decided
from vigie.cases.deciding.reopening import others_of, reopen
from vigie.cases.deciding.services import Decision, NotSeen, assess
from vigie.cases.models import AssessedPicture, Assessment
from vigie.items.flow import Move, State
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.matching.lists import ours
from vigie.matching.models import JudgedHash
from vigie.staff.models import User
from vigie.tracing.models import Media

pytestmark = pytest.mark.django_db(databases="__all__")
PLACE = "http://192.0.2.10/one.jpg"


@pytest.fixture
def judged(db) -> Item:
    """An item on which a person saw a picture: not illegal."""
    item = an_item("http://galerie.nord.test/a/first")
    decided(item, a_look(item, [PLACE]), "not_illegal")
    item.refresh_from_db()
    return item


def like(judged: Item, path: str, bits: int = 3) -> Item:
    """An item with a picture so many bits away from the judged one."""
    item = an_item(f"http://galerie.nord.test/a/{path}")
    media = a_look(item, [f"http://192.0.2.10/{path}.jpg"]).media.get()
    pdq = int(JudgedHash.objects.get(item=judged).pdq, 16) ^ ((1 << bits) - 1)
    Media.objects.filter(pk=media.pk).update(pdq=f"{pdq:064x}")
    return item


def apply(item: Item, by: User, kind: str = "not_illegal") -> Assessment:
    look = item.looks.latest("pk")
    about = frozenset(look.media.values_list("pk", flat=True))
    return assess(item, by, Decision(kind, look.pk, picture_ids=about))


def states(*items: Item) -> list[str]:
    for item in items:
        item.refresh_from_db()
    return [item.state for item in items]


def test_opening_it_again_opens_what_it_was_applied_to_and_nothing_else(judged, analyst, lead):
    near, other = like(judged, "near"), like(judged, "other", 31)
    seen = like(judged, "seen")
    apply(near, analyst)
    apply(other, analyst)
    decided(
        seen, seen.looks.get(), "not_illegal"
    )  # a person looked: that is a judgement of its own
    assert (others_of(judged).back, others_of(judged).staying) == (2, 0)
    reopen(judged, lead)
    assert states(judged, near, other, seen) == [State.TO_ASSESS] * 3 + [State.CLOSED]
    assert [near.round, seen.round] == [2, 1]
    lines = Entry.objects.filter(verb="judgement.undone").values_list("subject", flat=True)
    assert set(lines) == {near.subject, other.subject}


def test_what_was_taken_back_can_no_longer_be_applied(judged, analyst, lead):
    near = like(judged, "near")
    reopen(judged, lead)
    with pytest.raises(NotSeen):
        apply(near, analyst)


def test_a_judgement_is_never_applied_along_a_chain(judged, analyst):
    """Each is near the one before, and the last is far from what was judged."""
    near, further = like(judged, "near", 20), like(judged, "further", 40)
    apply(near, analyst)
    assert JudgedHash.objects.count() == 1
    with pytest.raises(NotSeen):
        apply(further, analyst)


def test_without_a_look_only_what_is_proposed_can_be_decided(judged, analyst):
    near = like(judged, "near")
    with pytest.raises(NotSeen):
        apply(near, analyst, "baseline")
    apply(near, analyst)


def test_where_the_policy_says_that_a_person_must_look_nothing_is_decided_unseen(
    judged, analyst, settings
):
    data = {**settings.ORGANISATION.data, "matching": {"own_unseen": False}}
    settings.ORGANISATION = type(settings.ORGANISATION)(data)
    with pytest.raises(NotSeen):
        apply(like(judged, "near"), analyst)


def test_of_what_others_were_told_the_round_ends_and_what_is_removed_stays(analyst, lead, judged):
    confirmed = an_item("http://galerie.nord.test/a/confirmed")
    decided(confirmed, a_look(confirmed, ["http://192.0.2.10/bad.jpg"]), "baseline")
    told, going, gone = (like(confirmed, path) for path in ("told", "going", "gone"))
    for item in (told, going, gone):
        apply(item, analyst, "baseline")
    for item in (told, confirmed, gone):
        item.refresh_from_db()
        move_item(item, Move.REFER, "worker")
    move_item(gone, Move.REMOVE, "worker")
    move_item(confirmed, Move.CONCLUDE, lead.actor)
    assert len(list(ours.confirmed())) == 1
    reopen(confirmed, lead)
    assert list(ours.confirmed()) == [], "nor does it leave in an export"
    assert states(confirmed, told, going, gone) == [State.TO_ASSESS] * 3 + [State.REMOVED]
    undone = Entry.objects.filter(verb="judgement.undone").order_by("seq")
    assert [line.subject for line in undone] == [one.subject for one in (told, going, gone)]
    assert states(judged) == [State.CLOSED], "another judgement stands"


def test_a_page_says_what_opening_again_would_do(judged, analyst, lead, desk_client):
    apply(like(judged, "near"), analyst)
    client = desk_client(lead)
    User.objects.update(language="en")
    page = client.get(f"/queue/items/{judged.pk}/").content.decode()
    assert "1 other item was decided without a look" in page


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_applying_and_taking_back_at_once_leaves_nothing_applied(judged, analyst, lead):
    near = [like(judged, f"near{n}") for n in range(3)]
    jobs = [partial(apply, Item.objects.get(pk=item.pk), analyst) for item in near]
    ends = in_threads([*jobs, partial(reopen, Item.objects.get(pk=judged.pk), lead)])
    assert not [e for e in ends if isinstance(e, Exception) and not isinstance(e, NotSeen)]
    assert states(judged, *near) == [State.TO_ASSESS] * 4
    applied = AssessedPicture.objects.filter(seen=False).count()
    assert Entry.objects.filter(verb="judgement.undone").count() == applied
