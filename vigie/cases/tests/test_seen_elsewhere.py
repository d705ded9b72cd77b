"""The same bytes under another address are the same picture: each person is shown them once."""

import pytest

from config.organisation import Organisation
from tests.factories import a_look, an_analyst, an_item, decided, looked
from tests.outside import Says
from vigie.cases.deciding.avoided import avoided
from vigie.cases.deciding.decision import Decision
from vigie.cases.deciding.services import NotSeen, assess
from vigie.cases.desk.selectors import Picture, pictures_of
from vigie.cases.looks.looking import WhyAsked, takes_a_reason, view_picture
from vigie.cases.looks.seen import Stills, sights_of
from vigie.cases.models import AssessedPicture, Assessment, Opinion, View, Wish
from vigie.cases.models import Classification as C
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.containers import STILLS
from vigie.matching.models import JudgedHash
from vigie.matching.verdicts import Verdict
from vigie.sandbox.pictures import picture
from vigie.staff.models import User
from vigie.tracing.models import Media

pytestmark = pytest.mark.django_db(databases="__all__")
CAT, DOG = picture("cat", "jpg"), picture("dog", "jpg")


@pytest.fixture
def two(outside, report_of) -> tuple[Item, Item]:
    """Two albums of one site with the same picture."""
    found = []
    for path in ("/a/same-1", "/a/same-2"):
        outside.site.album(path, CAT)
        (item,) = report_of(outside.site.url(path))
        looked(item)
        found.append(item)
    return found[0], found[1]


def media_of(item: Item) -> Media:
    return item.looks.latest("pk").media.get()


def shown(item: Item, by: User) -> Picture:
    (one,) = pictures_of(item, item.looks.latest("pk"), by.pk)
    return one


def says(item: Item, by: User, kind: C = C.NATIONAL) -> Assessment | Opinion:
    about = frozenset([media_of(item).pk])
    return assess(item, by, Decision(kind, item.looks.latest("pk").pk, picture_ids=about))


def test_it_is_marked_seen_with_when_and_where_and_a_further_look_takes_a_reason(
    two, analyst, desk_client
):
    first, other = two
    _still, look = view_picture(first, media_of(first), analyst)
    one = shown(other, analyst)
    assert (one.seen, one.seen_at, one.seen_as) == (True, look.at, first.reference)
    assert shown(first, analyst).seen_as == ""
    with pytest.raises(WhyAsked):
        view_picture(other, media_of(other), analyst)
    assert View.objects.count() == 1
    User.objects.update(language="en")
    page = desk_client(analyst).get(f"/queue/items/{other.pk}/").content.decode()
    assert f"seen by you as part of {first.reference}" in page
    assert "data-first hidden" in page


def test_it_is_no_colleagues_look(two, analyst):
    first, other = two
    view_picture(first, media_of(first), analyst)
    colleague = an_analyst()
    assert not shown(other, colleague).seen
    with pytest.raises(NotSeen):
        says(other, colleague)
    view_picture(other, media_of(other), colleague)


def test_the_decision_rests_on_that_look_and_says_where(two, analyst, desk_client):
    first, other = two
    view_picture(first, media_of(first), analyst)
    made = says(other, analyst)
    kept = AssessedPicture.objects.get()
    digest = media_of(other).sha256
    assert (kept.assessment, kept.seen, kept.seen_in, kept.sha256) == (made, True, first, digest)
    judged = JudgedHash.objects.get()
    assert (judged.sha256, judged.md5) == (digest, media_of(other).md5)
    assert '"elsewhere":1' in Entry.objects.get(verb=Verb.ITEM_ASSESSED).detail
    User.objects.update(language="en")
    page = desk_client(analyst).get(f"/queue/items/{other.pk}/").content.decode()
    assert f"seen as part of {first.reference}" in page


def test_a_decision_that_rests_on_a_look_elsewhere_was_looked_at(two, analyst):
    """No still of the item was shown: the measure is not flattered by it."""
    first, other = two
    view_picture(first, media_of(first), analyst)
    says(other, analyst)
    found = avoided(Assessment.objects.all())
    assert (found.confirmed, found.unlooked, found.shown) == (1, 0, 0)
    says(first, analyst)
    assert avoided(Assessment.objects.all()).unlooked == 0


def test_what_is_known_rests_on_that_and_not_on_a_look_elsewhere(two, analyst):
    first, other = two
    view_picture(first, media_of(first), analyst)
    says(first, analyst)
    says(other, analyst)
    kept = AssessedPicture.objects.get(assessment__item=other)
    assert (kept.seen, kept.seen_in, kept.judgement) == (False, None, JudgedHash.objects.get())


