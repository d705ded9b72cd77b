"""The public form and what surrounds it. No view keeps anything about who asks."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from vigie.intake import further, receipts
from vigie.intake.continuing import token_of
from vigie.intake.forms import ALONG, ReportForm
from vigie.intake.pressure import flood_of
from vigie.intake.reading import fields_of, notes_of, repeated
from vigie.intake.services import InboxUnavailable, NewReport, receive
from vigie.lib.access import public


def _language() -> str:
    return (get_language() or "fr")[:2]


@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """One question. Whatever goes wrong, what the person typed and their code stay on the page."""
    if request.method != "POST":
        return _form(request, ReportForm(), receipts.mint(_language()))
    sent = fields_of(request, list(ReportForm.base_fields))
    form = ReportForm(sent)
    receipt = receipts.shown_or_new(sent.get("receipt", ""), _language())
    if not form.is_valid():
        return _form(request, form, receipt, status=422)
    new = NewReport(**form.cleaned_data, language=_language())
    try:
        letter = receive(replace(new, receipt=receipt), flood_of(request, new.where))
    except InboxUnavailable:
        return _form(request, form, receipt, status=503)
    return further.thanks(request, token_of(letter))


def _form(
    request: HttpRequest, form: ReportForm, receipt: str, *, status: int = 200
) -> HttpResponse:
    if form.is_bound:
        form = ReportForm(repeated(request, form.data, not_saved=status == 503))
    context = {
        "form": form,
        "receipt": receipt,
        # What another door, or an older page, sent along: it is kept for the next try.
        "along": [field for field in form if field.name in ALONG and field.value()],
        **notes_of(request),
        "not_saved": status == 503,
    }
    return render(request, "intake/report.html", context, status=status)


@public
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/sent.html")


@public
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/how.html", {"page": "how"})


@public
@require_safe
def help(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/help.html", {"page": "help"})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/privacy.html", {"page": "privacy"})
