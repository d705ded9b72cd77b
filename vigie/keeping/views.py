"""The desk's page of retention: the policy, what is due, what was erased, what is held."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.items.flow import Stale
from vigie.keeping import selectors
from vigie.keeping.forms import HoldForm
from vigie.keeping.guard import confirm, is_doubted, last_trusted
from vigie.keeping.holds import lift_hold, place_hold
from vigie.keeping.models import Hold
from vigie.lib import clock
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.RETENTION_READ)
@require_GET
def retention(request: StaffRequest) -> HttpResponse:
    return _page(request, HoldForm(initial={"thing": request.GET.get("thing", "")[:40]}))


def _page(request: StaffRequest, form: HoldForm, status: int = 200) -> HttpResponse:
    moment, version = clock.now(), selectors.version()
    context = {
        "rows": selectors.rows(),
        "version": version,
        "holds": selectors.holds(),
        "form": form,
        "may_hold": request.user.may(Permission.DATA_HOLD),
        "doubted": bool(version) and is_doubted(moment),
        "now": moment,
        "last": last_trusted(),
    }
    return render(request, "keeping/retention.html", context, status=status)


@requires(Permission.DATA_HOLD)
@require_POST
def hold_data(request: StaffRequest) -> HttpResponse:
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    thing = form.cleaned_data["thing"]
    try:
        place_hold(thing, form.cleaned_data["reason"], request.user)
    except Stale:
        form.add_error("thing", _("It is held already."))
        return _page(request, form, status=409)
    messages.success(request, _("%(thing)s is held.") % {"thing": thing.reference})
    return redirect("retention")


@requires(Permission.DATA_HOLD)
@require_POST
def lift_data(request: StaffRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(Hold, pk=pk)
    try:
        lift_hold(hold, request.user)
    except Stale:
        messages.error(request, _("A colleague was quicker."))
    return redirect("retention")


@requires(Permission.DATA_HOLD)
@require_POST
def confirm_clock(request: StaffRequest) -> HttpResponse:
    """Only where it is doubted: a confirmation that nobody asked for would be noise."""
    if is_doubted(clock.now()):
        confirm(request.user.actor)
    return redirect("retention")
