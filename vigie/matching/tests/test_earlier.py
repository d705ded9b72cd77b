"""What was judged once is known again, the same or alike: nobody has to look."""

import io

import pytest
import time_machine
from PIL import Image

from config.organisation import Organisation
from tests.factories import looked
from vigie.cases.deciding.services import Decision, assess, view_picture
from vigie.cases.desk.selectors import pictures_of, rows
from vigie.cases.models import Classification
from vigie.items.models import Item
from vigie.matching.picture import picture_hashes
from vigie.matching.services import remember, undo
from vigie.matching.verdicts import verdicts
from vigie.sandbox.pictures import picture
from vigie.tracing.selectors import latest_look

pytestmark = pytest.mark.django_db(databases="__all__")
CAT, DOG = picture("cat", "jpg"), picture("dog", "jpg")
A, B, NEAR = "a" * 64, "b" * 64, "c" * 64
PDQ, NEAR_PDQ, FAR_PDQ = "f" * 64, "f" * 63 + "e", "0" * 64


@pytest.fixture
def item(report_of) -> Item:
    (found,) = report_of("http://galerie.nord.test/a/judged")
    return found


def known(*pictures: tuple[str, str]) -> list[tuple[str, int, bool] | None]:
    """Of each (sha256, pdq): what it was judged, how far away, and whether a person must look."""
    found = [one.judged for one in verdicts([{"sha256": s, "pdq": p} for s, p in pictures])]
    return [one and (one.row.classification, one.distance, one.agreed) for one in found]


def test_the_same_bytes_are_known(item):
    remember([{"sha256": A, "pdq": PDQ}], "baseline", item.pk)
    assert known((A, FAR_PDQ), (B, FAR_PDQ)) == [("baseline", 0, True), None]


def test_the_same_pdq_in_other_bytes_is_known_and_so_is_a_near_one(item):
    remember([{"sha256": A, "pdq": PDQ}], "baseline", item.pk)
    at_31, at_32 = f"{int(PDQ, 16) ^ (2**31 - 1):064x}", f"{int(PDQ, 16) ^ (2**32 - 1):064x}"
    found = known((B, PDQ), (NEAR, NEAR_PDQ), (NEAR, at_31), (NEAR, at_32))
    assert found == [("baseline", 0, True), ("baseline", 1, True), ("baseline", 31, True), None]


def test_how_near_is_near_is_the_organisations_policy(item, settings):
    data = {**settings.ORGANISATION.data, "matching": {"own_distance": 0}}
    remember([{"sha256": A, "pdq": PDQ}], "baseline", item.pk)
    assert known((NEAR, NEAR_PDQ)) == [("baseline", 1, True)]
    settings.ORGANISATION = Organisation(data)
    assert known((B, PDQ), (NEAR, NEAR_PDQ)) == [("baseline", 0, True), None]


def test_pictures_without_a_pdq_are_not_all_the_same_picture(item):
    remember([{"sha256": A, "pdq": ""}], "baseline", item.pk)
    assert known((B, ""), ("", "")) == [None, None]


def test_the_newest_judgement_counts_and_the_same_bytes_before_the_same_pdq(item):
    with time_machine.travel("2026-01-01T00:00Z", tick=False):
        remember([{"sha256": A, "pdq": PDQ}], "baseline", item.pk)
    with time_machine.travel("2026-01-02T00:00Z", tick=False):
        remember([{"sha256": A, "pdq": PDQ}], "not_illegal", item.pk)
    with time_machine.travel("2026-01-03T00:00Z", tick=False):
        remember([{"sha256": B, "pdq": PDQ}], "national", item.pk)
    assert known((A, PDQ)) == [("not_illegal", 0, False)]  # one confirms, the other does not
    assert known((NEAR, PDQ)) == [("national", 0, False)]  # two say two things: somebody must look


def test_what_was_taken_back_is_no_longer_known_and_what_it_replaced_is(item, report_of):
    remember([{"sha256": A, "pdq": PDQ}], "baseline", item.pk)
    (other,) = report_of("http://galerie.nord.test/a/another")
    remember([{"sha256": A, "pdq": PDQ}], "not_illegal", other.pk)
    assert known((A, PDQ), (B, NEAR_PDQ)) == [("not_illegal", 0, False), ("not_illegal", 1, False)]
    undo(other.pk)
    assert known((A, PDQ), (B, NEAR_PDQ)) == [("baseline", 0, True), ("baseline", 1, True)]
    undo(item.pk)
    assert known((A, PDQ), (B, NEAR_PDQ)) == [None, None]


def test_nothing_is_known_of_nothing(item):
    assert verdicts([]) == []
    assert known(("", "")) == [None]


def _looked_at(outside, report_of, path: str, *shown: bytes) -> Item:
    outside.site.album(path, *shown)
    (item,) = report_of(outside.site.url(path))
    looked(item)
    return item


def _same_pdq_other_bytes(data: bytes) -> bytes:
    """The same picture with other bytes: words after the end of a JPEG show nowhere."""
    return data + b"other bytes"


def test_on_the_desk_a_judged_picture_is_known_wherever_it_stands(
    outside, report_of, desk_client, analyst, lead
):
    first = _looked_at(outside, report_of, "/first", CAT)
    media = latest_look(first).media.get()
    view_picture(first, media, lead)
    decision = Decision(
        Classification.NATIONAL, latest_look(first).pk, "", "", frozenset({media.pk})
    )
    assess(first, lead, decision)

    again = _looked_at(outside, report_of, "/again", _same_pdq_other_bytes(CAT), DOG)
    known = [p.known.classification if p.known else None
             for p in pictures_of(again, latest_look(again), analyst.pk)]  # fmt: skip
    assert known == ["national", None]
    (row,) = rows([again])
    assert (len(row.shown), row.known, row.judged) == (2, 1, "national")
    page = desk_client(analyst).get(f"/queue/items/{again.pk}/").content.decode()
    assert page.count('<span class="tag moss">') == 1


def test_when_every_picture_is_known_the_earlier_decision_is_proposed(
    outside, report_of, desk_client, analyst, item
):
    remember([picture_hashes(CAT)], "other_illegal", item.pk)
    again = _looked_at(outside, report_of, "/again", CAT)
    page = desk_client(analyst).get(f"/queue/items/{again.pk}/").content.decode()
    radio = page[page.index('value="other_illegal"') :]
    assert "checked" in radio[: radio.index(">")]
    assert again.views.count() == 0


def test_a_still_of_the_changed_picture_is_not_known_by_the_old_one():
    """The PDQ of a drawing changes when the drawing does: a known hash vouches for nothing else."""
    changed = Image.open(io.BytesIO(CAT)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    target = io.BytesIO()
    changed.save(target, "JPEG")
    assert picture_hashes(target.getvalue())["pdq"] != picture_hashes(CAT)["pdq"]