def test_whoever_saw_it_may_say_otherwise_than_a_colleague_did_elsewhere(two, analyst):
    """What is known closes no item unseen; they saw it."""
    first, other = two
    view_picture(first, media_of(first), analyst)
    decided(other, other.looks.get(), "national")
    made = assess(
        first, analyst,
        Decision(C.NOT_ILLEGAL, first.looks.get().pk, "a cat", "", frozenset([media_of(first).pk])),
    )  # fmt: skip
    assert made.pictures.get().seen_in is None
    assert {row.classification for row in JudgedHash.objects.all()} == {"national", "not_illegal"}


def test_only_the_very_bytes_that_were_shown_count(two, analyst, outside):
    """The host shows a person something else than the worker: nobody saw what stands elsewhere."""
    first, other = two
    outside.site.pages["/a/same-1-1"] = Says(body=DOG, type="image/jpeg")
    _still, look = view_picture(first, media_of(first), analyst)
    assert look.media.sha256 == media_of(other).sha256
    assert View.objects.get().sha256 != look.media.sha256
    assert not shown(other, analyst).seen
    with pytest.raises(NotSeen):
        says(other, analyst)
    assert not takes_a_reason(other, media_of(other), analyst)


def test_what_was_shown_here_counts_before_what_was_shown_elsewhere(two, analyst):
    first, other = two
    one = {"md5": "1" * 32, "sha1": "1" * 40, "outcome": "ok", "by": analyst, "at": clock.now()}
    View.objects.create(item=other, media=media_of(other), sha256="1" * 64, **one)
    View.objects.create(item=first, media=media_of(first), sha256=media_of(other).sha256, **one)
    kept = says(other, analyst).pictures.get()
    assert (kept.sha256, kept.pdq, kept.seen_in) == ("1" * 64, "", None)


def test_outlines_elsewhere_let_the_picture_follow_once(two, analyst):
    first, other = two
    Wish.objects.create(by=analyst, outlines=True, used_on=clock.now().date())
    view_picture(first, media_of(first), analyst)
    Wish.objects.all().delete()
    (one,) = pictures_of(other, other.looks.get(), analyst.pk, outlines=False)
    assert (one.seen, one.sharper) == (True, True)
    view_picture(other, media_of(other), analyst)
    with pytest.raises(WhyAsked):
        view_picture(first, media_of(first), analyst)


def test_a_larger_one_follows_once_wherever_it_stands(two, analyst):
    first, other = two
    view_picture(first, media_of(first), analyst)
    view_picture(other, media_of(other), analyst, large=True)
    with pytest.raises(WhyAsked):
        view_picture(first, media_of(first), analyst, large=True)


def test_of_two_assessments_each_person_looks_at_one_copy(two, analyst, settings):
    data = {**settings.ORGANISATION.data, "second": {"decisions": ["national", "baseline"]}}
    settings.ORGANISATION = Organisation(data)
    first, other = two
    view_picture(first, media_of(first), analyst)
    assert isinstance(says(first, analyst), Opinion)
    assert isinstance(says(other, analyst), Opinion), "a look elsewhere is asked twice, too"
    second = an_analyst()
    view_picture(other, media_of(other), second)
    made = says(other, second)
    assert made.pictures.get().sha256 == media_of(other).sha256
    assert View.objects.count() == 2


def test_the_stills_of_the_same_video_are_counted_wherever_they_were_seen(analyst):
    places = [f"http://site-{n}.test/film" for n in (1, 2)]
    items = [an_item(place) for place in places]
    for item in items:
        a_look(item, ["http://cdn.test/film.mp4"])
    Media.objects.update(mime="video/mp4")
    first, other = items
    for item in items:
        item.refresh_from_db()
    digest = media_of(other).sha256
    saw = {"by": analyst, "at": clock.now(), "outcome": "ok", "sha256": digest, "of": STILLS}
    for number in (1, 2, 3):
        View.objects.create(item=first, media=media_of(first), still=number, **saw)
    View.objects.create(item=other, media=media_of(other), still=4, **saw)
    one = shown(other, analyst)
    assert (one.seen, one.next_still, one.stills) == (True, 5, Stills(4, STILLS, digest))
    assert takes_a_reason(other, media_of(other), analyst, still=2)
    assert not takes_a_reason(other, media_of(other), analyst, still=5)


def test_all_looks_are_two_questions(two, analyst, django_assert_num_queries):
    first, other = two
    view_picture(first, media_of(first), analyst)
    media = media_of(other)
    with django_assert_num_queries(2):
        found = sights_of(other, [media], [Verdict()], analyst.pk)
    assert [(one.found, one.item) for one in found] == [(media.sha256, first.pk)]
