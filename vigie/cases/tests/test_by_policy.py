"""What confirms without a person, and all that speaks against it."""

from functools import partial

import pytest

from tests.databases import in_threads
from tests.factories import a_look, an_item, decided, sha256_of
from vigie.cases.deciding import by_policy
from vigie.cases.deciding.by_policy import confirm_known
from vigie.cases.deciding.reopening import reopen
from vigie.cases.deciding.services import Decision, NotSeen, assess
from vigie.cases.models import Assessment, Classification
from vigie.items.flow import Stale, State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.matching.lists.feedback import give_feedback
from vigie.matching.lists.tests.support import loaded
from vigie.matching.models import HashList, ListedHash
from vigie.tracing.models import Media
from vigie.worker.loop import LISTS, one_round

pytestmark = pytest.mark.django_db(databases="__all__")
PLACE, OTHER = "http://192.0.2.10/one.jpg", "http://192.0.2.10/two.jpg"
SHA = sha256_of(PLACE)
PAGE = "http://galerie.nord.test/a/listed"


@pytest.fixture
def item(db) -> Item:
    found = an_item(PAGE)
    a_look(found, [PLACE, OTHER])
    return found


@pytest.fixture
def put(tmp_path):
    """An entry on a list that may confirm."""

    def put(
        value: str = SHA, kind: str = "sha256", meaning: str = "baseline", name: str = "a list"
    ) -> ListedHash:
        loaded(tmp_path, "csv", f"{kind},id,classification\n{value},e,{meaning}\n", name=name)
        HashList.objects.filter(name=name).update(may_confirm=True)
        return ListedHash.objects.get(list__name=name, value=value)

    return put


def state(item: Item) -> str:
    item.refresh_from_db()
    return item.state


@pytest.mark.parametrize("meaning", ["baseline", "national"])
def test_equal_bytes_confirm_as_the_list_says(item, put, meaning):
    entry = put(meaning=meaning)
    assert confirm_known() == 1
    assert (state(item), item.classification) == (State.CONFIRMED, meaning)
    made = Assessment.objects.get()
    assert (made.by, made.classification) == (None, meaning)
    picture = made.pictures.get()
    assert (picture.sha256, picture.listed, picture.seen) == (SHA, entry, False)
    assert confirm_known() == 0


def test_what_is_spoken_against_keeps_no_other_waiting(item, put, monkeypatch):
    """It would stand first in the queue for ever."""
    monkeypatch.setattr(by_policy, "AT_ONCE", 1)
    put()
    put(name="another", meaning="harmless")
    later = an_item("http://galerie.nord.test/a/later")
    a_look(later, [PLACE + "?3"])
    put(value=sha256_of(PLACE + "?3"), name="a third")
    assert confirm_known() == 1
    assert (state(item), state(later)) == (State.TO_ASSESS, State.CONFIRMED)


def test_the_worker_does_it(item, put):
    put()
    (step,) = [step for name, step in LISTS if name == "confirm by policy"]
    step.last = None
    one_round(LISTS)
    assert state(item) == State.CONFIRMED


@pytest.mark.parametrize("kind", ["md5", "sha1"])
def test_each_kind_of_equal_bytes_confirms(item, put, kind):
    value = ("ab" * 20)[: {"md5": 32, "sha1": 40}[kind]]
    Media.objects.filter(sha256=SHA).update(**{kind: value})
    put(value, kind)
    assert confirm_known() == 1


@pytest.mark.parametrize("meaning", ["harmless", "other", ""])
def test_what_a_list_does_not_call_illegal_confirms_nothing(item, put, meaning):
    put(meaning=meaning)
    assert confirm_known() == 0


def test_looking_alike_never_confirms_not_even_the_same(item, put):
    put(SHA[::-1], "pdq")
    assert Media.objects.filter(pdq=SHA[::-1]).exists()
    assert confirm_known() == 0


