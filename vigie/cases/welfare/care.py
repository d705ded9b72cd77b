"""Pages for the person at the desk: how much they looked, a rest, how stills are shown to them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.cases.models import View
from vigie.cases.welfare import calm, exposure, limits
from vigie.cases.welfare.care_forms import WishForm
from vigie.lib.numbers import whole_number
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.MEDIA_VIEW)
@require_GET
def care(request: StaffRequest) -> HttpResponse:
    """Where I stand today, the organisation's limits, and what is known of each measure."""
    return _page(request)


def _page(request: StaffRequest, form: WishForm | None = None) -> HttpResponse:
    demanded, wish = limits.demanded(), calm.wish_of(request.user)
    context = {
        "standing": exposure.standing_of(request.user),
        "budget": limits.budget(),
        "demanded": demanded,
        "form": form or WishForm(demanded=demanded, wish=wish.manner if wish else None),
    }
    return render(request, "cases/care.html", context, status=422 if form else 200)


@requires(Permission.MEDIA_VIEW)
@require_POST
def rest(request: StaffRequest) -> HttpResponse:
    """No pictures for the rest of the day; or after all again."""
    wanted = request.POST.get("rest") == "yes"
    exposure.rest_today(request.user, wanted)
    if wanted:
        messages.success(request, _("No pictures any more today. Colleagues take them over."))
    return redirect("care")


@requires(Permission.MEDIA_VIEW)
@require_POST
def choose_manner(request: StaffRequest) -> HttpResponse:
    """How I want stills to be shown to me, and how often a quiet screen comes between them."""
    form = WishForm(request.POST, demanded=limits.demanded())
    if not form.is_valid():
        return _page(request, form)
    calm.choose(request.user, form.wish())
    messages.success(request, _("Kept. Stills are shown to you so from now on."))
    return redirect("care")


@requires(Permission.MEDIA_VIEW)
@require_POST
def calmed(request: StaffRequest) -> HttpResponse:
    """Going on from a quiet screen."""
    calm.calmed(request.user)
    return HttpResponse(status=204)


@requires(Permission.MEDIA_VIEW)
@require_POST
def look_ended(request: StaffRequest, pk: int) -> HttpResponse:
    """The browser says that a picture is on the screen; or how long it was."""
    view = get_object_or_404(View, pk=pk, by=request.user)
    exposure.arrived(request.user, [str(pk)])
    if "seconds" in request.POST:
        exposure.looked(view, request.user, whole_number(request.POST.get("seconds", "")) or 0)
    return HttpResponse(status=204)
