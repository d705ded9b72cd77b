"""What was taken back is not told; and whoever was told hears that it no longer stands."""

import json
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine

from conftest import person
from tests.databases import in_threads
from tests.factories import a_confirmed_item, a_look, decided, hosted
from vigie.cases.deciding import reopening
from vigie.cases.models import Assessment
from vigie.dispatch.models import Notice, Referral
from vigie.dispatch.selectors import HOLD_PAUSE, confirmed_without_referral
from vigie.dispatch.services import acknowledge, authorise, plan_referrals, send_referral
from vigie.dispatch.tests.support import (
    HOST,
    PARTNER,
    POLICE,
    as_police,
    known,
    lines_of,
    one_round,
    reading_english,
    referral_of,
    send_due,
)
from vigie.dispatch.tests.test_rules import Row, loaded
from vigie.dispatch.withdrawing import plan_withdrawals, send_withdrawal
from vigie.items.flow import IllegalMove, Move, Stale, State
from vigie.items.models import Item
from vigie.items.services import hold_item, move_item
from vigie.lib import clock
from vigie.sandbox.letters import ciphertext
from vigie.sandbox.packs import Withdrawal, what_is_in
from vigie.staff.permissions import Role
from vigie.worker.loop import _send_withdrawals

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "http://galerie.nord.test/a/taken"


def withdraw() -> int:
    """What the worker does of it in one round."""
    planned = plan_withdrawals()
    _send_withdrawals()
    return planned


def decision_of(item: Item) -> Assessment:
    return Assessment.objects.filter(item=item).select_related("item").latest("pk")


def take_back(item: Item, by) -> None:
    reopening.take_back(decision_of(item), by, "an error")


def state(item: Item) -> tuple[str, int]:
    item.refresh_from_db()
    return item.state, item.round


def confirmed_again(item: Item) -> None:
    item.refresh_from_db()
    look = a_look(item)
    hosted(look, "NL", abuse_contact=HOST)
    decided(item, look)


@pytest.fixture
def told(policy, post):
    """An item that the police, and whom else the rule says, have been told of."""

    def made(country: str = "NL") -> Item:
        known(HOST)
        item = a_confirmed_item(URL, country, abuse_contact=HOST)
        one_round()
        item.refresh_from_db()
        return item

    return made


def test_nobody_is_told_while_it_can_be_taken_back_and_a_little_longer(policy, post, settings):
    settings.UNDO_SECONDS = 60
    item = a_confirmed_item(URL, "NL")
    decided_at = decision_of(item).at
    for after, planned in ((0, 0), (59, 0), (61, 0), (63, 1)):
        with time_machine.travel(decided_at + timedelta(seconds=after), tick=False):
            assert plan_referrals() == planned
    assert Referral.objects.count() == 1


def test_where_a_child_is_in_danger_they_are_told_at_once(policy, post, settings):
    settings.UNDO_SECONDS = 60
    item = a_confirmed_item(URL, "NL")
    one_round()
    assert post.sent_to == []
    Item.objects.filter(pk=item.pk).update(danger=True)
    one_round()
    assert post.sent_to == [POLICE]


def test_what_came_back_by_itself_is_told_at_once(told, post, settings):
    item = told()
    settings.UNDO_SECONDS = 60
    for move in (Move.REMOVE, Move.REAPPEAR):
        move_item(item, move, "worker")
    assert list(confirmed_without_referral()) == [item]


def test_taken_back_in_time_nobody_hears_anything(policy, post, lead):
    item = a_confirmed_item(URL, "NL")
    take_back(item, lead)
    one_round()
    assert withdraw() == 0
    assert (post.sent_to, Referral.objects.count()) == ([], 0)


