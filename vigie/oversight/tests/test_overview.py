"""The manager's page: what waits, what is late, what failed to leave, what looks were spared."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from conftest import person
from tests.factories import a_confirmed_item, a_look, an_analyst, an_item, decided
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.models import AssessedPicture, Assessment, Opinion, View
from vigie.dispatch.models import Referral
from vigie.dispatch.services import plan_referrals
from vigie.items.models import Item
from vigie.lib import clock
from vigie.oversight import counting
from vigie.oversight.counting import Bounded, ages, bounded, failed_to_leave, late, spared
from vigie.people.letters import write_letter
from vigie.people.models import StaffLetter
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")


def aged(where: str, days: float, *, looked: bool = True) -> Item:
    item = an_item(where)
    if looked:
        a_look(item)
    Item.objects.filter(pk=item.pk).update(created_at=clock.now() - timedelta(days=days))
    return item


def counts(lines) -> dict[str, int]:
    return {str(line.words): line.count.n for line in lines if line.count.n}


def test_what_waits_is_counted_by_age_and_by_whom_it_waits_for():
    for number, days in enumerate([0.5, 2, 2.5, 5, 30]):
        aged(f"http://galerie.nord.test/a/{number}", days)
    aged("http://galerie.nord.test/a/new", 8, looked=False)
    assert [age.decision.n for age in ages()] == [1, 2, 1, 1]
    assert [age.look.n for age in ages()] == [0, 0, 0, 1]
    longest = counting.oldest()
    assert longest
    assert clock.now() - longest > timedelta(days=29)


def test_no_more_than_a_bound_is_counted(monkeypatch):
    monkeypatch.setattr(counting, "BOUND", 2)
    for number in range(3):
        an_item(f"http://galerie.nord.test/a/{number}")
    assert bounded(Item.objects.all()) == Bounded(2, more=True)
    assert bounded(Item.objects.filter(pk__lt=0)) == Bounded(0)


def test_what_is_late_is_said_and_what_is_in_time_is_not(policy):
    assert counts(late()) == {}
    confirmed = a_confirmed_item("http://galerie.nord.test/a/1", "BE")
    aged("http://galerie.nord.test/a/2", 4)
    before = clock.now() - timedelta(hours=2)
    Item.objects.filter(pk=confirmed.pk).update(changed_at=before)
    new = an_item("http://galerie.nord.test/a/3")
    Item.objects.filter(pk=new.pk).update(due_at=before)
    assert sorted(counts(late()).values()) == [1, 1, 1]


def test_where_a_child_may_be_in_danger_hours_count_in_whichever_state_it_waits():
    for number, (hours, looked) in enumerate([(1, True), (3, True), (3, False)]):
        item = aged(f"http://galerie.nord.test/a/{number}", hours / 24, looked=looked)
        Item.objects.filter(pk=item.pk).update(danger=True, due_at=None)
    with override("en"):  # the words are made at once: a language of the test before stays
        (line,) = [one for one in late() if one.count.n]
        assert (line, line.count.n) == (late()[0], 2)
        assert "danger" in str(line.words) and "2\u00a0h" in str(line.words)


def test_what_waits_for_a_second_person_and_what_for_a_lead_is_late_each_by_itself():
    """Whether the two would be given in this order is for other tests: here they only wait."""
    item = an_item("http://galerie.nord.test/a/1")
    a_look(item)
    said = {"item": item, "why": "rule", "classification": "baseline"}
    with override("en"):
        for days, expected in [(0.5, []), (2, ["second assessments, not given for a day"])]:
            at = clock.now() - timedelta(days=days)
            Opinion.objects.all().delete()
            Opinion.objects.create(**said, by=an_analyst(), at=at, place=1)
            assert [str(words) for words in counts(late())] == expected
        Opinion.objects.create(**said, by=person(Role.LEAD), at=clock.now(), place=2)
        assert counts(late()) == {}
        Opinion.objects.update(at=clock.now() - timedelta(days=2))
        (words,) = counts(late())
        assert "differ, not settled" in str(words)


def test_a_referral_that_nobody_acknowledges_is_late_after_three_days(policy):
    a_confirmed_item("http://galerie.nord.test/a/1", "BE")
    plan_referrals()
    for days, expected in [(2, 0), (4, 1)]:
        sent = clock.now() - timedelta(days=days)
        Referral.objects.update(step="sent", sent_at=sent, due_at=None)
        assert len(counts(late())) == expected


def test_what_was_tried_and_is_still_here_failed_to_leave(policy):
    a_confirmed_item("http://galerie.nord.test/a/1", "BE")
    plan_referrals()
    write_letter("minou@aurore.test", "s", "t")
    assert counts(failed_to_leave()) == {}, "they were not tried yet"
    Referral.objects.update(last_error="ConnectionRefusedError", attempts=1)
    StaffLetter.objects.update(attempts=3)
    assert sorted(counts(failed_to_leave()).values()) == [1, 1]


def test_the_share_is_of_confirmed_items_with_pictures_and_a_look_by_anybody_counts():
    assert spared().of.percent is None
    items = [
        a_confirmed_item(f"http://galerie.nord.test/a/{n}", pictures=[f"http://h.test/{n}"])
        for n in range(4)
    ]
    a_confirmed_item("http://galerie.nord.test/a/words")
    freed = an_item("http://galerie.nord.test/a/freed")
    decided(freed, a_look(freed, ["http://h.test/freed"]), "not_illegal")
    assert spared().of.unlooked == 0
    blind(*items[:3])
    media = items[0].looks.get().media.get()
    seen = {"item": items[0], "media": media, "by": an_analyst(), "outcome": "ok"}
    View.objects.create(at=clock.now() - timedelta(hours=1), **seen)
    View.objects.create(at=clock.now() + timedelta(hours=1), **{**seen, "item": items[1]})
    View.objects.create(at=clock.now() - timedelta(hours=1), **{**seen, "item": items[2],
                                                                "outcome": "http_404"})  # fmt: skip
    found = spared()
    assert (found.decisions, found.of.confirmed, found.of.textual) == (6, 5, 1)
    assert (found.of.pictured, found.of.unlooked, found.of.percent) == (4, 2, 50)
    Assessment.objects.filter(item=items[2]).update(taken_back_at=clock.now())
    found = spared()
    assert (found.of.pictured, found.of.unlooked) == (3, 1), "what was taken back spared nothing"


def blind(*items: Item) -> None:
    """They were decided about their pictures, and nobody had looked."""
    View.objects.filter(item__in=items).delete()
    AssessedPicture.objects.filter(assessment__item__in=items).update(seen=False)


def test_an_item_confirmed_on_words_alone_has_pictures_and_spared_no_look():
    """Who skips the looking does not raise the desk's first measure."""
    item = an_item("http://galerie.nord.test/a/on-words")
    look = a_look(item, ["http://h.test/1"])
    assess(item, an_analyst(), Decision("baseline", look.pk, reason="by its words"))
    assert (spared().of.pictured, spared().of.unlooked, spared().of.textual) == (1, 0, 0)


