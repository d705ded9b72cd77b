"""Two judge the same bytes, and contradict each other: until a lead settles it, it is no ground."""

import pytest

from tests.factories import an_analyst
from vigie.cases.claims import let_go
from vigie.cases.deciding.by_policy import confirm_known
from vigie.cases.deciding.reopening import reopen, take_back
from vigie.cases.deciding.services import Decision, NotSeen, ReasonNeeded, assess
from vigie.cases.deciding.together import fellows
from vigie.cases.desk.selectors import named_at_first, pictures_of, proposed, rows
from vigie.cases.looks.looking import takes_a_reason
from vigie.cases.models import Assessment
from vigie.cases.tests.test_named import THREE, known, of, sees
from vigie.dispatch.tests.support import reading_english
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.matching.following import followed
from vigie.matching.judged import own_values
from vigie.matching.known import Known, known_as
from vigie.matching.lists import ours
from vigie.matching.models import HashList, JudgedHash, ListedHash
from vigie.matching.providers.tests.conftest import listed
from vigie.staff.models import User

pytestmark = pytest.mark.django_db(databases="__all__")
ONE = THREE[:1]


def judges(by: User, kind: str, where: str, reason: str = "as it is to be seen") -> Item:
    """They saw the picture on an item of its own, and decide about it."""
    item = of(where, ONE)
    sees(item, by, 1)
    about = frozenset(item.looks.get().media.values_list("pk", flat=True))
    assess(item, by, Decision(kind, item.looks.get().pk, reason, picture_ids=about))
    item.refresh_from_db()
    return item


@pytest.fixture
def differ(analyst) -> Item:
    """One said baseline; this is the item of who said, later, that it is harmless."""
    known(ONE, "baseline")
    return judges(analyst, "not_illegal", "http://differ.test/")


def shown(item: Item):
    (picture,) = pictures_of(item, item.looks.get(), 0)
    return picture


def stands(where: str = "http://later.test/") -> str:
    """What the desk proposes for a copy that comes now; "differ" where people do."""
    picture = shown(of(where, ONE))
    ground = picture.known
    return "differ" if picture.verdict.differ else ground.classification if ground else ""


@pytest.mark.parametrize("first", ["baseline", "national"])
@pytest.mark.parametrize("other", ["not_illegal", "other_illegal", "cannot_assess"])
def test_whoever_was_first_what_two_contradict_is_no_ground(analyst, first, other):
    for n, (one, two) in enumerate([(first, other), (other, first)]):
        JudgedHash.objects.all().delete()
        known_by = judges(an_analyst(), one, f"http://one.test/{n}")
        judges(analyst, two, f"http://two.test/{n}")
        item = of(f"http://later.test/{n}", ONE)
        picture = shown(item)
        assert picture.known is None and picture.verdict.differ and picture.abuse, known_by
        assert not takes_a_reason(item, picture.media, analyst), "it was not decided, so: a look"
        assert not proposed([picture]) and not named_at_first([picture])
        about = frozenset([picture.media.pk])
        for kind in (one, two):
            decision = Decision(kind, item.looks.get().pk, "as before", picture_ids=about)
            with pytest.raises(NotSeen):
                assess(item, analyst, decision)


@pytest.mark.parametrize("pair", [("baseline", "national"), ("not_illegal", "other_illegal")])
def test_who_differ_in_the_kind_alone_do_not_contradict_each_other(analyst, pair):
    judges(an_analyst(), pair[0], "http://one.test/")
    judges(analyst, pair[1], "http://two.test/")
    assert stands() == pair[1]


def test_nobody_closes_it_unseen_nor_without_a_reason(differ, analyst):
    item = of("http://later.test/", ONE)
    closing = Decision("not_illegal", item.looks.get().pk, "as before")
    with pytest.raises(NotSeen):
        assess(item, analyst, closing)
    sees(item, analyst, 1)
    with pytest.raises(ReasonNeeded) as asked:
        assess(item, analyst, Decision("not_illegal", item.looks.get().pk))
    assert asked.value.kind == "on_words"
    about = frozenset([shown(item).media.pk])
    with pytest.raises(ReasonNeeded) as asked:
        assess(item, analyst, Decision("not_illegal", item.looks.get().pk, picture_ids=about))
    assert asked.value.kind == "against"


