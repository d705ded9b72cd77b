"""What no longer stands: a letter that has not left is dropped, and whoever got one is told.

A person took the decision back. The work list is a query over the decisions, as everywhere: the
desk calls nothing here. What came back by itself (*reappear*) withdraws nothing.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from vigie.dispatch import mail, selectors
from vigie.dispatch.models import Notice, Referral
from vigie.items.services import WORKER
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.mail import courier
from vigie.lib.work import plan_each

Letter = Referral | Notice
AT_ONCE = 50


def drop(letter: Letter) -> None:
    """Not sent: its round is over. Safe to do twice.

    Where an earlier attempt may have reached its reader it counts as sent: better to withdraw
    what nobody has than to leave standing what somebody has.
    """
    perhaps = letter.attempts > 1
    now = clock.now()
    changes = {"step": "sent", "sent_at": now} if perhaps else {"step": "dropped"}
    with transaction.atomic():
        unsent = type(letter)._default_manager.filter(pk=letter.pk, step__in=["planned", "ready"])
        if unsent.update(**changes) == 1:
            verb = _sent_verb(letter) if perhaps else Verb.LETTER_DROPPED
            _say(verb, letter, **({"perhaps": True} if perhaps else {}))


def plan_withdrawals() -> int:
    """Letters of decisions that were taken back are withdrawn; notices that wait are dropped."""
    _drop_waiting()
    hosts = Q(kind=Notice.Kind.HOST, recipient="")  # erased: there is nobody to write to
    notices = selectors.no_longer_stand(Notice.objects.exclude(hosts))
    referrals = selectors.no_longer_stand(Referral.objects.all())
    return plan_each(referrals[:AT_ONCE], _plan) + plan_each(notices[:AT_ONCE], _plan)


def _drop_waiting() -> None:
    """Of a round that is over: nobody lets them go any more."""
    steps = [Notice.Step.WAITING, Notice.Step.NO_CONTACT]
    for notice in Notice.objects.filter(step__in=steps, round__lt=F("item__round"))[:AT_ONCE]:
        with transaction.atomic():
            if Notice.objects.filter(pk=notice.pk, step__in=steps).update(step="dropped") == 1:
                _say(Verb.LETTER_DROPPED, notice)


def _plan(letter: Letter) -> None:
    told = type(letter)._default_manager.filter(pk=letter.pk, step__in=selectors.TOLD)
    free = {"lease_until": None, "lease_by": "", "attempts": 0, "last_error": ""}
    with transaction.atomic():
        if told.update(step="withdrawing", due_at=clock.now(), **free) == 1:
            _say(Verb.WITHDRAWAL_PLANNED, letter)


def send_withdrawal(letter: Letter) -> datetime | None:
    """Say that it no longer stands. Repeated after a crash: the same Message-ID.

    A held item is silent towards everybody but the police.
    """
    if letter.item.held and not _to_police(letter):
        return clock.now() + selectors.HOLD_PAUSE
    message = mail.withdrawal_mail(letter, selectors.undone_at(letter) or clock.now())
    courier(settings.SMTP_URL).send(message, message["From"], message["To"])
    with transaction.atomic():
        leaving = type(letter)._default_manager.filter(pk=letter.pk, step="withdrawing")
        if leaving.update(step="withdrawn", withdrawn_at=clock.now()) == 1:
            _say(Verb.WITHDRAWAL_SENT, letter)
    return None


def _to_police(letter: Letter) -> bool:
    return isinstance(letter, Referral) and letter.rule.told == "police"


def _sent_verb(letter: Letter) -> Verb:
    return Verb.REFERRAL_SENT if isinstance(letter, Referral) else Verb.NOTICE_SENT


def _say(verb: Verb, letter: Letter, **more: bool) -> None:
    name = "referral" if isinstance(letter, Referral) else "notice"
    append(verb, letter.item.subject, WORKER, **{name: letter.pk}, **more)
