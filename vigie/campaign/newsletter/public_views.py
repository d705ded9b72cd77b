"""The newsletter's four public pages. None of them knows who is on the list."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from vigie.campaign.newsletter import acts
from vigie.campaign.newsletter.addresses import parse
from vigie.campaign.newsletter.consent import words
from vigie.lib.access import public

ASKED = ["GET", "HEAD", "POST"]
NOT_WRITTEN = 503


def _language() -> str:
    return (get_language() or "fr")[:2]


@public
@require_http_methods(ASKED)
def newsletter(request: HttpRequest) -> HttpResponse:
    """Whatever address it is, the same answer: only what cannot be one is told so."""
    if request.method != "POST":
        return _form(request, "", _language())
    typed, language = request.POST.get("email", ""), request.POST.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else _language()
    address = parse(typed)
    if address is None:
        return _form(request, typed, language, status=422)
    try:
        acts.subscribe(address, language)
    except acts.NotWritten:
        return _form(request, typed, language, status=NOT_WRITTEN)
    response = redirect("newsletter_thanks")
    response.status_code = 303  # GET from here on: a reload asks for nothing twice
    return response


def _form(request: HttpRequest, typed: str, language: str, *, status: int = 200) -> HttpResponse:
    context = {
        "page": "newsletter",
        "typed": typed,
        "chosen": language,
        "languages": settings.LANGUAGES,
        "words": _words(),
        "cannot_be": status == 422,
        "not_written": status == NOT_WRITTEN,
    }
    return render(request, "newsletter/subscribe.html", context, status=status)


def _words() -> str:
    return words(settings.ORGANISATION.name(_language()))


@public
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "newsletter/thanks.html")


@public
@require_http_methods(ASKED)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button: programs that look into mail follow links, and press nothing."""
    return _one_button(request, token, acts.confirm, "newsletter/confirm.html")


@public
@require_http_methods(ASKED)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The same for people; a mail program's own button posts here as well (RFC 8058).

    That post has no cookie and no origin, and must not be led elsewhere: it is answered at once.
    """
    return _one_button(request, token, acts.unsubscribe, "newsletter/unsubscribe.html")


def _one_button(
    request: HttpRequest, token: str, act: Callable[[str], None], page: str
) -> HttpResponse:
    """The same page for a token that we gave, one used before, and one that we never gave."""
    context = {"done": False, "not_written": False, "words": _words()}
    if request.method == "POST":
        try:
            act(token)
        except acts.NotWritten:
            context["not_written"] = True
        else:
            context["done"] = True
    return render(request, page, context, status=NOT_WRITTEN if context["not_written"] else 200)
