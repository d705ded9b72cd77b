"""A sheet of pictures is decided by what is known of the pictures on it."""

import io

import pytest
from PIL import Image, ImageDraw

from bench.sheets import saved, scene, sheet
from tests.factories import a_look, an_item, decided, looked
from vigie.cases.deciding.services import Decision, NotSeen, assess
from vigie.cases.looks.looking import view_picture
from vigie.cases.models import AssessedPicture
from vigie.dispatch.tests.support import reading_english
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.matching.models import JudgedHash
from vigie.sandbox.pictures import picture
from vigie.tracing.models import Media, MediaPart

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
DRAWN = sheet(12, 3, 3, 90)


@pytest.fixture
def item(outside, report_of) -> Item:
    """A page with one sheet of nine, as the worker found it over HTTP."""
    outside.site.album("/album", DRAWN.data)
    (found,) = report_of(outside.site.url("/album"))
    looked(found)
    return found


def judge_alone(part: Media | MediaPart, kind: str, bits: int = 5) -> JudgedHash:
    """Elsewhere, a person judged a picture so many bits from this part."""
    other = an_item(f"http://galerie.nord.test/a/{part.pk}")
    look = a_look(other, [f"http://192.0.2.10/{part.pk}.jpg"])
    Media.objects.filter(look=look).update(pdq=f"{int(part.pdq, 16) ^ ((1 << bits) - 1):064x}")
    decided(other, look, kind)
    return JudgedHash.objects.get(item=other)


def parts_of(item: Item) -> list[MediaPart]:
    return list(item.looks.latest("pk").media.get().parts.all())


def by_what_is_known(item: Item, analyst, kind: str) -> None:
    look = item.looks.latest("pk")
    ids = frozenset(look.media.values_list("pk", flat=True))
    assess(item, analyst, Decision(kind, look.pk, picture_ids=ids))
    item.refresh_from_db()


def test_one_known_picture_on_it_decides_a_sheet_without_a_look(item, analyst, desk_client):
    judgement = judge_alone(parts_of(item)[4], "baseline")
    page = desk_client(analyst).get(f"/queue/items/{item.pk}/").content.decode()
    assert 'class="tag moss"' in page and "9" in page
    with pytest.raises(NotSeen):
        by_what_is_known(item, analyst, "national")
    by_what_is_known(item, analyst, "baseline")
    assert item.state == State.CONFIRMED
    kept = AssessedPicture.objects.get(assessment__item=item)
    assert (kept.seen, kept.judgement) == (False, judgement)
    assert not JudgedHash.objects.filter(item=item).exists(), "nobody saw the sheet"


def test_the_worst_on_it_counts(item, analyst):
    judge_alone(parts_of(item)[0], "not_illegal")
    judge_alone(parts_of(item)[1], "national")
    judge_alone(parts_of(item)[8], "baseline")
    with pytest.raises(NotSeen):
        by_what_is_known(item, analyst, "national")
    by_what_is_known(item, analyst, "baseline")


def test_beyond_the_distance_or_with_one_unknown_beside_harmless_ones_a_person_looks(item, analyst):
    first, *others = parts_of(item)
    judge_alone(first, "baseline", bits=40)
    for part in others:
        judge_alone(part, "not_illegal")
    for kind in ("baseline", "not_illegal"):
        with pytest.raises(NotSeen):
            by_what_is_known(item, analyst, kind)


def test_harmless_is_a_sheet_of_which_everything_is_known_so(item, analyst):
    for part in parts_of(item):
        judge_alone(part, "not_illegal")
    by_what_is_known(item, analyst, "not_illegal")
    assert item.state == State.CLOSED


def _with_a_drawing() -> bytes:
    """Eight scenes, and ninth a drawing of few lines, which has no hash to ask by."""
    page = Image.new("RGB", (3 * 212 + 12, 3 * 162 + 12), "white")
    for number in range(8):
        at = 12 + number % 3 * 212, 12 + number // 3 * 162
        page.paste(scene(number + 11, 200, 150), at)
    for around in (0, 25, 50):
        ImageDraw.Draw(page).ellipse((450 + around, 350, 530 + around, 470), outline="brown")
    return saved(page, 90)


def test_a_sheet_on_which_one_picture_was_not_compared_is_never_harmless_unseen(
    outside, report_of, analyst
):
    outside.site.album("/drawing", _with_a_drawing())
    (item,) = report_of(outside.site.url("/drawing"))
    looked(item)
    eight = parts_of(item)
    assert len(eight) == 8
    assert eight[0].media.parts_missing > 0
    for part in eight:
        judge_alone(part, "not_illegal")
    with pytest.raises(NotSeen):
        by_what_is_known(item, analyst, "not_illegal")
    item.refresh_from_db()
    assert item.state == State.TO_ASSESS


def test_one_known_picture_confirms_a_sheet_of_which_another_was_not_compared(
    outside, report_of, analyst
):
    outside.site.album("/drawing", _with_a_drawing())
    (item,) = report_of(outside.site.url("/drawing"))
    looked(item)
    judge_alone(parts_of(item)[2], "baseline")
    by_what_is_known(item, analyst, "baseline")
    assert item.state == State.CONFIRMED


def test_a_sheet_of_an_earlier_look_of_which_nobody_counted_is_not_harmless_unseen(item, analyst):
    for part in parts_of(item):
        judge_alone(part, "not_illegal")
    Media.objects.filter(look__item=item).update(parts_missing=None)
    with pytest.raises(NotSeen):
        by_what_is_known(item, analyst, "not_illegal")


def moving(*numbers: int) -> bytes:
    """An animation of that many different scenes, as GIF."""
    frames = [scene(one, 320, 240).convert("P") for one in numbers]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=200)
    return out.getvalue()


@pytest.fixture
def animation(outside, report_of) -> Item:
    outside.site.album("/moving", moving(1, 20, 21, 22))
    (found,) = report_of(outside.site.url("/moving"))
    looked(found)
    return found


def test_an_animation_is_never_harmless_by_what_is_known_of_its_first_frame(
    animation, analyst, desk_client
):
    media = animation.looks.latest("pk").media.get()
    judge_alone(media, "not_illegal")
    page = reading_english(desk_client, analyst).get(f"/queue/items/{animation.pk}/")
    assert "more is in it than was compared" in page.content.decode()
    with pytest.raises(NotSeen):
        by_what_is_known(animation, analyst, "not_illegal")


def test_a_known_frame_decides_an_animation(animation, analyst):
    assert len(parts_of(animation)) == 3
    judge_alone(parts_of(animation)[-1], "baseline")
    by_what_is_known(animation, analyst, "baseline")
    assert animation.state == State.CONFIRMED


@pytest.mark.parametrize("kind", ["jpg", "webp"])
def test_what_lost_its_end_is_still_a_picture_and_known_by_what_is_left(
    outside, report_of, analyst, kind
):
    outside.site.album("/cut", picture("cat", kind)[:-200])
    (item,) = report_of(outside.site.url("/cut"))
    looked(item)
    media = item.looks.latest("pk").media.get()
    assert (media.outcome, media.parts_missing) == ("ok", 1)
    judge_alone(media, "not_illegal")
    with pytest.raises(NotSeen):
        by_what_is_known(item, analyst, "not_illegal")
    still, view = view_picture(item, media, analyst)
    view.refresh_from_db()
    assert view.sha256 == media.sha256 and still.jpeg
