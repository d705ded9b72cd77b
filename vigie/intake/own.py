"""The road of whoever is in the picture. Its address and its title say nothing of it."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from vigie.intake import receipts
from vigie.intake.forms import OwnForm
from vigie.intake.pressure import flood_of
from vigie.intake.reading import fields_of, notes_of, repeated
from vigie.intake.services import InboxUnavailable, NewReport, receive
from vigie.lib.access import public


@public
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """No name, no age, no picture. Whatever goes wrong, what was typed stays on the page."""
    language = (get_language() or "fr")[:2]
    if request.method != "POST":
        return _form(request, OwnForm(), receipts.mint(language))
    sent = fields_of(request, list(OwnForm.base_fields))
    form = OwnForm(sent)
    receipt = receipts.shown_or_new(sent.get("receipt", ""), language)
    if not form.is_valid():
        return _form(request, form, receipt, status=422)
    new = NewReport(**form.cleaned_data, language=language, own=True)
    try:
        receive(replace(new, receipt=receipt), flood_of(request, new.where))
    except InboxUnavailable:
        return _form(request, form, receipt, status=503)
    if any(notes_of(request).values()):
        return render(request, "intake/own_sent.html", notes_of(request))
    response = redirect("own_sent")
    response.status_code = 303  # GET from here on: a reload sends nothing twice
    return response


def _form(request: HttpRequest, form: OwnForm, receipt: str, *, status: int = 200) -> HttpResponse:
    if form.is_bound:
        form = OwnForm(repeated(request, form.data, not_saved=status == 503))
    context = {
        "form": form,
        "receipt": receipt,
        **notes_of(request),
        "not_saved": status == 503,
    }
    return render(request, "intake/own.html", context, status=status)


@public
@require_safe
def own_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/own_sent.html")
