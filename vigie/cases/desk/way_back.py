"""The queue as somebody had it: which filter, carried along from page to page.

In addresses and forms, not in the session: whoever writes there makes the session longer.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from vigie.cases.desk.listing import Filter
from vigie.items.flow import WAITING

BACK: Final = "back"


def filter_had(request: HttpRequest) -> Filter | None:
    """None for the whole queue, and for what means nothing."""
    asked = request.POST.get(BACK) or request.GET.get(BACK, "")
    try:
        where = Filter.read(QueryDict(asked[:400]).dict())
    except ValueError:
        return None
    return where if where != Filter() else None


def back_of(where: Filter | None) -> str:
    """As an address and a form carry it; '' for the whole queue."""
    return where.query if where and where != Filter() else ""


def queue_address(where: Filter | None) -> str:
    return f"{reverse('queue')}?{where.query}" if where else reverse("queue")


def carried(request: HttpRequest) -> dict[str, str]:
    """For a template: where "Back to the queue" leads, and what its forms carry along."""
    where = filter_had(request)
    return {"queue_address": queue_address(where), "back": back_of(where)}


def to_queue(request: HttpRequest) -> HttpResponse:
    """After a decision: with the filter one had, if it is one of what waits."""
    where = filter_had(request)
    return redirect(queue_address(where if where and where.state in WAITING else None))


def to_page(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    back = back_of(filter_had(request))
    return redirect(reverse(name, args=[pk]) + (f"?{urlencode({BACK: back})}" if back else ""))