def test_planned_and_then_taken_back_it_is_not_sent(policy, post, lead):
    item = a_confirmed_item(URL, "NL")
    plan_referrals()
    take_back(item, lead)
    send_due()
    assert withdraw() == 0
    assert (post.sent_to, referral_of(item).step) == ([], Referral.Step.DROPPED)
    assert [line.actor for line in lines_of(item, "letter.dropped")] == ["worker"]
    confirmed_again(item)
    one_round()
    assert post.sent_to == [POLICE]
    assert referral_of(item).round == 2


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_taken_back_while_the_mail_leaves_it_is_withdrawn(policy, post, lead):
    """The letter is at the police, and the item has moved: no step of it is lost or done twice."""
    item = a_confirmed_item(URL, "NL")
    plan_referrals()
    post.before_answer = lambda: in_threads([lambda: take_back(item, lead)])
    send_due()
    post.before_answer = lambda: None
    assert (post.sent_to, state(item)) == ([POLICE], ("to_assess", 2))
    assert withdraw() == 0, "not known yet to have left"
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        send_due()
        assert post.sent_to == [POLICE], "not sent again"
        assert withdraw() == 1
    assert post.sent_to == [POLICE, POLICE]
    assert referral_of(item).step == Referral.Step.WITHDRAWN


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_who_tells_and_who_takes_back_one_is_first(policy, post, lead):
    items = [a_confirmed_item(f"{URL}{n}", "NL") for n in range(4)]

    def tell() -> None:
        plan_referrals()
        send_due()

    jobs = [lambda item=item: take_back(item, lead) for item in items]
    ends = in_threads([tell, *jobs])
    assert not [end for end in ends if isinstance(end, Exception)]
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        send_due()
        withdraw()
    for item in items:
        assert state(item) == ("to_assess", 2)
        steps = list(item.referrals.values_list("step", flat=True))
        assert steps in ([], ["dropped"], ["withdrawn"])
    left = Referral.objects.filter(step="withdrawn").count()
    assert len(post.taken) == 2 * left, "each that left, once; and its withdrawal"


def _read(letter: EmailMessage, key: str = "police-be") -> tuple[Withdrawal, str, str]:
    opened = as_police(key).open(ciphertext(letter) or b"")
    inner = message_from_bytes(opened.content, _class=EmailMessage, policy=policy.default)
    found = what_is_in(opened.content)
    assert isinstance(found, Withdrawal)
    return found, opened.signature, inner.get_body().get_content()


def test_the_police_are_told_signed_and_sealed_and_nothing_but_the_reference_is_readable(
    told, post, lead
):
    item = told("BE")
    authorise(referral_of(item), "PV-1", "staff:1")
    take_back(item, lead)
    assert withdraw() == 1
    first, letter = post.to(POLICE)
    found, signature, text = _read(letter)
    moment = decision_of(item).taken_back_at.isoformat(timespec="seconds")
    reference = referral_of(item).reference
    assert (found.reference, found.withdrawn, signature) == (reference, moment, "verified")
    assert "take no step that rests on it" in text
    assert letter["In-Reply-To"] == first["Message-ID"] != letter["Message-ID"]
    assert letter["Subject"] == f"Vigie withdrawal {reference}"
    assert "galerie" not in letter.as_string() and item.reference not in letter.as_string()
    assert [len(lines_of(item, f"withdrawal.{step}")) for step in ("planned", "sent")] == [1, 1]
    assert withdraw() == 0
    assert len(post.taken) == 2


def test_the_host_is_told_plainly_which_notice_is_withdrawn(told, post, lead):
    item = told("NL")
    notice = Notice.objects.get()
    take_back(item, lead)
    assert withdraw() == 2
    first, letter = post.to(HOST)
    text = letter.get_body().get_content()
    assert f"notice {notice.reference} is withdrawn for now" in text
    assert URL in text.splitlines()
    said = json.loads(next(letter.iter_attachments()).get_content())
    assert (said["format"], said["reference"], said["url"]) == (
        "vigie-withdrawal/1", notice.reference, URL,
    )  # fmt: skip
    assert letter["In-Reply-To"] == first["Message-ID"]
    notice.refresh_from_db()
    assert (notice.step, bool(notice.withdrawn_at)) == ("withdrawn", True)


def test_the_partner_is_told_as_it_was_told(told, post, lead):
    item = told("LU")
    take_back(item, lead)
    assert withdraw() == 2
    found, signature, _text = _read(post.to(PARTNER)[1], "partner-lu")
    assert (found.reference, signature) == (referral_of(item).reference, "verified")


def test_twice_under_one_lease_it_is_one_mail_to_its_reader(told, post, lead):
    item = told("BE")
    take_back(item, lead)
    plan_withdrawals()
    stale = [Referral.objects.get(), Referral.objects.get()]
    for referral in stale:
        send_withdrawal(referral)
    assert len({letter["Message-ID"] for letter in post.to(POLICE)[1:]}) == 1
    assert len(lines_of(item, "withdrawal.sent")) == 1


def test_one_that_cannot_leave_is_kept_and_leaves_later(told, post, lead):
    item = told("BE")
    take_back(item, lead)
    post.answers["RCPT"] = "451 4.7.1 later"
    withdraw()
    referral = referral_of(item)
    assert (referral.step, bool(referral.last_error)) == (Referral.Step.WITHDRAWING, True)
    post.answers.clear()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        withdraw()
    assert referral_of(item).step == Referral.Step.WITHDRAWN


