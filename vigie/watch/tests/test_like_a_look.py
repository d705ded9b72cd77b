"""A watch asks as a first look does, and for all that the decision was about.

Who runs the site reads its logs: what differs tells that something was confirmed.
"""

import pytest

from tests.factories import looked
from tests.outside import Says
from vigie.cases.deciding.services import Decision, assess, view_picture
from vigie.cases.models import Classification
from vigie.items.flow import Move
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.sandbox.pictures import picture
from vigie.tracing.models import Media
from vigie.watch.services import check_item

pytestmark = pytest.mark.django_db(databases="__all__")
CAT, DOG, FOX = (picture(name, "jpg") for name in ("cat", "dog", "fox"))


@pytest.fixture
def requests(outside):
    """What the site was asked since it was last read, and with which headers."""

    def read():
        found = list(zip(outside.site.asked, outside.site.asked_with, strict=True))
        outside.site.asked.clear()
        outside.site.asked_with.clear()
        return found

    return read


@pytest.fixture
def album(outside, report_of) -> Item:
    outside.site.album("/album", CAT, DOG, FOX)
    (item,) = report_of(outside.site.url("/album"))
    return item


def decide(item: Item, by, *positions: int) -> None:
    """Confirmed for these pictures, which were seen; then referred."""
    look = item.looks.first()
    media = list(look.media.filter(position__in=positions))
    for each in media:
        view_picture(item, each, by)
    about = frozenset(each.pk for each in media)
    why = "" if about else "by its words"
    assess(item, by, Decision(Classification.BASELINE, look.pk, why, picture_ids=about))
    move_item(item, Move.REFER, "worker")


@pytest.mark.parametrize("judged", [(), (2,), (1, 3)])
def test_a_watch_asks_for_the_same_in_the_same_words_as_a_first_look(
    judged, album, requests, analyst
):
    looked(album)
    first = requests()
    assert [path for path, _ in first] == ["/album", "/album-1", "/album-2", "/album-3"]
    decide(album, analyst, *judged)
    requests()  # the analyst's
    check_item(album)
    assert requests() == first


def test_a_still_is_asked_for_in_the_same_words_too(album, requests, analyst):
    looked(album)
    first = requests()
    view_picture(album, Media.objects.get(position=2), analyst)
    assert requests() == [first[2]]


def test_of_what_the_page_shows_only_the_judged_pictures_count(album, outside, analyst):
    looked(album)
    decide(album, analyst, 2)
    del outside.site.pages["/album-1"], outside.site.pages["/album-2"]
    check_item(album)
    check = album.checks.get()
    assert (check.verdict, check.pictures_gone, check.pictures_asked) == ("there", 1, 1)


def test_where_the_decision_named_no_picture_those_of_its_look_must_be_gone(
    album, outside, analyst
):
    looked(album)
    decide(album, analyst)
    outside.site.pages["/album"] = Says(404)
    check_item(album)
    check = album.checks.latest("pk")
    assert (check.verdict, check.pictures_gone, check.pictures_asked) == ("there", 0, 3)
    outside.site.pages.clear()
    check_item(album)
    check = album.checks.latest("pk")
    assert (check.verdict, check.pictures_gone, check.pictures_asked) == ("gone", 3, 3)


def test_a_button_that_stays_does_not_count_there(album, outside, analyst):
    looked(album)
    Media.objects.filter(position=1).update(width=120, height=600)
    Media.objects.filter(position=2).update(width=0, height=0)
    decide(album, analyst)
    outside.site.pages["/album"] = Says(404)
    check_item(album)
    assert album.checks.get().pictures_asked == 2
