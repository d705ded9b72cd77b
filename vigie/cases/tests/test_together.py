"""What belongs together is judged once, applied to the others, and undone for all in one act."""

from functools import partial

import pytest

from tests.databases import in_threads
from tests.factories import a_look, an_item, decided
from vigie.cases import claims
from vigie.cases.deciding.reopening import may_take_back, take_back
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.deciding.together import Bond, apply, fellows
from vigie.cases.models import Assessment, Classification
from vigie.items.flow import Move
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.lib.fetch import Fetched, Outcome
from vigie.matching.models import JudgedHash
from vigie.staff.models import User
from vigie.tracing.models import Look, Media
from vigie.tracing.services import store_look
from vigie.tracing.visit import Visit

pytestmark = pytest.mark.django_db(databases="__all__")
PLACE = "http://192.0.2.10/one.jpg"
SITE = "http://galerie.nord.test/a"


def of(source: Assessment, by: User | None = None) -> dict[int, tuple[str, bool]]:
    return {f.item.pk: (f.bond, f.ready) for f in fellows(source, by or source.by)}


def with_picture(where: str, address: str = PLACE, flip: int = 0) -> Item:
    """An item that waits with one picture, so many bits away from what its address says."""
    item = an_item(where)
    media = a_look(item, [address]).media.get()
    if flip:
        pdq = int(media.pdq, 16) ^ ((1 << flip) - 1)
        Media.objects.filter(pk=media.pk).update(pdq=f"{pdq:064x}", sha256=f"{item.pk:064x}")
    return item


def judged(item: Item, kind: str = "not_illegal") -> Assessment:
    return decided(item, item.looks.get(), kind)


@pytest.fixture
def own_unseen(settings) -> None:
    """The policy lets a person decide about what is near to the judged one without a look."""
    data = {**settings.ORGANISATION.data, "matching": {"own_unseen": True}}
    settings.ORGANISATION = type(settings.ORGANISATION)(data)


@pytest.fixture
def own_seen(settings) -> None:
    data = {**settings.ORGANISATION.data, "matching": {"own_unseen": False}}
    settings.ORGANISATION = type(settings.ORGANISATION)(data)


def states(*items: Item) -> list[str]:
    for item in items:
        item.refresh_from_db()
    return [item.state for item in items]


def test_the_same_picture_and_one_near_to_the_judged_one_belong(own_unseen, analyst):
    first = with_picture(f"{SITE}/1")
    same, near = with_picture("http://other.test/2"), with_picture("http://third.test/3", flip=20)
    far = with_picture("http://far.test/4", flip=40)
    source = judged(first)
    assert of(source) == {same.pk: (Bond.PICTURE, True), near.pk: (Bond.PICTURE, True)}
    assert apply(source, {same.pk, near.pk, far.pk}, analyst).done == 2
    assert states(same, near, far) == ["closed", "closed", "to_assess"]
    made = Assessment.objects.filter(applied=source)
    assert {(a.classification, a.by) for a in made} == {("not_illegal", analyst)}
    assert not made.filter(pictures__seen=True).exists()
    assert JudgedHash.objects.count() == 1, "what was applied is no judgement of its own"


def test_never_along_a_chain(own_unseen, analyst):
    first, near = with_picture(f"{SITE}/1"), with_picture("http://b.test/", flip=20)
    further = with_picture("http://c.test/", flip=40)  # near to the second alone
    source = judged(first)
    apply(source, {near.pk}, analyst)
    applied = Assessment.objects.get(applied=source)
    assert further.pk not in of(source) and further.pk not in of(applied)


def test_where_a_person_has_to_look_nothing_is_applied(own_seen, analyst):
    first, near = with_picture(f"{SITE}/1"), with_picture("http://b.test/", flip=20)
    source = judged(first)
    assert of(source) == {near.pk: (Bond.PICTURE, False)}
    assert apply(source, {near.pk}, analyst).done == 0
    assert states(near) == ["to_assess"]


def test_a_page_with_an_unknown_picture_is_not_closed_but_may_be_confirmed(analyst):
    both = an_item("http://both.test/")
    a_look(both, [PLACE, "http://192.0.2.10/unknown.jpg"])
    one = with_picture(f"{SITE}/1")
    source = judged(one)
    assert of(source) == {both.pk: (Bond.PICTURE, False)}
    take_back(source, source.by)
    one.refresh_from_db()
    source = judged(one, "baseline")
    assert of(source) == {both.pk: (Bond.PICTURE, True)}
    apply(source, {both.pk}, analyst)
    picture = Assessment.objects.get(applied=source).pictures.get()
    assert (picture.media.position, picture.seen) == (1, False)


def answered(item: Item, status: int, body: bytes = b"<p>") -> Look:
    page = Fetched(Outcome.OK, "http://x.test/", status, "text/html", body, None, (), 3, 0.0, None)
    look = store_look(item, Visit(page, f"{body.hex():0>64}"[:64], []), page.outcome)
    move_item(item, Move.LOOK, "worker", due_at=None)
    return look


