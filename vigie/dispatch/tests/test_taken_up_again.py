"""What is taken up again is told anew; what was answered in an earlier round opens nothing now.

And whatever page somebody still has open, or whatever form they make: the gates are the services'.
"""

import pytest

from conftest import person
from tests.factories import a_confirmed_item, a_look, decided, hosted
from vigie.cases.deciding.reopening import reopen
from vigie.cases.deciding.services import conclude
from vigie.dispatch.contacts import approve_notice
from vigie.dispatch.models import Notice, Referral
from vigie.dispatch.services import (
    acknowledge,
    authorise,
    host_contacted,
    plan_notices,
    plan_referrals,
    refuse,
)
from vigie.dispatch.tests.support import (
    HOST,
    POLICE,
    known,
    one_round,
    reading_english,
    referral_of,
    send_due,
)
from vigie.dispatch.tests.test_rules import Row, loaded
from vigie.items.flow import IllegalMove, Move, Stale, State
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "http://galerie.nord.test/a/again"


def again(item, lead):
    """Concluded, opened again by a lead, and confirmed once more."""
    item.refresh_from_db()
    conclude(item, lead)
    reopen(item, lead)
    look = a_look(item)
    hosted(look, referral_of(item).country, abuse_contact=HOST)
    decided(item, look)
    item.refresh_from_db()
    assert (item.state, item.round) == (State.CONFIRMED, 2)


@pytest.fixture
def referred(policy, post):
    def made(country):
        item = a_confirmed_item(URL, country, abuse_contact=HOST)
        one_round()
        item.refresh_from_db()
        return item

    return made


def stands(item):
    """The item and its referrals as the database has them, and how much the journal says."""
    item.refresh_from_db()
    steps = list(item.referrals.order_by("pk").values_list("step", flat=True))
    return item.state, item.round, steps, Entry.objects.count()


def test_concluded_opened_again_and_confirmed_the_police_are_told_once_more(referred, lead, post):
    item = referred("BE")
    again(item, lead)
    one_round()
    item.refresh_from_db()
    assert item.state == State.REFERRED
    assert post.sent_to == [POLICE, POLICE]
    assert list(item.referrals.order_by("pk").values_list("round", "step")) == [
        (1, "sent"),
        (2, "sent"),
    ]


def test_an_old_rounds_authorisation_opens_no_gate_of_the_new_one(referred, lead, post):
    known(HOST)
    item = referred("FR")  # the police authorise, then we write to the host
    authorise(referral_of(item), "PV-1", "staff:1")
    first = referral_of(item)
    again(item, lead)
    one_round()
    item.refresh_from_db()
    assert (item.state, item.round, post.sent_to) == (State.REFERRED, 2, [POLICE, POLICE])
    assert not Notice.objects.exists()
    with pytest.raises(IllegalMove):
        authorise(first, "PV-1", "staff:1")
    authorise(referral_of(item), "PV-2", "staff:1")
    one_round()
    assert post.sent_to == [POLICE, POLICE, HOST]


def test_the_old_referral_neither_authorises_nor_refuses_nor_tells_of_the_host(referred, lead):
    item = referred("BE")
    old = referral_of(item)
    again(item, lead)
    one_round()
    before = stands(item)
    for act in (
        lambda: authorise(old, "PV-1", "staff:1"),
        lambda: refuse(old, "staff:1"),
        lambda: host_contacted(old, "staff:1"),
        lambda: host_contacted(Referral.objects.get(pk=old.pk), "staff:1"),
    ):
        with pytest.raises((IllegalMove, Stale)):
            act()
        assert stands(item) == before


def test_of_an_authorised_old_referral_the_host_is_not_contacted_now(referred, lead):
    item = referred("BE")
    old = referral_of(item)
    authorise(old, "PV-1", "staff:1")
    again(item, lead)
    one_round()
    before = stands(item)
    with pytest.raises(IllegalMove):
        host_contacted(old, "staff:1")
    assert stands(item) == before


