"""Letters that left or wait to: the liaison's and the lead's pages."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.dispatch import services
from vigie.dispatch.forms import AuthorisationForm
from vigie.dispatch.models import Notice, Referral
from vigie.dispatch.selectors import notices_visible_to, referrals_visible_to
from vigie.items import keys
from vigie.items.flow import IllegalMove, Stale, State
from vigie.items.services import hold_item
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

PAGE = 100


@requires(Permission.DISPATCH_READ)
@require_GET
def letters(request: StaffRequest) -> HttpResponse:
    context = {
        "waiting": notices_visible_to(request.user).filter(
            step__in=[Notice.Step.WAITING, Notice.Step.NO_CONTACT]
        )[:PAGE],
        "referrals": referrals_visible_to(request.user)[:PAGE],
        "notices": notices_visible_to(request.user)[:PAGE],
        "perms_approve": request.user.may(Permission.NOTICE_APPROVE),
    }
    return render(request, "dispatch/letters.html", context)


@requires(Permission.DISPATCH_READ)
@require_GET
def referral(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(referrals_visible_to(request.user), pk=pk)
    return _referral_page(request, found)


def _referral_page(
    request: StaffRequest, found: Referral, form: AuthorisationForm | None = None, status: int = 200
) -> HttpResponse:
    current = found.round == found.item.round
    steps = Referral.Step
    context = {
        "referral": found,
        "item": found.item,
        "locator": keys.opened(found.item.locator),
        "form": form or AuthorisationForm(),
        "may_record": request.user.may(Permission.REFERRAL_RECORD),
        "may_hold": request.user.may(Permission.ITEM_HOLD),
        "to_acknowledge": found.step == steps.SENT,
        "to_authorise": found.step in (steps.SENT, steps.ACKNOWLEDGED) and found.rule.gate,
        "to_contact": current
        and found.rule.contact == "police"
        and found.item.state in (State.REFERRED, State.AUTHORISED)
        and (not found.rule.gate or found.step == steps.AUTHORISED),
        "notices": found.notices.all(),
    }
    return render(request, "dispatch/referral.html", context, status=status)


@requires(Permission.REFERRAL_RECORD)
@require_POST
def acknowledge(request: StaffRequest, pk: int) -> HttpResponse:
    return _record(request, pk, services.acknowledge, _("The acknowledgement is written down."))


@requires(Permission.REFERRAL_RECORD)
@require_POST
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    return _record(request, pk, services.refuse, _("The refusal is written down."))


@requires(Permission.REFERRAL_RECORD)
@require_POST
def host_contacted(request: StaffRequest, pk: int) -> HttpResponse:
    return _record(request, pk, services.host_contacted, _("It is written down."))


@requires(Permission.REFERRAL_RECORD)
@require_POST
def authorise(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(referrals_visible_to(request.user), pk=pk)
    form = AuthorisationForm(request.POST)
    if not form.is_valid():
        return _referral_page(request, found, form, status=422)
    reference = form.cleaned_data["reference"]

    def act(referral: Referral, by: str) -> None:
        services.authorise(referral, reference, by)

    return _record(request, pk, act, _("The authorisation is written down."))


@requires(Permission.ITEM_HOLD)
@require_POST
def hold(request: StaffRequest, pk: int) -> HttpResponse:
    """The police ask for silence about the item, or lift it."""
    held = request.POST.get("held") == "yes"

    def act(referral: Referral, by: str) -> None:
        hold_item(referral.item, by, held=held)

    return _record(request, pk, act, _("It is written down."))


@requires(Permission.NOTICE_APPROVE)
@require_POST
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(notices_visible_to(request.user), pk=pk)
    try:
        services.approve_notice(found, request.user.actor)
    except Stale:
        return _conflict(request, stale=True)
    messages.success(request, _("%(notice)s may leave.") % {"notice": found.reference})
    return redirect("letters")


def _record(
    request: StaffRequest, pk: int, act: Callable[[Referral, str], None], done: str
) -> HttpResponse:
    found = get_object_or_404(referrals_visible_to(request.user), pk=pk)
    try:
        act(found, request.user.actor)
    except (Stale, IllegalMove) as error:
        return _conflict(request, stale=isinstance(error, Stale))
    messages.success(request, done)
    return redirect("referral", pk=pk)


def _conflict(request: StaffRequest, *, stale: bool) -> HttpResponse:
    return render(request, "cases/conflict.html", {"stale": stale}, status=409)
