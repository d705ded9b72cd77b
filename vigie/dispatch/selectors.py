"""What is confirmed and not yet referred; what may be written to a host; who may see letters.

And which letters told of a decision that a person took back since.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from vigie.cases.deciding import undo
from vigie.cases.models import CONFIRMING, Assessment
from vigie.dispatch.models import Notice, Referral
from vigie.items import errands
from vigie.items.flow import State
from vigie.items.models import Errand, Item
from vigie.lib import clock
from vigie.staff.models import User
from vigie.staff.permissions import Permission

HOLD_PAUSE = timedelta(minutes=10)
WAITING_FOR_NOTICE = (State.REFERRED, State.AUTHORISED)
# Of a referral, of a notice: somebody outside has it.
TOLD = ("sent", "acknowledged", "authorised", "refused")
Letter = TypeVar("Letter", Referral, Notice)


def _this_round(model: type[Referral] | type[Notice]) -> "QuerySet[Referral] | QuerySet[Notice]":
    return model._default_manager.filter(item=OuterRef("pk"), round=OuterRef("round"))


def confirmed_without_referral() -> QuerySet[Item]:
    """Confirmed, nobody told in this round, and too late to be taken back by who decided."""
    confirmed = Item.objects.filter(state=State.CONFIRMED)
    young = undo.young().filter(item=OuterRef("pk"), round=OuterRef("round"))
    old_enough = confirmed.filter(Q(danger=True) | ~Exists(young))
    return old_enough.filter(~Exists(_this_round(Referral))).order_by("changed_at")


def no_longer_stand(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Letters that somebody outside has, and whose decision a person took back since.

    Each rests on the last decision up to its round: what came back by itself was not decided anew.
    """
    taken_back = Assessment.objects.filter(taken_back_at__isnull=False)
    told = letters.filter(step__in=TOLD, item__in=taken_back.values("item"))
    return told.annotate(undone_at=_undone_at()).filter(undone_at__isnull=False).order_by("pk")


def undone_at(letter: Referral | Notice) -> datetime | None:
    """When the decision that a letter told of was taken back."""
    found = type(letter)._default_manager.filter(pk=letter.pk).annotate(undone_at=_undone_at())
    moment: datetime | None = found.values_list("undone_at", flat=True).get()
    return moment


def _undone_at() -> Subquery:
    before = {"item": OuterRef("item"), "round__lte": OuterRef("round")}
    kinds = [kind.value for kind in CONFIRMING]
    decisions = Assessment.objects.filter(**before, classification__in=kinds).order_by("-pk")
    return Subquery(decisions.values("taken_back_at")[:1])


def ready_for_notice() -> QuerySet[Item]:
    """Referred, the gate (if the rule has one) open, not held, and no notice in this round."""
    ours = Referral.objects.filter(
        item=OuterRef("pk"), round=OuterRef("round"), rule__contact__in=["hotline", "partner"]
    )
    open_gate = ours.filter(Q(rule__gate="") | _authorised_for_good())
    waiting = Item.objects.filter(state__in=WAITING_FOR_NOTICE, held=False)
    return waiting.filter(Exists(open_gate), ~Exists(_this_round(Notice))).order_by("changed_at")


def _authorised_for_good() -> Q:
    """Authorised, and too late to take that back (see `correcting`)."""
    authorised = Q(step=Referral.Step.AUTHORISED)
    if not settings.UNDO_SECONDS:
        return authorised
    oldest = undo.ends(clock.now(), -settings.UNDO_SECONDS, danger=False) - undo.APART
    return authorised & (Q(item__danger=True) | Q(answered_at__lte=oldest))


def referrals_visible_to(user: User) -> QuerySet[Referral]:
    found = Referral.objects.select_related("item", "rule")
    return found if user.may(Permission.DISPATCH_READ) else found.none()


def notices_visible_to(user: User) -> QuerySet[Notice]:
    found = Notice.objects.select_related("item", "referral__rule")
    return found if user.may(Permission.DISPATCH_READ) else found.none()


def errands_visible_to(user: User) -> QuerySet[Errand]:
    """Those that are to be done, in their order."""
    found = errands.waiting().select_related("item")
    return found if user.may(Permission.DISPATCH_READ) else found.none()


def errands_written(user: User) -> QuerySet[Errand]:
    """Those that were done, the latest first."""
    found = errands.written().select_related("item", "by")
    return found if user.may(Permission.DISPATCH_READ) else found.none()


def notices_for_a_lead(user: User) -> QuerySet[Notice]:
    """Those that wait for a person: not of an earlier round, nor of what went away meanwhile."""
    steps = [Notice.Step.WAITING, Notice.Step.NO_CONTACT]
    found = notices_visible_to(user).filter(step__in=steps, round=F("item__round"))
    return found.filter(item__state__in=WAITING_FOR_NOTICE)
