"""When a list's word is a ground to decide without a look, and what speaks against it."""

import pytest

from config.organisation import Organisation
from vigie.cases.looks.grounds import Ground, ground_of
from vigie.matching import verdicts as asking
from vigie.matching.following import followed
from vigie.matching.lists.feedback import give_feedback
from vigie.matching.lists.tests.support import value
from vigie.matching.models import HashList, ListedHash
from vigie.matching.services import remember
from vigie.matching.tests.test_following import near, put
from vigie.matching.verdicts import of_sheets, verdicts
from vigie.tracing.models import Media

pytestmark = pytest.mark.django_db(databases="__all__")
PDQ = value("pdq", 1)


def ground(pdq: str = PDQ) -> Ground | None:
    """Of a picture with this value and bytes that nobody knows."""
    (verdict,) = verdicts([{"pdq": pdq, "sha256": "b" * 64}])
    return ground_of(Media(sha256="b" * 64, pdq=pdq, parts_missing=0), verdict)


def trusted(tmp_path, *values: str, name: str = "a list", meaning: str = "baseline") -> HashList:
    found = put(tmp_path, *values, name=name, meaning=meaning)
    HashList.objects.filter(pk=found.pk).update(unseen=True)
    return found


@pytest.mark.parametrize("against", ["disputed", "disputed and withdrawn", "harmless"])
def test_what_speaks_against_the_same_value_on_any_list_asks_for_a_person(tmp_path, against):
    trusted(tmp_path, PDQ)
    asked = near(PDQ, 3)
    assert ground(asked).classification == "baseline"
    put(tmp_path, PDQ, name="other", meaning="harmless" if against == "harmless" else "baseline")
    other = ListedHash.objects.get(list__name="other")
    if "disputed" in against:
        give_feedback(other, "dispute", "tests")
    if "withdrawn" in against:
        put(tmp_path, value("pdq", 9), name="other")
        ListedHash.objects.filter(pk=other.pk).update(state="withdrawn")
    assert ground(asked) is None
    assert verdicts([{"pdq": asked}])[0].listed, "it is still known, and said so to whoever looks"
    if against == "disputed":
        give_feedback(other, "agree", "tests")
        assert ground(asked).classification == "baseline"


def test_what_we_dispute_close_by_asks_for_a_person_and_far_away_does_not(tmp_path):
    trusted(tmp_path, PDQ)
    put(tmp_path, near(PDQ, 9, seed=5), near(PDQ, 60, seed=6), name="other")
    close, far = ListedHash.objects.filter(list__name="other").order_by("pk")
    give_feedback(far, "dispute", "tests")
    assert ground().classification == "baseline"
    give_feedback(close, "dispute", "tests")
    assert ground() is None


def test_a_sheet_that_we_dispute_is_not_decided_by_a_picture_on_it(tmp_path):
    trusted(tmp_path, value("pdq", 2))
    put(tmp_path, PDQ, name="other")

    def of_sheet() -> Ground | None:
        (verdict,) = of_sheets([{"pdq": PDQ}], [[value("pdq", 2)]])
        return ground_of(Media(sha256="b" * 64, pdq=PDQ), verdict)

    assert of_sheet().part == 1
    give_feedback(ListedHash.objects.get(list__name="other"), "dispute", "tests")
    assert of_sheet() is None


@pytest.mark.parametrize("merged", [False, True])
def test_a_large_family_on_a_list_hides_neither_our_judgement_nor_another_word(
    merged, tmp_path, report_of, settings, monkeypatch
):
    """More entries are nearer than one answer of the index holds."""
    monkeypatch.setattr(asking, "MOST", 20)
    monkeypatch.setattr(asking, "FURTHER", 60)
    trusted(tmp_path, *(near(PDQ, 2, seed=n) for n in range(40)))
    ground()
    if merged:
        followed().open().merge()
    assert ground().classification == "baseline"
    trusted(tmp_path, near(PDQ, 27, seed=76), name="other", meaning="national")
    assert ground() is None, "the lists disagree"
    (item,) = report_of("http://galerie.nord.test/a/judged")
    remember([{"sha256": "a" * 64, "pdq": near(PDQ, 28, seed=77)}], "not_illegal", item.pk)
    policy = {**settings.ORGANISATION.data, "matching": {"own_unseen": True}}
    settings.ORGANISATION = Organisation(policy)
    found = ground()
    assert (found.classification, found.distance, found.listed) == ("not_illegal", 28, None)


def test_where_not_all_that_is_near_can_be_looked_at_a_person_looks(tmp_path, monkeypatch):
    monkeypatch.setattr(asking, "MOST", 5)
    monkeypatch.setattr(asking, "FURTHER", 10)
    trusted(tmp_path, *(near(PDQ, 2, seed=n) for n in range(12)))
    assert ground() is None
    assert verdicts([{"pdq": PDQ}])[0].cut
