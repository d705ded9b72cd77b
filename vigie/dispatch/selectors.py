"""What is confirmed and not yet referred; what may be written to a host; who may see letters."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from vigie.dispatch.models import Notice, Referral
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.staff.models import User
from vigie.staff.permissions import Permission

HOLD_PAUSE = timedelta(minutes=10)


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
    open_gate = Q(state=State.AUTHORISED) | Q(Exists(ours.filter(rule__gate="")))
    waiting = Item.objects.filter(state__in=[State.REFERRED, State.AUTHORISED], held=False)
    return waiting.filter(Exists(ours), open_gate, ~Exists(_this_round(Notice))).order_by(
        "changed_at"
    )


def referrals_visible_to(user: User) -> QuerySet[Referral]:
    found = Referral.objects.select_related("item", "rule")
    return found if user.may(Permission.DISPATCH_READ) else found.none()


def notices_visible_to(user: User) -> QuerySet[Notice]:
    found = Notice.objects.select_related("item", "referral__rule")
    return found if user.may(Permission.DISPATCH_READ) else found.none()
