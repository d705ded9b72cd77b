"""Two independent assessments: the second is blind, and bound to the same content."""

import re
from functools import partial

import pytest
from django.db.models import Q

from config.organisation import Organisation
from conftest import person
from tests.databases import in_threads
from tests.factories import a_look, an_analyst, an_item
from vigie.cases.deciding.by_policy import confirm_known
from vigie.cases.deciding.opinions import NotTheirTurn
from vigie.cases.deciding.reopening import reopen, take_back
from vigie.cases.deciding.second import CLASSIFICATIONS, SecondPolicy
from vigie.cases.deciding.services import Decision, NotSeen, ReasonNeeded, assess
from vigie.cases.deciding.together import fellows
from vigie.cases.desk.listing import Cursor, Filter, page_of
from vigie.cases.desk.site import case_of, timeline
from vigie.cases.models import AssessedPicture, Assessment, Claim, Classification, Opinion, View
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.selectors import readable, trail_of, visible_to
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.models import JudgedHash
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
C = Classification
PLACE = "http://192.0.2.10/one.jpg"


def asks(settings, **second: object) -> None:
    settings.ORGANISATION = Organisation({**settings.ORGANISATION.data, "second": second})


@pytest.fixture(autouse=True)
def national_and_harmless_twice(settings) -> None:
    asks(settings, decisions=["national", "not_illegal"])


@pytest.fixture
def item(db) -> Item:
    found = an_item("http://galerie.nord.test/a/two")
    a_look(found, [PLACE, PLACE + "?2"])
    found.refresh_from_db()
    return found


@pytest.fixture
def second(db) -> User:
    return an_analyst()


def sees(item: Item, by: User, sha256: str = "") -> None:
    for m in item.looks.latest("pk").media.all():
        seen = {"md5": m.md5, "sha1": m.sha1, "sha256": sha256 or m.sha256}
        View.objects.create(item=item, media=m, by=by, at=clock.now(), outcome="ok", **seen)


def says(item: Item, by: User, kind: C = C.NATIONAL, about: int = 1, **more: object):
    """They saw all pictures, and decide about the first so many."""
    sees(item, by)
    look = item.looks.latest("pk")
    ids = list(look.media.order_by("position").values_list("pk", flat=True))[:about]
    item.refresh_from_db()
    return assess(item, by, Decision(kind, look.pk, picture_ids=frozenset(ids), **more))


def state(item: Item) -> str:
    item.refresh_from_db()
    return item.state


def test_the_first_decides_nothing_and_when_both_agree_it_stands_and_both_are_kept(
    item, analyst, second
):
    first = says(item, analyst, reason="by its caption", answers={"age": ("infant",)})
    assert isinstance(first, Opinion)
    assert state(item) == State.TO_ASSESS and not item.young
    assert not JudgedHash.objects.exists() and not Assessment.objects.exists()
    made = says(item, second, answers={"age": ("pubescent",)})
    assert isinstance(made, Assessment)
    assert state(item) == State.CONFIRMED
    assert item.young, "one of both says so"
    assert [(o.by, o.place) for o in made.opinions.all()] == [(analyst, 1), (second, 2)]
    assert JudgedHash.objects.get().classification == "national"
    detail = Entry.objects.get(verb=Verb.ITEM_ASSESSED).detail
    assert '"opinion_1":"national","opinion_2":"national"' in detail


def test_what_only_one_of_both_judged_is_not_remembered(item, analyst, second):
    says(item, analyst, about=2)
    says(item, second, about=1)
    assert state(item) == State.CONFIRMED
    assert AssessedPicture.objects.count() == JudgedHash.objects.count() == 1


def test_two_that_are_about_different_pictures_do_not_agree(item, analyst, second):
    says(item, analyst, about=0, reason="by its words")
    says(item, second, about=1)
    assert state(item) == State.TO_ASSESS and not JudgedHash.objects.exists()


def test_the_policy_may_want_more_answered_alike(item, analyst, second, settings):
    asks(settings, decisions=["national", "not_illegal"], agree_on=["age"])
    says(item, analyst, answers={"age": ("infant",)})
    assert isinstance(says(item, second, answers={"age": ("pubescent",)}), Opinion)