def decide(item: Item, by, kind: str) -> Assessment:
    return assess(item, by, Decision(Classification(kind), item.looks.get().pk, "by its words"))


def test_of_the_same_site_what_is_gone_alike_is_closed_alike_and_nothing_is_confirmed(analyst):
    items = [an_item(f"{SITE}/{n}") for n in range(3)]
    other = an_item("http://elsewhere.test/")
    for item, status in zip((*items, other), (404, 404, 503, 404), strict=True):
        answered(item, status)
    source = decide(items[0], analyst, "cannot_assess")
    assert of(source) == {items[1].pk: (Bond.GONE, True)}
    take_back(source, analyst)
    items[0].refresh_from_db()
    assert of(decide(items[0], analyst, "baseline")) == {}


def test_the_same_page_of_a_site_is_one_piece_of_work(analyst):
    first, same, other = (an_item(f"{SITE}/{n}") for n in range(3))
    for item, body in ((first, b"<p>a"), (same, b"<p>a"), (other, b"<p>b")):
        answered(item, 200, body)
    assert of(decide(first, analyst, "national")) == {same.pk: (Bond.PAGE, True)}


def test_what_a_colleague_has_in_hand_is_left(analyst, lead):
    first, same = with_picture(f"{SITE}/1"), with_picture("http://b.test/")
    source = judged(first)
    claims.claim(same, lead)
    assert of(source) == {same.pk: (Bond.PICTURE, False)}
    assert apply(source, {same.pk}, analyst).left == 1
    assert of(source, lead) == {same.pk: (Bond.PICTURE, True)}


def test_undo_is_one_act_for_all_and_the_decisions_stay_written(analyst, desk_client):
    items = [with_picture(f"http://n{n}.test/") for n in range(4)]
    source = judged(items[0])
    Assessment.objects.filter(pk=source.pk).update(by=analyst)
    client = desk_client(analyst)
    path = f"/queue/decisions/{source.pk}/"
    assert client.get(path).status_code == 200
    client.post(path, {"items": [item.pk for item in items[1:]]})
    assert states(*items) == ["closed"] * 4
    assert client.post(f"{path}undo/").status_code == 302
    assert states(*items) == ["to_assess"] * 4
    assert Assessment.objects.count() == 4
    assert not JudgedHash.objects.filter(undone_at=None).exists()
    assert Entry.objects.filter(verb="judgement.undone").count() == 3
    assert Entry.objects.get(verb="decision.taken_back").subject == items[0].subject
    assert client.post(f"{path}undo/").status_code == 409, "there is nothing to undo any more"


def test_what_was_decided_otherwise_since_is_not_touched(analyst, lead):
    first, same = with_picture(f"{SITE}/1"), with_picture("http://b.test/")
    source = judged(first)
    apply(source, {same.pk}, analyst)
    applied = Assessment.objects.get(applied=source)
    take_back(applied, lead, "an error")
    same.refresh_from_db()
    judged(same)  # a person looked
    take_back(source, lead, "an error")
    assert states(first, same) == ["to_assess", "closed"]


def test_when_somebody_was_told_a_lead_has_to_take_it_back(analyst, lead, settings):
    settings.UNDO_SECONDS = 60
    first, same = with_picture(f"{SITE}/1"), with_picture("http://b.test/")
    source = judged(first, "baseline")
    apply(source, {same.pk}, analyst)
    assert may_take_back(source, source.by)
    same.refresh_from_db()
    move_item(same, Move.REFER, "worker")
    assert not may_take_back(source, source.by)
    assert may_take_back(source, lead)
    made = take_back(source, lead, "an error")
    assert (made.back, made.staying, made.told) == (2, 0, 1)
    assert states(first, same) == ["to_assess", "to_assess"]


def test_a_decision_leads_to_what_belongs_to_it(analyst, desk_client):
    first, same = with_picture(f"{SITE}/1"), with_picture("http://b.test/")
    alone = an_item("Telegram @somebody")
    a_look(alone)
    client = desk_client(analyst)
    judged(first)
    form = {"classification": "not_illegal", "look": same.looks.get().pk, "reason": "so it is"}
    about = {"pictures": [same.looks.get().media.get().pk]}
    third = with_picture("http://c.test/")
    answer = client.post(f"/queue/items/{same.pk}/assess/", {**form, **about})
    assert answer["Location"] == f"/queue/decisions/{Assessment.objects.first().pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert f'value="{third.pk}"' in page
    form["look"] = alone.looks.get().pk
    assert client.post(f"/queue/items/{alone.pk}/assess/", form)["Location"] == "/queue/"


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_applied_twice_at_once_each_item_is_decided_once(analyst, lead):
    items = [with_picture(f"http://n{n}.test/") for n in range(4)]
    source = judged(items[0])
    wanted = {item.pk for item in items[1:]}
    ends = in_threads([partial(apply, source, wanted, by) for by in (analyst, lead)])
    assert sum(end.done for end in ends) == 3
    assert Assessment.objects.filter(applied=source).count() == 3
