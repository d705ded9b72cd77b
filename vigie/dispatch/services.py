"""What leaves: planned from the items' states, sent by the worker, answered by people.

Downstream pulls: nothing here is called by the desk's decision; the worker asks what is confirmed
and not yet referred.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from vigie.cases.deciding.undo import may_be_told
from vigie.dispatch import mail, selectors
from vigie.dispatch.contacts import first_step
from vigie.dispatch.models import Notice, Referral
from vigie.dispatch.policy import rule_for
from vigie.dispatch.withdrawing import drop
from vigie.items.flow import IllegalMove, Move, Stale, State
from vigie.items.models import Item
from vigie.items.services import WORKER, hold_item, move_item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.mail import courier
from vigie.lib.work import plan_each
from vigie.tracing.selectors import latest_hosting

Step = Referral.Step


def plan_referrals() -> int:
    """A referral for each confirmed item that has none in this round; those that failed last."""
    waiting = selectors.confirmed_without_referral().order_by("attempts", "changed_at")
    return plan_each(waiting[:50], _plan_referral)


def _plan_referral(item: Item) -> None:
    """Nothing where it was taken back a moment ago: whoever has the item first."""
    hosting = latest_hosting(item)
    country = hosting.acting_country if hosting else ""
    moment = clock.now()
    with transaction.atomic():
        now = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        if (now.state, now.round) != (State.CONFIRMED, item.round) or not may_be_told(now):
            return
        referral = Referral.objects.create(
            item=item,
            rule=rule_for(country),
            round=item.round,
            country=country,
            created_at=moment,
            due_at=moment,
        )
        append(Verb.REFERRAL_PLANNED, item.subject, WORKER, referral=referral.pk)


def send_referral(referral: Referral) -> datetime | None:
    """Mail the pack, then move the item. Repeated after a crash: the same Message-ID, one move.

    A held item is silent towards everybody but the police, who asked for it. What was taken back
    since is not sent. If that happens while the mail leaves, the item does not move: asked again,
    this counts it as sent, and it is withdrawn (`withdrawing`).
    """
    now = _as_it_stands(referral)
    if now.step != Step.PLANNED:
        return None
    if not (now.is_current and now.item.state == State.CONFIRMED):
        drop(referral)
        return None
    if referral.item.held and referral.rule.told != "police":
        return clock.now() + selectors.HOLD_PAUSE
    message = mail.referral_mail(referral)
    courier(settings.SMTP_URL).send(message, message["From"], message["To"])
    with transaction.atomic():
        sent = Referral.objects.filter(pk=referral.pk, step=Step.PLANNED).update(
            step=Step.SENT, sent_at=clock.now()
        )
        if sent == 1:
            move_item(referral.item, Move.REFER, WORKER)
            append(
                Verb.REFERRAL_SENT, referral.item.subject, WORKER, referral=referral.pk,
                to=referral.rule.told,
            )  # fmt: skip
    return None


def plan_notices() -> int:
    """A notice for each item whose policy lets us write and whose gate is open."""
    ready = selectors.ready_for_notice().order_by("attempts", "changed_at")
    return plan_each(ready[:50], _plan_notice)


def _plan_notice(item: Item) -> None:
    referral = item.referrals.select_related("rule").get(round=item.round)
    with transaction.atomic():
        notice = _new_notice(item, referral)
        notice.save(force_insert=True)
        append(Verb.NOTICE_PLANNED, item.subject, WORKER, notice=notice.pk, step=notice.step)


def _new_notice(item: Item, referral: Referral) -> Notice:
    """To the partner at once; to a host only if a lead has approved this contact before.

    The contact is the IP network's, never the site's or its registrant's: that may be the offender.
    """
    moment = clock.now()
    notice = Notice(
        item=item,
        referral=referral,
        round=item.round,
        report_id=uuid.uuid4(),
        created_at=moment,
        due_at=moment,
        kind=Notice.Kind.PARTNER,
        step=Notice.Step.READY,
        recipient=referral.rule.partner_mailbox,
    )
    if referral.rule.contact == "hotline":
        hosting = latest_hosting(item)
        notice.kind = Notice.Kind.HOST
        notice.recipient = hosting.abuse_contact if hosting else ""
        notice.step = first_step(notice.recipient)
        notice.due_at = moment if notice.step == Notice.Step.READY else None
    return notice


def send_notice(notice: Notice) -> datetime | None:
    """Mail the notice (unless the police hold the item), then move the item."""
    item = notice.item
    if item.held:
        return clock.now() + selectors.HOLD_PAUSE
    if not _may_leave(notice):
        drop(notice)
        return None
    to_host = notice.kind == Notice.Kind.HOST
    message = mail.notice_mail(notice) if to_host else mail.partner_mail(notice)
    courier(settings.SMTP_URL).send(message, message["From"], message["To"])
    with transaction.atomic():
        ready = Notice.objects.filter(pk=notice.pk, step=Notice.Step.READY)
        if ready.update(step=Notice.Step.SENT, sent_at=clock.now()) == 1:
            move_item(item, Move.NOTIFY, WORKER)
            append(Verb.NOTICE_SENT, item.subject, WORKER, notice=notice.pk, kind=notice.kind)
    return None


def _may_leave(notice: Notice) -> bool:
    """Not sent already, not of an earlier round, the gate open, and the content still there."""
    waits = notice.item.state in selectors.WAITING_FOR_NOTICE
    return notice.step == Notice.Step.READY and waits and notice.referral.gate_is_open


def acknowledge(referral: Referral, by: str) -> None:
    """The liaison writes down that the police have it."""
    with transaction.atomic():
        _answer(referral, [Step.SENT], Step.ACKNOWLEDGED)
        append(Verb.REFERRAL_ACKNOWLEDGED, referral.item.subject, by, referral=referral.pk)


def authorise(referral: Referral, reference: str, by: str, *, refused: bool = False) -> None:
    """The liaison writes down that removal was authorised, and under what reference.

    ``refused``: after all. `Stale` where that was not before them: a refusal that a colleague wrote
    down a moment ago is not overruled by who does not know of it.
    """
    now = _asked_to_authorise(referral)
    answerable = [Step.REFUSED] if refused else [Step.SENT, Step.ACKNOWLEDGED]
    with transaction.atomic():
        _answer(now, answerable, Step.AUTHORISED, reference)
        move_item(now.item, Move.AUTHORISE, by)
        append(Verb.REFERRAL_AUTHORISED, now.item.subject, by, referral=now.pk)


def refuse(referral: Referral, by: str) -> None:
    """The police do not authorise removal: the item stays referred, and watched."""
    now = _asked_to_authorise(referral)
    with transaction.atomic():
        _answer(now, [Step.SENT, Step.ACKNOWLEDGED], Step.REFUSED)
        append(Verb.REFERRAL_REFUSED, now.item.subject, by, referral=now.pk)


def host_contacted(referral: Referral, by: str) -> None:
    """Where the police contact the host: the liaison writes down that they did.

    The rule, the gate and the round are asked here and not only on the page: a form that somebody
    kept, or made, must not tell the road that a host may know. `IllegalMove` otherwise.
    """
    now = _as_it_stands(referral)
    if not now.police_may_contact:
        raise IllegalMove(now.reference)
    with transaction.atomic():
        move_item(now.item, Move.NOTIFY, by)
        append(Verb.HOST_CONTACTED, now.item.subject, by, referral=now.pk)


def hold(referral: Referral, by: str, *, held: bool) -> None:
    """The police ask for silence, or lift it: then what waited leaves now, not after its pause."""
    item = referral.item
    with transaction.atomic():
        hold_item(item, by, held=held)
        if not held:
            now = clock.now()
            item.referrals.filter(step=Step.PLANNED, attempts=0).update(due_at=now)
            item.notices.filter(step=Notice.Step.READY, attempts=0).update(due_at=now)


def _as_it_stands(referral: Referral) -> Referral:
    """Read anew. An item that moves on after this makes the move itself `Stale`."""
    return Referral.objects.select_related("item", "rule").get(pk=referral.pk)


def _asked_to_authorise(referral: Referral) -> Referral:
    """`IllegalMove` where nobody authorises, or for a round that is over."""
    now = _as_it_stands(referral)
    if not (now.is_current and now.rule.gate):
        raise IllegalMove(now.reference)
    return now


def _answer(
    referral: Referral, allowed: list[Step], step: Step, reference: str | None = None
) -> None:
    changes: dict[str, object] = {"step": step, "answered_at": clock.now()}
    if reference is not None:
        changes["authorisation"] = reference
    if Referral.objects.filter(pk=referral.pk, step__in=allowed).update(**changes) != 1:
        raise Stale(referral.reference)
