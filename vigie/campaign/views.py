"""The campaign's pages: the card on the front, and what is known about its figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.views.decorators.http import require_safe

from vigie.lib.access import public

# Reports to Child Focus a year; the years for which no figure was found are left out.
CHILD_FOCUS = [(2015, 1135), (2017, 746), (2018, 1728), (2019, 1414), (2020, 2056), (2023, 2421)]


@public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "campaign/front.html", {"page": "front"})


@public
@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    counts = [(year, number_format(count, force_grouping=True)) for year, count in CHILD_FOCUS]
    context = {"page": "facts", "child_focus": counts}
    return render(request, "campaign/facts.html", context)