def test_a_notice_of_an_old_round_does_not_leave_in_the_new_one(referred, lead, post):
    item = referred("NL")
    notice = Notice.objects.get(item=item)
    approve_notice(notice, "staff:7")
    again(item, lead)
    plan_referrals()
    send_due()
    assert post.sent_to == [POLICE, POLICE]
    notice.refresh_from_db()
    assert notice.step == Notice.Step.DROPPED
    plan_notices()
    send_due()
    assert post.sent_to == [POLICE, POLICE, HOST]
    assert Notice.objects.get(step="sent").round == 2


def test_a_notice_of_an_old_round_is_not_offered_to_the_lead(referred, lead, desk_client):
    item = referred("NL")
    notice = Notice.objects.get(item=item)
    again(item, lead)
    plan_referrals()
    send_due()
    with pytest.raises(Stale):
        approve_notice(notice, "staff:7")
    page = reading_english(desk_client, lead).get("/letters/").content.decode()
    assert f"/letters/notices/{notice.pk}/approve/" not in page


@pytest.mark.parametrize("country", ["NL", "LU", "RO"])
def test_where_nobody_authorises_nothing_is_authorised_or_refused(country, referred):
    item = referred(country)
    referral, before = referral_of(item), stands(item)
    for act in (lambda: authorise(referral, "PV-1", "staff:1"), lambda: refuse(referral, "s:1")):
        with pytest.raises(IllegalMove):
            act()
        assert stands(item) == before


@pytest.mark.parametrize("country", ["NL", "FR", "RO"])
def test_where_the_police_do_not_contact_the_host_that_cannot_be_written_down(country, referred):
    item = referred(country)
    if country == "FR":
        authorise(referral_of(item), "PV-1", "staff:1")
    before = stands(item)
    with pytest.raises(IllegalMove):
        host_contacted(referral_of(item), "staff:1")
    assert stands(item) == before


@pytest.mark.parametrize("answer", [None, "acknowledge", "refuse"])
def test_before_the_authorisation_the_host_was_not_contacted(answer, referred):
    item = referred("BE")
    if answer:
        {"acknowledge": acknowledge, "refuse": refuse}[answer](referral_of(item), "staff:1")
    before = stands(item)
    with pytest.raises(IllegalMove):
        host_contacted(referral_of(item), "staff:1")
    assert stands(item) == before


@pytest.mark.parametrize("country", ["BE", "NL", "FR", "RO"])
def test_a_made_up_form_is_409_where_the_page_offers_nothing(country, referred, desk_client):
    item = referred(country)
    client = reading_english(desk_client, person(Role.LIAISON))
    address = f"/letters/referrals/{referral_of(item).pk}/"
    page = client.get(address).content.decode()
    for act in ("authorise", "refuse", "contacted"):
        if f"{address}{act}/" not in page:
            before = stands(item)
            answer = client.post(f"{address}{act}/", {"reference": "PV-1"})
            assert answer.status_code == 409
            assert stands(item) == before
    assert (f"{address}contacted/" in page) is False


def test_the_page_of_an_old_referral_offers_only_what_is_still_true(referred, lead, desk_client):
    item = referred("BE")
    old = referral_of(item)
    again(item, lead)
    one_round()
    client = reading_english(desk_client, person(Role.LIAISON))
    page = client.get(f"/letters/referrals/{old.pk}/").content.decode()
    for act in ("authorise", "refuse", "contacted"):
        assert f"/letters/referrals/{old.pk}/{act}/" not in page


def test_where_no_gate_stands_the_police_contact_the_host_at_once(tmp_path, post):
    loaded(tmp_path, Row("police", "", "police", ()))
    item = a_confirmed_item(URL, "BE")
    one_round()
    host_contacted(referral_of(item), "staff:1")
    item.refresh_from_db()
    assert item.state == State.NOTIFIED


def test_an_item_that_moved_on_while_the_liaison_pressed_is_left_alone(referred, monkeypatch):
    """Between the reading and the writing: the move itself asks for the round again."""
    item = referred("BE")
    referral = referral_of(item)

    def meanwhile(*args: object) -> None:
        move_item(referral_of(item).item, Move.CONCLUDE, "staff:2", due_at=None)

    monkeypatch.setattr("vigie.dispatch.services._answer", meanwhile)
    with pytest.raises(Stale):
        authorise(referral, "PV-1", "staff:1")