@pytest.mark.parametrize(("country", "silent"), [("NL", HOST), ("LU", PARTNER)])
def test_held_the_police_alone_are_told_and_the_others_when_it_is_lifted(
    country, silent, told, post, lead
):
    item = told(country)
    take_back(item, lead)
    hold_item(item, "staff:1", held=True)
    withdraw()
    assert post.sent_to == [POLICE, silent, POLICE]
    hold_item(item, "staff:1", held=False)
    with time_machine.travel(clock.now() + 2 * HOLD_PAUSE):
        withdraw()
    assert post.sent_to[3:] == [silent]


def test_held_a_partner_that_is_told_first_waits_too(tmp_path, post, lead):
    loaded(tmp_path, Row("partner", "", "nobody", ()))
    item = a_confirmed_item(URL, "BE")
    one_round()
    take_back(item, lead)
    hold_item(Item.objects.get(), "staff:1", held=True)
    withdraw()
    assert post.sent_to == [PARTNER]


def test_what_comes_back_by_itself_withdraws_nothing_and_a_person_withdraws_both(told, post, lead):
    item = told("BE")
    for move in (Move.REMOVE, Move.REAPPEAR):
        move_item(item, move, "worker")
    one_round()
    assert withdraw() == 0
    assert post.sent_to == [POLICE, POLICE]
    take_back(item, lead)
    assert withdraw() == 2
    assert post.sent_to[2:] == [POLICE, POLICE]


def test_confirmed_again_the_new_referral_stands_beside_the_withdrawn_one(told, post, lead):
    item = told("NL")
    take_back(item, lead)
    confirmed_again(item)
    withdraw()
    one_round()
    steps = list(item.referrals.order_by("pk").values_list("round", "step"))
    assert steps == [(1, "withdrawn"), (2, "sent")]
    assert withdraw() == 0


def test_concluded_and_opened_again_by_a_lead_it_is_withdrawn_and_by_the_worker_not(told, lead):
    item = told("BE")
    move_item(item, Move.CONCLUDE, lead.actor)
    assert withdraw() == 0
    move_item(item, Move.REOPEN, "worker")
    assert withdraw() == 0, "the content changed; what was judged before was"
    move_item(item, Move.DISMISS, lead.actor)
    reopening.reopen(item, lead)
    assert withdraw() == 1


def test_of_a_withdrawn_referral_nothing_is_authorised(told, lead):
    item = told("BE")
    take_back(item, lead)
    withdraw()
    referral = referral_of(item)
    with pytest.raises((IllegalMove, Stale)):
        authorise(referral, "PV-1", "staff:1")
    with pytest.raises(Stale):
        acknowledge(referral, "staff:1")


def test_a_notice_that_waits_for_a_lead_is_dropped_with_its_round(policy, post, lead):
    item = a_confirmed_item(URL, "NL", abuse_contact=HOST)
    one_round()
    assert Notice.objects.get().step == Notice.Step.WAITING
    take_back(item, lead)
    withdraw()
    assert Notice.objects.get().step == Notice.Step.DROPPED
    assert HOST not in post.sent_to


def test_the_letters_and_the_trail_say_it(told, lead, desk_client):
    item = told("NL")
    take_back(item, lead)
    liaison = reading_english(desk_client, person(Role.LIAISON))
    plan_withdrawals()
    address = f"/letters/referrals/{referral_of(item).pk}/"
    assert "is being told" in liaison.get(address).content.decode()
    _send_withdrawals()
    page = liaison.get(address).content.decode()
    assert "no longer stands" in page and "<dt>Withdrawn</dt>" in page
    assert "acknowledge/" not in page
    letters = liaison.get("/letters/").content.decode()
    assert letters.count(">withdrawn</span>") == 2
    trail = reading_english(desk_client, lead).get(f"/queue/items/{item.pk}/").content.decode()
    for words in ("decision taken back", "withdrawal planned", "withdrawal sent"):
        assert words in trail


def test_a_referral_that_another_worker_sent_is_not_sent_again(policy, post):
    a_confirmed_item(URL, "BE")
    plan_referrals()
    old = Referral.objects.get()
    send_due()
    send_referral(old)
    assert post.sent_to == [POLICE]
    assert Item.objects.get().state == State.REFERRED
