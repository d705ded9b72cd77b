"""Pages for the person at the desk: how much they looked, a rest, whom to talk to."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.cases import exposure
from vigie.cases.models import View
from vigie.lib.numbers import whole_number
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.MEDIA_VIEW)
@require_GET
def care(request: StaffRequest) -> HttpResponse:
    """Where I stand today, the organisation's limits, and what is known of each measure."""
    standing = exposure.standing_of(request.user)
    return render(
        request, "cases/care.html", {"standing": standing, "budget": settings.ORGANISATION.budget}
    )


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
def look_ended(request: StaffRequest, pk: int) -> HttpResponse:
    """The browser says how long a picture was on the screen."""
    view = get_object_or_404(View, pk=pk, by=request.user)
    exposure.looked(view, request.user, whole_number(request.POST.get("seconds", "")) or 0)
    return HttpResponse(status=204)
