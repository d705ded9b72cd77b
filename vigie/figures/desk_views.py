"""The manager's figures: exact, on the desk only."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vigie.cases.desk.selectors import looks_spared
from vigie.figures.selectors import figures, last_published
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.FIGURES_READ)
@require_GET
def desk_figures(request: StaffRequest) -> HttpResponse:
    context = {"figures": figures(), "published": last_published(), "spared": looks_spared()}
    return render(request, "figures/desk.html", context)