@pytest.mark.parametrize("against", ["disputed", "withdrawn", "off", "not trusted", "not in use"])
def test_what_does_not_stand_never_confirms(item, put, against):
    entry = put()
    lists = HashList.objects.filter(pk=entry.list_id)
    match against:
        case "disputed":
            give_feedback(entry, "dispute", "tests")
        case "withdrawn":
            ListedHash.objects.update(state="withdrawn")
        case "not trusted":
            lists.update(may_confirm=False)
        case _:
            lists.update(active=False)
    assert confirm_known() == 0
    assert state(item) == State.TO_ASSESS


def test_what_we_dispute_on_one_list_another_does_not_confirm(item, put):
    put(name="another")
    entry = put()
    give_feedback(entry, "dispute", "tests")
    assert confirm_known() == 0
    give_feedback(entry, "agree", "tests")
    assert confirm_known() == 1


def test_what_we_dispute_does_not_confirm_under_another_number_either(item, put, tmp_path):
    entry = put()
    give_feedback(entry, "dispute", "tests")
    text = f"sha256,id,classification\n{SHA},another,baseline\n"
    loaded(tmp_path, "csv", text, name="a list", replace=True)
    states = ListedHash.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["withdrawn", "active"]
    assert confirm_known() == 0
    give_feedback(entry, "agree", "tests")
    assert confirm_known() == 1


def test_where_another_list_says_harmless_a_person_decides(item, put):
    put()
    put(meaning="harmless", name="another")
    assert confirm_known() == 0


def test_our_own_word_counts_more_than_a_list(item, put):
    elsewhere = an_item("http://galerie.nord.test/a/elsewhere")
    decided(elsewhere, a_look(elsewhere, [PLACE]), Classification.NOT_ILLEGAL)
    put()
    assert confirm_known() == 0


def test_nor_does_a_list_where_a_later_judgement_confirms_and_an_earlier_one_did_not(item, put):
    for n, kind in enumerate([Classification.NOT_ILLEGAL, Classification.BASELINE]):
        elsewhere = an_item(f"http://galerie.nord.test/a/elsewhere-{n}")
        decided(elsewhere, a_look(elsewhere, [PLACE]), kind)
    put()
    assert confirm_known() == 0


def test_what_people_decided_and_opened_again_is_for_people(item, put, lead):
    decided(item, item.looks.get(), Classification.CANNOT_ASSESS)
    item.refresh_from_db()
    reopen(item, lead)
    put()
    assert confirm_known() == 0
    assert state(item) == State.TO_ASSESS


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_several_workers_and_a_person_one_decides(item, put, analyst):
    put()
    look = item.looks.get().pk
    mine = Decision(Classification.NATIONAL, look, reason="by its words")
    jobs = [confirm_known] * 3 + [partial(assess, Item.objects.get(pk=item.pk), analyst, mine)]
    ends = in_threads(jobs)
    # Too late; or first, and refused: what a list calls abuse nobody closes unseen.
    failed = [end for end in ends if isinstance(end, Exception)]
    assert all(isinstance(end, Stale | NotSeen) for end in failed)
    assert Assessment.objects.count() == 1
    by_policy = Assessment.objects.get().by is None
    assert sum(end for end in ends[:3] if isinstance(end, int)) == int(by_policy)
    assert state(item) == State.CONFIRMED


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_dispute_and_a_confirmation_at_once_are_one_after_the_other(item, put):
    """Whatever was confirmed was confirmed before the dispute stood: the journal says so."""
    entry = put()
    ends = in_threads([confirm_known, partial(give_feedback, entry, "dispute", "tests")])
    assert not [end for end in ends if isinstance(end, Exception)]
    verbs = ["item.recognised", "feedback.given"]
    order = list(
        Entry.objects.filter(verb__in=verbs).order_by("seq").values_list("verb", flat=True)
    )
    assert order in (verbs, verbs[1:])
    assert (state(item) == State.CONFIRMED) == (order == verbs)