def test_what_others_are_told_is_neither_abuse_nor_harmless(differ, tmp_path):
    values = {"sha256": shown(differ).media.sha256}
    assert ours.count() == 0 and not list(ours.confirmed())
    assert known_as([values], {"baseline", "national"}) == [Known("judged differently", True)]
    assert {(said, disputed) for *_, said, disputed in own_values()} == {("baseline", True)}
    followed().catch_up()
    (match,) = followed().open().search(shown(differ).media.pdq, 9).matches
    assert (match.classification, match.state.name) == ("baseline", "DISPUTED")
    reopen(differ, User.objects.create(username="a lead", role="lead"))
    followed().catch_up()
    (match,) = followed().open().search(JudgedHash.objects.last().pdq, 9).matches
    assert (match.classification, match.state.name) == ("baseline", "ACTIVE")
    assert ours.count() == 1


def test_a_list_does_not_decide_it_either(differ):
    one = listed(HashList.objects.create(name="police"), "sha256", shown(differ).media.sha256)
    HashList.objects.update(may_confirm=True, unseen=True)
    item = of("http://later.test/", ONE)
    assert ListedHash.objects.get(pk=one.pk) and confirm_known() == 0
    assert shown(item).known is None and item.state == State.TO_ASSESS


def test_what_waits_and_belongs_to_it_is_shown_and_cannot_be_chosen(analyst):
    known(ONE, "baseline")
    waits = of("http://waits.test/", ONE)
    judged = judges(analyst, "not_illegal", "http://differ.test/")
    found = fellows(Assessment.objects.get(item=judged), analyst)
    assert [(one.item, one.ready) for one in found] == [(waits, False)]


def test_a_lead_who_names_it_settles_it_with_a_reason(differ, analyst, lead):
    item = of("http://later.test/", ONE)
    sees(item, lead, 1)
    about = frozenset([shown(item).media.pk])
    with pytest.raises(ReasonNeeded) as asked:
        assess(item, lead, Decision("national", item.looks.get().pk, picture_ids=about))
    assert asked.value.kind == "settle"
    made = Decision("national", item.looks.get().pk, "a child, no doubt", picture_ids=about)
    assess(item, lead, made)
    assert stands("http://after.test/") == "national"
    assert '"settled":1' in Entry.objects.filter(verb=Verb.ITEM_ASSESSED).latest("seq").detail
    assert [one.classification for one in ours.confirmed()] == ["national"]
    judges(analyst, "not_illegal", "http://again.test/")
    assert stands("http://after.test/again") == "differ", "whoever contradicts the lead, too"
    take_back(Assessment.objects.get(item=item), lead, "an error")
    assert stands("http://taken.test/") == "differ"


def test_a_lead_who_does_not_say_what_is_to_be_seen_settles_nothing(differ, lead):
    judges(lead, "cannot_assess", "http://later.test/")
    assert stands("http://after.test/") == "differ"


def test_nor_does_a_lead_who_is_the_first_to_contradict(lead):
    known(ONE, "baseline")
    judges(lead, "not_illegal", "http://differ.test/")
    assert stands() == "differ"


def test_taking_one_back_settles_it(differ, lead):
    reopen(differ, lead)
    assert stands() == "baseline"


def test_the_desk_says_so(differ, analyst, lead, desk_client):
    item = of("http://later.test/", ONE)
    (row,) = rows([item])
    assert (row.known, row.judged, row.differ) == (0, "", True)
    path = f"/queue/items/{item.pk}/"
    client = reading_english(desk_client, analyst)
    page = client.get(path).content.decode()
    assert "judged differently: look" in page and "A lead can settle it." in page
    assert "international baseline" in page and "Proposed from" not in page
    assert "judged differently: look" in client.get("/queue/").content.decode()
    let_go(analyst, item)
    client = reading_english(desk_client, lead)
    page = client.get(path).content.decode()
    assert "Your decision about it, with a reason, settles it." in page
    sees(item, lead, 1)
    form = {"classification": "baseline", "look": item.looks.get().pk}
    sent = {**form, "pictures": shown(item).media.pk, "reason": "."}
    page = client.post(f"{path}assess/", sent).content.decode()
    assert "Say why, for the two who differ." in page and ".</textarea>" in page
