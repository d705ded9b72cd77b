"""What an owner says of an entry, in whatever order it arrives, ends in the same list."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from vigie.matching.lists import four_eyes
from vigie.matching.lists.feedback import give_feedback
from vigie.matching.lists.lookup import pdq_changes
from vigie.matching.lists.tests.support import value
from vigie.matching.lists.values import Entry
from vigie.matching.lists.writing import keep
from vigie.matching.models import HashList, ListedHash
from vigie.people.four_eyes import answer

START = datetime(2026, 1, 1, tzinfo=UTC)
A, B, C = (value("md5", n) for n in range(3))


def version(hour: int, *md5s: str, gone: bool = False, given: str = "A1", at: bool = True) -> Entry:
    """An entry as its owner has it at an hour."""
    return Entry(
        tuple(sorted(("md5", md5) for md5 in md5s)),
        external_id="e1",
        member="42",
        given=given,
        at=START + timedelta(hours=hour) if at else None,
        withdrawn=gone,
        whole=True,
    )


def a_list() -> HashList:
    return HashList.objects.create(name="a list")


def standing() -> dict[str, str]:
    rows = ListedHash.objects.exclude(state="withdrawn")
    return dict(rows.values_list("value", "given"))


@pytest.mark.django_db
@pytest.mark.parametrize("together", [True, False])
def test_versions_of_an_entry_in_any_order_end_as_the_newest_says(together):
    versions = [version(1, A, B), version(2, B, C, given="B1"), version(3, B, given="B2")]
    for order in permutations(versions):
        ListedHash.objects.all().delete()
        HashList.objects.all().delete()
        into = a_list()
        for entries in [order] if together else [[one] for one in order]:
            keep(into, "ncmec", list(entries))
        assert standing() == {B: "B2"}, order


@pytest.mark.django_db
@pytest.mark.parametrize("together", [True, False])
def test_what_was_withdrawn_stays_so_though_its_earlier_version_comes_later(together):
    for order in permutations([version(1, A), version(2, A, B), version(3, gone=True)]):
        ListedHash.objects.all().delete()
        HashList.objects.all().delete()
        into = a_list()
        for entries in [order] if together else [[one] for one in order]:
            keep(into, "ncmec", list(entries))
        assert standing() == {}, order
        keep(into, "ncmec", [version(4, A)])
        assert standing() == {A: "A1"}, "given anew it stands again"


@pytest.mark.django_db
def test_without_times_the_last_word_counts():
    into = a_list()
    keep(into, "ncmec", [version(0, A, at=False)])
    keep(into, "ncmec", [version(0, gone=True, at=False)])
    assert standing() == {}


@pytest.mark.django_db
def test_one_value_in_two_entries_stands_until_both_are_gone():
    into, other = a_list(), Entry((("md5", A),), "e2", "43", "B2", whole=True)
    keep(into, "ncmec", [version(1, A), other])
    keep(into, "ncmec", [version(2, gone=True)])
    assert standing() == {A: "B2"}


@pytest.mark.django_db
def test_a_number_that_two_files_give_to_two_pictures_takes_neither_away():
    into = a_list()
    for md5 in (A, B):
        keep(into, "vics", [Entry((("md5", md5),), "17", given="1")])
    assert standing() == {A: "1", B: "1"}


@pytest.mark.django_db
def test_what_we_dispute_stays_disputed_when_its_owner_says_it_again():
    into = a_list()
    keep(into, "ncmec", [version(1, A)])
    ListedHash.objects.update(state="disputed")
    keep(into, "ncmec", [version(2, A, given="A2")])
    assert ListedHash.objects.get().state == "disputed"
    keep(into, "ncmec", [version(3, gone=True)])
    assert ListedHash.objects.get().state == "withdrawn"


@pytest.mark.parametrize("said_late", [False, True])
@pytest.mark.django_db
def test_what_we_dispute_stays_disputed_when_its_owner_takes_it_back_and_gives_it_again(said_late):
    into = a_list()
    keep(into, "ncmec", [version(1, A)])
    if not said_late:
        give_feedback(ListedHash.objects.get(), "dispute", "tests")
    keep(into, "ncmec", [version(2, gone=True)])
    if said_late:
        give_feedback(ListedHash.objects.get(), "dispute", "tests")
    assert ListedHash.objects.get().state == "withdrawn"
    keep(into, "ncmec", [version(3, A)])
    assert ListedHash.objects.get().state == "disputed"
    give_feedback(ListedHash.objects.get(), "agree", "tests")
    keep(into, "ncmec", [version(4, gone=True), version(5, A)])
    assert ListedHash.objects.get().state == "active"


@pytest.mark.django_db
def test_a_dispute_is_of_all_values_that_its_owner_gives_of_the_entry():
    into = a_list()
    pair = [Entry((("md5", A), ("pdq", value("pdq", 1))), "17", given="1")]
    keep(into, "vics", pair)
    keep(into, "vics", [Entry((("md5", B),), "17", given="1")])  # another file's, another picture
    keep(into, "vics", [Entry((("md5", C),), given="1")])
    give_feedback(ListedHash.objects.get(value=A), "dispute", "tests")
    disputed = ListedHash.objects.filter(state="disputed")
    assert set(disputed.values_list("value", flat=True)) == {A, value("pdq", 1)}
    keep(into, "vics", pair)
    assert disputed.count() == 2, "said again"
    give_feedback(ListedHash.objects.get(kind="pdq"), "agree", "tests")
    assert not disputed.exists()


@pytest.mark.django_db
def test_what_its_owner_has_corrected_is_not_what_we_dispute():
    into = a_list()
    keep(into, "ncmec", [version(1, A), version(2, B)])
    give_feedback(ListedHash.objects.get(value=A), "dispute", "tests")
    states = dict(ListedHash.objects.values_list("value", "state"))
    assert states == {A: "withdrawn", B: "active"}


class Index(dict):
    """The smallest index: it follows the changes."""

    at = 0

    def follow(self) -> int:
        self.at, changes = pdq_changes(self.at)
        n = 0
        for change in changes:
            n += 1
            self.pop(change.entry, None)
            if change.stands:
                self[change.entry] = change.pdq
        return n


ACTS = st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans()), min_size=1, max_size=12)


class FollowingTest(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(ACTS)
    def test_an_index_that_follows_the_changes_has_what_stands(self, acts):
        into, index = HashList.objects.get_or_create(name="a list")[0], Index()
        for number, withdrawn, look in acts:
            keep(into, "ours", [Entry((("pdq", value("pdq", number)),), withdrawn=withdrawn)])
            if look:
                index.follow()
        index.follow()
        rows = ListedHash.objects.filter(state="active").values_list("pk", "value")
        assert index == dict(rows)
        assert index.follow() == 0, "nothing new, nothing told"
        fresh = Index()
        fresh.follow()
        assert fresh == index


@pytest.mark.django_db
def test_an_index_hears_of_a_list_that_is_switched_off(lead, manager):
    into, index = a_list(), Index()
    keep(into, "ours", [Entry((("pdq", value("pdq", 1)),))])
    index.follow()
    asked = four_eyes.ask_change(into, lead, "r", may_confirm=False, threshold=9, active=False)
    answer(asked, four_eyes.CHANGE, manager, approve=True)
    assert index.follow() == 1
    assert index == {}
