"""What leaves: planned from the items' states, sent by the worker, answered by people.

Downstream pulls: nothing here is called by the desk's decision; the worker asks what is confirmed
and not yet referred.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from vigie.dispatch import mail, selectors
from vigie.dispatch.models import Contact, Notice, Referral
from vigie.dispatch.policy import rule_for
from vigie.items.flow import Move, Stale, State
from vigie.items.models import Item
from vigie.items.services import WORKER, move_item
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
    hosting = latest_hosting(item)
    country = hosting.acting_country if hosting else ""
    moment = clock.now()
    with transaction.atomic():
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
    """Mail the pack, then move the item. Repeated after a crash: the same Message-ID, one move."""
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
        known = Contact.objects.filter(address=notice.recipient).exists()
        if not notice.recipient:
            notice.step, notice.due_at = Notice.Step.NO_CONTACT, None
        elif not known:
            notice.step, notice.due_at = Notice.Step.WAITING, None
    return notice


def approve_notice(notice: Notice, by: str) -> None:
    """A lead lets the first notice to a contact go; later ones need nobody. `Stale` if done."""
    moment = clock.now()
    with transaction.atomic():
        waiting = Notice.objects.filter(pk=notice.pk, step=Notice.Step.WAITING)
        if waiting.update(step=Notice.Step.READY, due_at=moment) != 1:
            raise Stale(notice.reference)
        Contact.objects.get_or_create(
            address=notice.recipient, defaults={"approved_by": by, "approved_at": moment}
        )
        append(Verb.NOTICE_APPROVED, notice.item.subject, by, notice=notice.pk)


def send_notice(notice: Notice) -> datetime | None:
    """Mail the notice (unless the police hold the item), then move the item."""
    item = notice.item
    if item.held:
        return clock.now() + selectors.HOLD_PAUSE
    if notice.step != Notice.Step.READY or item.state not in (State.REFERRED, State.AUTHORISED):
        return None  # sent already, or the content went away before we wrote
    to_host = notice.kind == Notice.Kind.HOST
    message = mail.notice_mail(notice) if to_host else mail.partner_mail(notice)
    courier(settings.SMTP_URL).send(message, message["From"], message["To"])
    with transaction.atomic():
        ready = Notice.objects.filter(pk=notice.pk, step=Notice.Step.READY)
        if ready.update(step=Notice.Step.SENT, sent_at=clock.now()) == 1:
            move_item(item, Move.NOTIFY, WORKER)
            append(Verb.NOTICE_SENT, item.subject, WORKER, notice=notice.pk, kind=notice.kind)
    return None


def acknowledge(referral: Referral, by: str) -> None:
    """The liaison writes down that the police have it."""
    with transaction.atomic():
        _answer(referral, [Step.SENT], Step.ACKNOWLEDGED)
        append(Verb.REFERRAL_ACKNOWLEDGED, referral.item.subject, by, referral=referral.pk)


def authorise(referral: Referral, reference: str, by: str) -> None:
    """The liaison writes down that removal was authorised, and under what reference."""
    with transaction.atomic():
        _answer(referral, [Step.SENT, Step.ACKNOWLEDGED], Step.AUTHORISED, reference)
        move_item(referral.item, Move.AUTHORISE, by)
        append(Verb.REFERRAL_AUTHORISED, referral.item.subject, by, referral=referral.pk)


def refuse(referral: Referral, by: str) -> None:
    """The police do not authorise removal: the item stays referred, and watched."""
    with transaction.atomic():
        _answer(referral, [Step.SENT, Step.ACKNOWLEDGED], Step.REFUSED)
        append(Verb.REFERRAL_REFUSED, referral.item.subject, by, referral=referral.pk)


def host_contacted(referral: Referral, by: str) -> None:
    """Where the police contact the host: the liaison writes down that they did."""
    with transaction.atomic():
        move_item(referral.item, Move.NOTIFY, by)
        append(Verb.HOST_CONTACTED, referral.item.subject, by, referral=referral.pk)


def _answer(
    referral: Referral, allowed: list[Step], step: Step, reference: str | None = None
) -> None:
    changes: dict[str, object] = {"step": step, "answered_at": clock.now()}
    if reference is not None:
        changes["authorisation"] = reference
    if Referral.objects.filter(pk=referral.pk, step__in=allowed).update(**changes) != 1:
        raise Stale(referral.reference)
