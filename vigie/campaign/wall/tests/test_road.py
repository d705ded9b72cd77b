"""From the supporter's consent to the wall, and off it again."""

import uuid
from pathlib import Path

import pytest
from django.db import connections

from tests.databases import in_threads
from vigie.campaign.models import Campaign
from vigie.campaign.selectors import current
from vigie.campaign.services import Change, save_campaign
from vigie.campaign.tests.support import examined, new_card, offered, pictures
from vigie.campaign.wall.models import Card, CardPicture, Submission, WallCount, Withdrawal
from vigie.campaign.wall.offering import offer, withdraw
from vigie.campaign.wall.services import NotOpen, Stale, approve, purge_withdrawn, recount, refuse
from vigie.journal.models import Entry
from vigie.lib.leftovers import empty_logs
from vigie.lib.work import work_off

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def ours(lead):
    """Somebody has said that the addresses are the organisation's own."""
    save_campaign(current().slug, Change(current().says, 0, addresses_are_ours=True), lead)


def purge() -> int:
    return work_off(Withdrawal.objects.all(), purge_withdrawn, lease_seconds=20, retry_seconds=1)


def what_is_left() -> list[int]:
    return [m.objects.count() for m in (Submission, Card, CardPicture, Withdrawal)]


def test_a_card_hangs_only_after_the_worker_compared_it_and_a_person_approved_it(lead):
    row, _token = offered()
    assert row.state == "arrived"
    with pytest.raises(Stale):
        approve(row.pk, lead)
    row, _token = examined()
    card = approve(row.pk, lead)
    assert {p.kind: bytes(p.data) for p in card.pictures.all()} == pictures()
    assert not Submission.objects.filter(pk=row.pk).exists()
    assert Entry.objects.filter(verb="card.approved", subject=card.subject, actor=lead.actor)


def test_the_same_page_sent_twice_is_one_card_with_one_way_back():
    once = uuid.uuid4()
    first, second = offered(once=once), offered(once=once)
    assert Submission.objects.count() == 1
    assert first[1] == second[1]


def test_the_same_page_with_another_photo_is_another_card_with_its_own_way_back(lead):
    once = uuid.uuid4()
    (first, way), (second, other) = examined(1, once=once), examined(2, once=once)
    assert Submission.objects.count() == 2 and way != other
    approve(first.pk, lead)
    approve(second.pk, lead)
    withdraw(way)
    assert Card.objects.get().withdraw_hash == second.withdraw_hash


def test_a_page_sent_again_when_its_card_hangs_makes_no_second_one(lead):
    once = uuid.uuid4()
    row, token = examined(1, once=once)
    approve(row.pk, lead)
    assert offer(new_card(1, once=once)) == token
    assert not Submission.objects.exists()


def test_nothing_that_is_kept_is_the_number_that_the_browser_sent(lead):
    once = uuid.uuid4()
    row, _token = examined(1, once=once)
    assert once not in (row.pk, row.page)


def test_a_name_may_be_left_off_the_wall(lead):
    row, _token = examined(name="Something rude")
    assert approve(row.pk, lead, with_name=False).name == ""


def test_what_is_refused_is_gone_and_counted_nowhere(lead):
    row, _token = examined()
    refuse(row.pk, lead)
    recount()
    assert what_is_left() == [0, 0, 0, 0]
    assert not WallCount.objects.filter(cards__gt=0).exists()
    with pytest.raises(Stale):
        approve(row.pk, lead)


def test_a_card_that_hangs_is_gone_the_moment_it_is_taken_back(lead):
    row, token = examined()
    approve(row.pk, lead)
    recount()
    withdraw(token)
    assert what_is_left() == [0, 0, 0, 1]
    assert purge() == 1
    assert what_is_left() == [0, 0, 0, 0]
    assert WallCount.objects.get().cards == 0
    assert Entry.objects.filter(verb="card.withdrawn").count() == 1


@pytest.mark.parametrize("make", [offered, examined])
def test_a_card_that_nobody_has_approved_yet_can_be_taken_back_too(make, lead):
    row, token = make()
    withdraw(token)
    purge()
    assert what_is_left() == [0, 0, 0, 0]
    with pytest.raises(Stale):
        approve(row.pk, lead)


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_what_was_taken_back_is_not_in_the_files_of_the_database_either(lead):
    if connections["front"].vendor != "sqlite":
        pytest.skip("PostgreSQL's files are its own: see docs/threats.md")
    file = Path(str(connections["front"].settings_dict["NAME"]))
    row, token = examined()
    approve(row.pk, lead)
    part = pictures()["card"][40_000:40_100]
    withdraw(token)
    purge()
    empty_logs()
    assert not any(part in one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


def test_a_card_taken_back_is_not_hung_from_a_page_that_was_open(lead):
    row, token = examined()
    withdraw(token)
    with pytest.raises(Stale):
        approve(row.pk, lead)
    assert not Card.objects.exists()


def test_links_that_nobody_was_given_leave_no_line_and_no_count(lead):
    row, _token = examined()
    approve(row.pk, lead)
    recount()
    WallCount.objects.update(cards=7)  # as it stays if nobody counts
    for number in range(6):
        withdraw(f"{number:040x}")
    assert purge() == 6
    assert not Entry.objects.filter(verb="card.withdrawn").exists()
    assert (WallCount.objects.get().cards, Withdrawal.objects.count()) == (7, 0)


def test_another_token_takes_nothing_off(lead):
    row, _token = examined()
    approve(row.pk, lead)
    withdraw("0" * 40)
    purge()
    assert Card.objects.count() == 1


def test_nothing_is_hung_before_the_addresses_are_said_to_be_ours(lead):
    Campaign.objects.update(addresses_by="")
    row, _token = examined()
    with pytest.raises(NotOpen):
        approve(row.pk, lead)
    assert Submission.objects.filter(pk=row.pk, state="waiting").exists()


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_many_who_press_at_once_one_hangs_the_card(lead):
    row, _token = examined()
    ends = in_threads([lambda: approve(row.pk, lead)] * 6)
    assert sum(isinstance(end, Card) for end in ends) == 1
    assert sum(isinstance(end, Stale) for end in ends) == 5
    assert (Card.objects.count(), CardPicture.objects.count()) == (1, 3)
    assert Entry.objects.filter(verb="card.approved").count() == 1


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_card_approved_and_taken_back_at_the_same_moment_does_not_stay(lead):
    for number in range(5):
        row, token = examined(number)
        in_threads([lambda r=row: approve(r.pk, lead), lambda t=token: withdraw(t)])
        purge()
        assert what_is_left() == [0, 0, 0, 0]