def test_the_first_is_never_the_second(item, analyst, desk_client):
    says(item, analyst)
    with pytest.raises(NotTheirTurn):
        says(item, analyst)
    client = desk_client(analyst)
    assert 'id="assess"' not in client.get(f"/queue/items/{item.pk}/").content.decode()
    form = {"classification": "national", "look": item.looks.get().pk}
    assert client.post(f"/queue/items/{item.pk}/assess/", form).status_code == 409
    assert Opinion.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEAD])
def test_nothing_tells_the_second_what_the_first_said(item, analyst, desk_client, role):
    """The pages after a first assessment are the same, whatever it said."""
    pages, client = [], desk_client(person(role) if role == Role.LEAD else an_analyst())
    for kind in (C.NATIONAL, C.NOT_ILLEGAL):
        says(item, analyst, kind, reason="SECRET", answers={"age": ("infant",)})
        pages.append(
            [_bare(client, f"/queue/items/{item.pk}/"), _bare(client, "/queue/?second=yes")]
        )
        user = User.objects.get(pk=client.session["_auth_user_id"])
        trail = readable(trail_of(item.subject, user))
        assert not any("national" in str(line.detail) for line in trail)
        assert Entry.objects.filter(detail__contains="not_illegal").count() == 0
        Opinion.objects.all().delete()
        Claim.objects.all().delete()
    assert pages[0] == pages[1]
    assert "SECRET" not in "".join(pages[0])
    assert item.reference in pages[0][1]


def _bare(client, path: str) -> str:
    """The page without what is another at each load, or in the next minute: tokens, the trail with
    its times, and which drawing the quiet screen would show."""
    text = client.get(path).content.decode().split('<ol class="trail">')[0]
    return re.sub(r'value="[A-Za-z0-9]{64}"|img/calm/\w+', "", text)


def test_it_waits_under_its_own_filter_for_everybody_but_the_first(item, analyst, second, lead):
    def listed(user: User, **asked: str) -> list[Item]:
        return page_of(user, Filter.read(asked), Cursor())[0]

    assert listed(second, second="yes") == []
    says(item, analyst)
    assert listed(analyst, second="yes") == []
    assert listed(second, second="yes") == listed(second) == [item]
    says(item, second, C.NOT_ILLEGAL)
    assert listed(lead, second="yes") == []
    assert listed(lead, differ="yes") == [item]


def test_where_two_differ_a_lead_decides_who_sees_both(item, analyst, second, lead, desk_client):
    says(item, analyst, reason="FIRST REASON")
    says(item, second, C.NOT_ILLEGAL, reason="SECOND REASON")
    assert state(item) == State.TO_ASSESS
    path = f"/queue/items/{item.pk}/"
    page = desk_client(second).get(path).content.decode()
    assert "FIRST REASON" not in page and 'id="assess"' not in page
    client = desk_client(lead)
    page = client.get(path).content.decode()
    assert "FIRST REASON" in page and "SECOND REASON" in page and 'id="assess"' in page
    Claim.objects.all().delete()
    another = person(Role.MANAGER)
    with pytest.raises(NotTheirTurn):
        says(item, another, C.NATIONAL)
    with pytest.raises(ReasonNeeded):
        says(item, lead)
    form = {"classification": "national", "look": item.looks.get().pk}
    assert client.post(f"{path}assess/", form).status_code == 422
    made = says(item, lead, reason="the first is right")
    assert state(item) == State.CONFIRMED
    assert made.opinions.count() == 2
    assert "SECOND REASON" in client.get(path).content.decode()


def test_a_lead_who_gave_one_of_both_settles_only_where_there_is_no_other(item, analyst, lead):
    says(item, lead)
    says(item, analyst, C.NOT_ILLEGAL)
    other = User.objects.create(username="another lead", role=Role.LEAD)
    with pytest.raises(NotTheirTurn):
        says(item, lead)
    User.objects.filter(pk=other.pk).update(is_active=False)
    assert isinstance(says(item, lead, reason="the first is right"), Assessment)


