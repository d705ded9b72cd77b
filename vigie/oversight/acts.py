"""The page where acts wait for a second person."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.oversight.kinds import KINDS
from vigie.people.four_eyes import CannotBeDone, Kind, SamePerson, TooLate, answer, waiting
from vigie.people.models import PendingAct
from vigie.staff.access import StaffRequest, requires
from vigie.staff.models import User
from vigie.staff.permissions import Permission


@dataclass(frozen=True)
class Waiting:
    """``mine``: it can be taken back. ``may``: confirmed or refused by this person."""

    act: PendingAct
    kind: Kind
    shown: dict[str, Any]
    mine: bool
    may: bool


@requires(Permission.ACTS_READ)
@require_GET
def acts(request: StaffRequest) -> HttpResponse:
    return _page(request)


def _page(request: StaffRequest, status: int = 200) -> HttpResponse:
    known = [act for act in waiting() if act.kind in KINDS]
    context = {
        "waiting": [_waiting(act, request.user) for act in known],
        "may_change": request.user.may(Permission.POLICY_CHANGE),
    }
    return render(request, "oversight/acts.html", context, status=status)


def _waiting(act: PendingAct, user: User) -> Waiting:
    kind, mine = KINDS[act.kind], act.asked_by_id == user.pk
    may = not mine and act.person_id != user.pk and user.may(kind.confirms)
    return Waiting(act, kind, kind.shown(act), mine, may)


@requires(Permission.ACTS_READ)
@require_POST
def answer_act(request: StaffRequest, pk: int) -> HttpResponse:
    act = get_object_or_404(PendingAct, pk=pk)
    if act.kind not in KINDS:
        raise Http404
    if (said := request.POST.get("answer")) not in ("approve", "refuse"):
        return HttpResponseBadRequest()  # neither: nothing is answered
    approve = said == "approve"
    try:
        answer(act, KINDS[act.kind], request.user, approve=approve)
    except SamePerson:
        messages.error(request, _("Somebody else has to confirm this."))
        return _page(request, status=409)
    except TooLate:
        messages.error(request, _("A colleague was quicker, or its time is over. Nothing changed."))
        return _page(request, status=409)
    except CannotBeDone as error:
        messages.error(request, _("This cannot be done: %(why)s") % {"why": error})
        return _page(request, status=409)
    messages.success(request, _("Confirmed.") if approve else _("Refused."))
    return redirect("acts")
