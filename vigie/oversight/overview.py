"""The manager's page: what waits, what is late, what failed to leave, what looks were spared."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vigie.oversight import counting
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.OVERVIEW_READ)
@require_GET
def overview(request: StaffRequest) -> HttpResponse:
    ages = counting.ages()
    context = {
        "ages": ages,
        "longest": max((age.decision.n for age in ages), default=0) or 1,
        "oldest": counting.oldest(),
        "late": counting.late(),
        "errands": counting.errands_waiting(),
        "may_read_letters": request.user.may(Permission.DISPATCH_READ),
        "failed": counting.failed_to_leave(),
        "spared": counting.spared(),
        "against": list(counting.against()),
        "in_danger": list(counting.in_danger()),
        "may_read_items": request.user.may(Permission.ITEMS_READ),
    }
    return render(request, "oversight/overview.html", context)