def test_changed_content_begins_anew_and_says_so(item, analyst, second, desk_client):
    says(item, analyst)
    a_look(item, [PLACE + "?3"])
    page = desk_client(second).get(f"/queue/items/{item.pk}/").content.decode()
    assert 'class="panel standing warned"' in page
    made = says(item, second)
    assert isinstance(made, Opinion) and made.place == 1
    assert Opinion.objects.get(by=analyst).set_aside_at
    assert Entry.objects.filter(verb=Verb.OPINIONS_SET_ASIDE).count() == 1
    assert isinstance(says(item, analyst), Assessment), "the first one may assess what is new"


def test_other_bytes_shown_at_the_same_place_begin_anew(item, analyst, second):
    says(item, analyst)
    sees(item, second, sha256="f" * 64)
    look = item.looks.get()
    made = assess(item, second, Decision(C.NATIONAL, look.pk, picture_ids={look.media.first().pk}))
    assert isinstance(made, Opinion) and made.place == 1
    assert not JudgedHash.objects.exists()


def test_the_second_has_to_see_for_themselves(item, analyst, second):
    says(item, analyst)
    look = item.looks.get()
    with pytest.raises(NotSeen):
        assess(item, second, Decision(C.NATIONAL, look.pk, picture_ids={look.media.first().pk}))


def test_what_rests_on_known_pictures_alone_is_not_asked_twice(item, analyst, second):
    says(item, analyst)
    says(item, second)
    other = an_item("http://galerie.nord.test/a/again")
    look = a_look(other, [PLACE])
    known = Decision(C.NATIONAL, look.pk, picture_ids={look.media.get().pk})
    other.refresh_from_db()
    assert isinstance(assess(other, analyst, known), Assessment)


def test_neither_a_list_nor_a_like_decision_passes_by_the_second(item, analyst, second, settings):
    says(item, analyst)
    assert confirm_known() == 0
    asks(settings)
    other = an_item("http://galerie.nord.test/a/again")
    a_look(other, [PLACE])
    source = says(other, second)
    assert item not in [one.item for one in fellows(source, second)]


def test_a_share_is_drawn_by_the_items_own_number(item, analyst, settings):
    policy = SecondPolicy.read({"share": 20})
    drawn = [n for n in range(20_000) if policy.drawn(n, 1)]
    assert 850 < len(drawn) < 1150 and drawn == [n for n in range(20_000) if policy.drawn(n, 1)]
    asks(settings, share=1)
    assert says(item, analyst, C.CANNOT_ASSESS).why == "share"


@pytest.mark.parametrize(
    "wrong",
    [{"decisions": ["maybe"]}, {"share": -1}, {"share": True}, {"share": "9"}, {"often": 1}]
    + [{"decisions": ["national"]}, {"agree_on": "age"}],
)
def test_a_policy_that_means_nothing_or_tells_what_the_first_said_is_refused(wrong):
    with pytest.raises(ValueError):
        SecondPolicy.read(wrong)


