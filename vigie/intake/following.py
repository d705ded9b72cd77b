"""The page of a receipt: how far its report is, the team's questions, and the answers to them.

The eight words travel in the bodies of forms only. What was sent is never shown again.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from vigie.intake.forms import ReceiptForm
from vigie.intake.models import COURSES
from vigie.intake.reading import fields_of, notes_of, repeated
from vigie.intake.receipts import LONGEST
from vigie.intake.selectors import Shown, shown_receipt
from vigie.intake.services import InboxUnavailable, answer
from vigie.lib.access import public


@public
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """How far a report is. The code is asked by form, never by address: addresses are kept."""
    post = request.method == "POST"
    sent = fields_of(request, ["words", "question", "answer"]) if post else {}
    if "words" in sent:  # a code is no longer; megabytes would come back as an even larger page
        sent["words"] = sent["words"][: LONGEST + 1]
    form = ReceiptForm(sent if post else None)
    context: dict[str, object] = {"words": form["words"].value() or "", "asked": form.is_valid()}
    if form.is_valid():
        shown = shown_receipt(form.cleaned_data["words"])
        context |= {"shown": shown, "steps": _steps(shown)}
        if "answer" in sent:
            context |= _answered(shown, sent)
    not_saved = "not_saved" in context
    if "answer" in context:
        context |= repeated(request, {"answer": sent["answer"]}, not_saved=not_saved)
    context |= notes_of(request)
    status = 503 if not_saved else 200
    return render(request, "intake/receipt.html", context, status=status)


def _answered(shown: Shown | None, sent: dict[str, str]) -> dict[str, object]:
    """Send the answer to a question that this receipt shows. What was typed is never lost."""
    text = sent["answer"]
    number = sent.get("question", "")
    kept: dict[str, object] = {"question": number, "answer": text}
    question = shown.question(number) if shown else None
    if not text.strip():
        return kept | {"empty": True}
    if not shown or not question:
        return kept | {"unknown": True}
    try:
        answer(shown.hash, question.id, text)
    except InboxUnavailable:
        return kept | {"not_saved": True}
    return {"answered": question.id}


def _steps(shown: Shown | None) -> list[tuple[str, str]]:
    """The three steps, each with ``past``, ``current`` or ``ahead``."""
    if shown is None:
        return []
    now = COURSES.index(shown.course)
    return [
        (course, "current" if i == now else "past" if i < now else "ahead")
        for i, course in enumerate(COURSES)
    ]
