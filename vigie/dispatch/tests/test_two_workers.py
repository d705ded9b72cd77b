"""Two workers at once: one referral, one notice, one move, whoever is first.

Real threads with connections of their own, meeting in the same database.
"""

import pytest

from tests.databases import in_threads
from tests.factories import a_confirmed_item
from vigie.dispatch.contacts import approve_notice, name_contact
from vigie.dispatch.models import Notice, Referral
from vigie.dispatch.services import (
    authorise,
    plan_notices,
    plan_referrals,
    send_referral,
)
from vigie.dispatch.tests.support import HOST, POLICE, known, lines_of, referral_of, send_due
from vigie.items.flow import IllegalMove, Stale, State

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
URL = "http://galerie.nord.test/a/two"
WORKERS = 3


def at_once(work):
    return in_threads([work] * WORKERS)


@pytest.fixture
def items(policy, post):
    known(HOST)
    return [a_confirmed_item(f"{URL}{n}", "NL", abuse_contact=HOST) for n in (1, 2)]


def test_each_item_is_referred_and_notified_once(items, post):
    planned = at_once(plan_referrals)
    assert sum(planned) == Referral.objects.count() == 2
    assert at_once(send_due) == [None] * WORKERS
    assert sorted(post.sent_to) == [POLICE, POLICE]
    noticed = at_once(plan_notices)
    assert sum(noticed) == Notice.objects.count() == 2
    assert at_once(send_due) == [None] * WORKERS
    assert sorted(post.sent_to) == [HOST, HOST, POLICE, POLICE]
    for item in items:
        item.refresh_from_db()
        assert item.state == State.NOTIFIED
        assert len(lines_of(item, "referral.planned")) == len(lines_of(item, "notice.planned")) == 1
        assert len(lines_of(item, "referral.sent")) == len(lines_of(item, "notice.sent")) == 1


def test_two_who_both_believe_they_have_the_letter_move_the_item_once(items, post):
    """A lease that ended under a slow server: the police get a copy, the road one step."""
    plan_referrals()
    referral = referral_of(items[0])
    done = at_once(lambda: send_referral(Referral.objects.get(pk=referral.pk)))
    assert done == [None] * WORKERS
    assert len({letter["Message-ID"] for letter in post.taken}) == 1
    items[0].refresh_from_db()
    assert items[0].state == State.REFERRED
    assert len(lines_of(items[0], "referral.sent")) == 1
    assert [e.detail for e in lines_of(items[0], "item.moved")][-1].count('"refer"') == 1


def test_of_two_liaisons_one_authorises(policy, post):
    item = a_confirmed_item(URL, "BE", abuse_contact=HOST)
    plan_referrals()
    send_due()
    referral = referral_of(item)
    done = at_once(lambda: authorise(Referral.objects.get(pk=referral.pk), "PV-1", "staff:1"))
    assert done.count(None) == 1
    assert all(isinstance(other, (Stale, IllegalMove)) for other in done if other)
    assert len(lines_of(item, "referral.authorised")) == 1


def test_of_two_leads_one_lets_a_notice_go(policy, post):
    a_confirmed_item(URL, "NL", abuse_contact=HOST)
    plan_referrals()
    send_due()
    plan_notices()
    notice = Notice.objects.get()
    done = at_once(lambda: approve_notice(Notice.objects.get(pk=notice.pk), "staff:1"))
    assert done.count(None) == 1
    assert [type(other) for other in done if other] == [Stale] * (WORKERS - 1)
    at_once(send_due)
    assert post.sent_to == [POLICE, HOST]


def test_of_two_leads_one_enters_a_contact(policy, post):
    a_confirmed_item(URL, "NL")
    plan_referrals()
    send_due()
    plan_notices()
    notice = Notice.objects.get()
    done = at_once(
        lambda: name_contact(Notice.objects.get(pk=notice.pk), HOST, "the operator", "staff:1")
    )
    assert done.count(None) == 1
    assert len(lines_of(notice.item, "contact.named")) == 1
