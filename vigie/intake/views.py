"""The public form and what surrounds it. No view keeps anything about who asks."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from vigie.intake import receipts
from vigie.intake.forms import KINDS, ReceiptForm, ReportForm
from vigie.intake.models import COURSES
from vigie.intake.reading import fields_of
from vigie.intake.selectors import Shown, shown_receipt
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
    receipt = _receipt_of(sent)
    if not form.is_valid():
        return _form(request, form, receipt, status=422)
    new = NewReport(**form.cleaned_data, language=_language())
    try:
        receive(replace(new, receipt=receipt))
    except InboxUnavailable:
        return _form(request, form, receipt, status=503)
    response = redirect("sent")
    response.status_code = 303  # GET from here on: a reload sends nothing twice
    return response


def _receipt_of(sent: dict[str, str]) -> str:
    """The code this page showed. One we did not make is replaced: it never costs the report."""
    shown = sent.get("receipt", "")
    return shown if receipts.normalise(shown) else receipts.mint(_language())


def _form(
    request: HttpRequest, form: ReportForm, receipt: str, *, status: int = 200
) -> HttpResponse:
    optional = ("kind", "seen", "comment", "contact")
    context = {
        "form": form,
        "receipt": receipt,
        "kinds": KINDS,
        "more_open": any(form[name].value() for name in optional),
        "not_saved": status == 503,
    }
    return render(request, "intake/report.html", context, status=status)


@public
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/sent.html")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """How far a report is. The code is asked by form, never by address: addresses are kept."""
    form = ReceiptForm(fields_of(request, ["words"]) if request.method == "POST" else None)
    context: dict[str, object] = {"words": form["words"].value() or "", "asked": form.is_valid()}
    if form.is_valid():
        shown = shown_receipt(form.cleaned_data["words"])
        context |= {"shown": shown, "steps": _steps(shown)}
    return render(request, "intake/receipt.html", context)


def _steps(shown: Shown | None) -> list[tuple[str, str]]:
    """The three steps, each with ``past``, ``current`` or ``ahead``."""
    if shown is None:
        return []
    now = COURSES.index(shown.course)
    return [
        (course, "current" if i == now else "past" if i < now else "ahead")
        for i, course in enumerate(COURSES)
    ]


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
