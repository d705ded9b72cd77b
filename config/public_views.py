"""Pages of the public site that belong to no room: the way in, and what is said on errors."""

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from vigie.lib.access import public

ROBOTS = "User-agent: *\nAllow: /\n"


@public
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the front page in the browser's best language; the choice is kept nowhere."""
    return redirect("front")


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain")


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Can a report be written? Asked of the front database, without touching a table."""
    try:
        connections["front"].ensure_connection()
    except DatabaseError:
        return HttpResponse("the inbox cannot be reached\n", "text/plain", status=503)
    return HttpResponse("ok\n", "text/plain")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html", {"page": "accessibility"})


def _error(request: HttpRequest, status: int, heading: str, explanation: str) -> HttpResponse:
    """A calm page that repeats nothing of what was asked; its languages lead to front pages."""
    context = {
        "heading": heading,
        "explanation": explanation,
        "language_links": [(code, name, _front(code)) for code, name in settings.LANGUAGES],
    }
    return render(request, "error.html", context, status=status)


def _front(language: str) -> str:
    with override(language):
        return reverse("front")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    explanation = _(
        "If you were sending a report, it was not saved. Please send it again; if it was very "
        "long, in several parts."
    )
    return _error(request, 400, _("This could not be read"), explanation)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    explanation = _("There is nothing at this address. It may have been mistyped or moved.")
    return _error(request, 404, _("This page does not exist"), explanation)


def failed(request: HttpRequest) -> HttpResponse:
    explanation = _(
        "The fault is ours. If you were sending a report, it was not saved: go back and send it"
        " again in a few minutes."
    )
    return _error(request, 500, _("Something went wrong here"), explanation)
