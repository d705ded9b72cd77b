"""What is confirmed and not yet referred; what may be written to a host; who may see letters."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from vigie.dispatch.models import Notice, Referral
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.staff.models import User
from vigie.staff.permissions import Permission

HOLD_PAUSE = timedelta(minutes=10)
WAITING_FOR_NOTICE = (State.REFERRED, State.AUTHORISED)


def _this_round(model: type[Referral] | type[Notice]) -> "QuerySet[Referral] | QuerySet[Notice]":
    return model._default_manager.filter(item=OuterRef("pk"), round=OuterRef("round"))


def confirmed_without_referral() -> QuerySet[Item]:
    confirmed = Item.objects.filter(state=State.CONFIRMED)
    return confirmed.filter(~Exists(_this_round(Referral))).order_by("changed_at")


def ready_for_notice() -> QuerySet[Item]:
    """Referred, the gate (if the rule has one) open, not held, and no notice in this round."""
    ours = Referral.objects.filter(
        item=OuterRef("pk"), round=OuterRef("round"), rule__contact__in=["hotline", "partner"]
    )
    open_gate = ours.filter(Q(rule__gate="") | Q(step=Referral.Step.AUTHORISED))
    waiting = Item.objects.filter(state__in=WAITING_FOR_NOTICE, held=False)
    return waiting.filter(Exists(open_gate), ~Exists(_this_round(Notice))).order_by("changed_at")


def referrals_visible_to(user: User) -> QuerySet[Referral]:
    found = Referral.objects.select_related("item", "rule")
    return found if user.may(Permission.DISPATCH_READ) else found.none()


def notices_visible_to(user: User) -> QuerySet[Notice]:
    found = Notice.objects.select_related("item", "referral__rule")
    return found if user.may(Permission.DISPATCH_READ) else found.none()


def notices_for_a_lead(user: User) -> QuerySet[Notice]:
    """Those that wait for a person: not of an earlier round, nor of what went away meanwhile."""
    steps = [Notice.Step.WAITING, Notice.Step.NO_CONTACT]
    found = notices_visible_to(user).filter(step__in=steps, round=F("item__round"))
    return found.filter(item__state__in=WAITING_FOR_NOTICE)
