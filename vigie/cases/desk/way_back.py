"""The queue as somebody had it: which filter, or what they sought, carried along from page to page.

In addresses and forms, not in the session: whoever writes there makes the session longer.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from vigie.cases.desk.listing import Filter
from vigie.cases.desk.searching import NoSearch, text_of
from vigie.items.flow import WAITING

BACK: Final = "back"
SOUGHT: Final = "s"  # a search, sealed: see `searching`
LONGEST: Final = 3_000


def filter_had(request: HttpRequest) -> Filter | None:
    """None for the whole queue, and for what means nothing."""
    try:
        where = Filter.read(QueryDict(_asked(request)[:400]).dict())
    except ValueError:
        return None
    return where if where != Filter() else None


def search_had(request: HttpRequest) -> str:
    """The sealed search that leads back to what was found; '' for none, or another session's."""
    token = str(QueryDict(_asked(request)[:LONGEST]).get(SOUGHT, ""))
    try:
        text_of(token, request.session.session_key or "")
    except NoSearch:
        return ""
    return token


def _asked(request: HttpRequest) -> str:
    return request.POST.get(BACK) or request.GET.get(BACK, "")


def back_of(where: Filter | None) -> str:
    """As an address and a form carry it; '' for the whole queue."""
    return where.query if where and where != Filter() else ""


def queue_address(where: Filter | None) -> str:
    return f"{reverse('queue')}?{where.query}" if where else reverse("queue")


def carried(request: HttpRequest) -> dict[str, str]:
    """For a template: where "Back to the queue" leads, and what its forms carry along."""
    if token := search_had(request):
        back = urlencode({SOUGHT: token})
        return {"queue_address": f"{reverse('search')}?{back}", "back": back}
    where = filter_had(request)
    return {"queue_address": queue_address(where), "back": back_of(where)}


def to_queue(request: HttpRequest) -> HttpResponse:
    """After a decision: with the filter one had, if it is one of what waits."""
    where = filter_had(request)
    return redirect(queue_address(where if where and where.state in WAITING else None))


def to_page(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    back = carried(request)["back"]
    return redirect(reverse(name, args=[pk]) + (f"?{urlencode({BACK: back})}" if back else ""))