def test_the_policy_knows_the_classifications():
    assert {c.value for c in Classification} == CLASSIFICATIONS


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_two_at_once_one_is_the_first_and_one_the_second(item, analyst, second):
    look = item.looks.get().pk
    decision = Decision(C.NATIONAL, look, reason="by its words")
    jobs = [
        partial(assess, Item.objects.get(pk=item.pk), user, decision)
        for user in (analyst, second, analyst)
    ]
    ends = in_threads(jobs)
    assert {type(end).__name__ for end in ends} <= {
        "Opinion",
        "Assessment",
        "NotTheirTurn",
        "Stale",
    }
    assert sum(isinstance(end, Opinion) for end in ends) == 1
    assert sum(isinstance(end, Assessment) for end in ends) == 1
    assert Opinion.objects.count() == 2
    assert state(item) == State.CONFIRMED


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEAD])
def test_whoever_may_be_second_sees_not_what_the_first_looked_at(
    role, item, second, manager, settings, desk_client
):
    """On the item and in the journal; afterwards, and for others, all is as it was."""
    other, media = person(role), item.looks.get().media.first()
    seen = {"media": media.pk, "view": 7001}
    append(Verb.MEDIA_VIEWED, item.subject, second.actor, **seen)
    append(Verb.VIEW_ENDED, item.subject, second.actor, view=7001, seconds=3)
    append(Verb.MEDIA_VIEWED, item.subject, other.actor, media=media.pk, view=7002)

    def looks(user: User) -> tuple[int, int]:
        told = Q(verb__in=[Verb.MEDIA_VIEWED, Verb.VIEW_ENDED], subject=item.subject)
        trail, journal = trail_of(item.subject, user), visible_to(user)
        return tuple(found.filter(told, actor=second.actor).count() for found in (trail, journal))

    before = looks(other)
    says(item, second)
    assert (looks(other), looks(second), looks(manager)) == ((0, 0), (2, 2), (2, 2))
    assert trail_of(item.subject, other).filter(verb=Verb.MEDIA_VIEWED).get().actor == other.actor
    client = desk_client(other)
    assert "still asked for" not in _read_by_english(client, other, item).replace(
        'still asked for <span class="why">' + other.name, ""
    )
    readers = {**settings.ORGANISATION.data["welfare"], "readers": ["lead"]}
    settings.ORGANISATION = Organisation({**settings.ORGANISATION.data, "welfare": readers})
    assert looks(other) == (0, 0), "also where the policy names leads"
    says(item, other)
    assert state(item) == State.CONFIRMED
    settings.ORGANISATION = Organisation(
        {**settings.ORGANISATION.data, "welfare": {**readers, "readers": ["manager"]}}
    )
    assert looks(other) == before


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEAD])
def test_after_a_reopening_the_second_hears_nothing_of_earlier_rounds(
    role, item, analyst, second, lead, desk_client
):
    other = lead if role == Role.LEAD else third()
    says(item, analyst, C.NOT_ILLEGAL, reason="EARLIER")
    says(item, second, C.NOT_ILLEGAL)
    item.refresh_from_db()
    reopen(item, lead)
    a_look(item, [PLACE, PLACE + "?2"])
    item.refresh_from_db()
    client = desk_client(other)
    assert "EARLIER" in _read_by_english(client, other, item), "whoever is first may read it"
    decision = f"/queue/decisions/{item.assessments.get().pk}/"
    assert client.get(decision).status_code == 200
    Claim.objects.all().delete()
    says(item, analyst, C.NATIONAL)
    assert client.get(decision)["Location"] == f"/queue/items/{item.pk}/"
    text = _read_by_english(client, other, item)
    assert "EARLIER" not in text and "not_illegal" not in str(
        [line.detail for line in readable(trail_of(item.subject, other))]
    )
    assert not visible_to(other).filter(verb=Verb.ITEM_ASSESSED).exclude(actor=other.actor)
    lines, _more = timeline(case_of(item, other), other, None)
    assert not any("not_illegal" in str(line.read.detail) for line in lines)
    says(item, other, C.NATIONAL)
    assert "EARLIER" in _read_by_english(client, other, item)


def test_the_second_is_not_told_why_an_earlier_decision_was_taken_back(
    item, analyst, second, lead, desk_client
):
    says(item, analyst, C.NATIONAL)
    says(item, second, C.NATIONAL)
    take_back(item.assessments.select_related("item").get(), lead, "WHY")
    item.refresh_from_db()
    client = desk_client(second)
    assert "WHY" in _read_by_english(client, second, item)
    Claim.objects.all().delete()
    says(item, analyst, C.NATIONAL)
    Claim.objects.all().delete()
    text = _read_by_english(client, second, item)
    text += client.get(f"/queue/items/{item.pk}/site/").content.decode()
    assert "WHY" not in text


def third() -> User:
    return User.objects.create(username="third", role=Role.ANALYST, password="!")


def _read_by_english(client, user: User, item: Item) -> str:
    User.objects.filter(pk=user.pk).update(language="en")
    return client.get(f"/queue/items/{item.pk}/").content.decode()