def test_what_closes_an_item_against_what_is_known_is_shown_while_it_stands(lead, desk_client):
    known = an_item("http://galerie.nord.test/a/known")
    decided(known, a_look(known, ["http://h.test/1"]), "baseline")
    item = an_item("http://galerie.nord.test/a/again")
    look = a_look(item, ["http://h.test/1"])
    item.refresh_from_db()
    media = look.media.get()
    View.objects.create(item=item, media=media, by=an_analyst(), at=clock.now(), outcome="ok")
    made = assess(item, an_analyst(), Decision("cannot_assess", look.pk, reason="blurred"))
    assert [one.item_id for one in counting.against()] == [item.pk]
    link = f'<a href="/queue/items/{item.pk}/">{item.reference}</a>'
    assert link in desk_client(lead).get("/overview/").content.decode()
    Assessment.objects.filter(pk=made.pk).update(taken_back_at=clock.now())
    assert not counting.against()


def test_the_page_is_for_who_leads_and_asks_the_same_however_much_there_is(
    manager, desk_client, django_assert_max_num_queries
):
    client = desk_client(manager)
    for number in range(4):
        aged(f"http://galerie.nord.test/a/{number}", number * 3)
    client.get("/overview/")
    with django_assert_max_num_queries(45):
        assert client.get("/overview/").status_code == 200
    assert client.get("/")["Location"] == "/overview/"
