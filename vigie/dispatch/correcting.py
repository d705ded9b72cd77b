"""What was written down of the police's word, set right: an authorisation by mistake, a reference.

A magistrate authorises orally, then in writing; people mistype. Where we write to the host, nothing
leaves before an authorisation can no longer be taken back (`selectors.ready_for_notice`).
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from vigie.cases.deciding import undo
from vigie.dispatch.models import Notice, Referral
from vigie.items.flow import IllegalMove, Move, Stale, State
from vigie.items.services import move_item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock

BY_US = ("hotline", "partner")  # by these rules something leaves by itself once it is authorised
Step = Referral.Step


def until(referral: Referral) -> datetime | None:
    """Until when it can be taken back; None where nothing leaves by itself."""
    if referral.rule.contact not in BY_US or referral.answered_at is None:
        return None
    danger = referral.item.danger
    return undo.ends(referral.answered_at, settings.UNDO_SECONDS, danger=danger)


def may_take_back(referral: Referral) -> bool:
    """Authorised in this round, and nobody was told since."""
    if not (may_correct(referral) and referral.item.state == State.AUTHORISED):
        return False
    end = until(referral)
    told = Notice.objects.filter(item=referral.item, round=referral.round).exists()
    return not told and (end is None or clock.now() < end)


def may_correct(referral: Referral) -> bool:
    return referral.is_current and referral.step == Step.AUTHORISED


def take_back(referral: Referral, by: str) -> None:
    """It was not authorised: what was pressed was a mistake. `IllegalMove` when it is too late."""
    now = _as_it_stands(referral)
    if not may_take_back(now):
        raise IllegalMove(now.reference)
    undone = {"step": Step.ACKNOWLEDGED, "answered_at": None}
    with transaction.atomic():
        _change(now, authorisation="", references_before=_before(now), **undone)
        move_item(now.item, Move.UNAUTHORISE, by)
        append(Verb.AUTHORISATION_TAKEN_BACK, now.item.subject, by, referral=now.pk)


def correct(referral: Referral, reference: str, by: str) -> None:
    """The reference is another, or the written one has come; what stood there before is kept."""
    now = _as_it_stands(referral)
    if not may_correct(now):
        raise IllegalMove(now.reference)
    with transaction.atomic():
        _change(now, authorisation=reference, references_before=_before(now))
        append(Verb.REFERENCE_CORRECTED, now.item.subject, by, referral=now.pk)


def _before(now: Referral) -> str:
    """All that stood there, in its order: nothing that was written down is lost."""
    return "; ".join(filter(None, [now.references_before, now.authorisation]))


def _change(now: Referral, **changes: object) -> None:
    """`Stale` where a colleague was quicker, or had written the same."""
    same = Referral.objects.filter(pk=now.pk, step=now.step, authorisation=now.authorisation)
    if changes["authorisation"] == now.authorisation or same.update(**changes) != 1:
        raise Stale(now.reference)


def _as_it_stands(referral: Referral) -> Referral:
    return Referral.objects.select_related("item", "rule").get(pk=referral.pk)
