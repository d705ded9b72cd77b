"""What reporters wrote, what they added later, and the questions that the team asks them."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vigie.cases.deciding.danger import note_opened
from vigie.cases.desk import way_back
from vigie.cases.desk.forms import PassphraseForm, QuestionForm
from vigie.cases.desk.unlock import unlock_words, unlocked_identity
from vigie.intake.doors import arrivals
from vigie.intake.forms import KINDS
from vigie.intake.further import PAGES
from vigie.intake.models import Addition, Report
from vigie.items import questions
from vigie.items.models import Item, Question
from vigie.items.selectors import visible_to
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.seal import Unsealable, recipient_of, unseal
from vigie.lib.visible import visible
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

Opened = dict[str, Any]
SHOWN = 100  # reports on a page


@dataclass
class Asked:
    """A question and its answers. ``text``: None when it does not open with the present key."""

    question: Question
    text: str | None
    answers: list[tuple[Addition, Opened | None]] = field(default_factory=list)


@dataclass
class Told:
    """All that one reporter told: the report, what was added in its order, questions, answers."""

    report: Report
    words: Opened | None
    added: list[tuple[Addition, Opened | None]]
    asked: list[Asked]
    may_be_asked: bool
    came: arrivals.Came | None


@requires(Permission.WORDS_READ)
@require_http_methods(["GET", "POST"])
def words(request: StaffRequest, pk: int) -> HttpResponse:
    """What reporters wrote about an item; asks for the passphrase once a session."""
    found = get_object_or_404(visible_to(request.user), pk=pk)
    if request.method == "POST":
        response = way_back.to_page(request, "words", pk)
        if unlock_words(request, response, request.POST.get("passphrase", "")):
            return response
        return _locked(request, found, wrong=True)
    return _page(request, found)


def _page(
    request: StaffRequest, item: Item, form: QuestionForm | None = None, report: int = 0
) -> HttpResponse:
    identity = unlocked_identity(request)
    if identity is None:
        return _locked(request, item)
    append(Verb.WORDS_READ, item.subject, request.user.actor)
    before = report or _number(request.GET.get("from", ""))
    if not before:  # what came last; of a thousand reports nobody opens ten pages
        note_opened(item, request.user)
    reports = list(_reports(item, before)[: SHOWN + 1])
    older = reports.pop().pk if len(reports) > SHOWN else None
    came = arrivals.came(reports)
    context = {
        "item": item,
        "opened": [_told(one, identity, came.get(one.pk)) for one in reports],
        "may_ask": request.user.may(Permission.ASSESS),
        "form": form or QuestionForm(),
        "number": uuid.uuid4(),
        "asking": report,
        "older": older,
        "newest": not before,
        **way_back.carried(request),
    }
    return render(request, "cases/words.html", context, status=422 if form else 200)


def _locked(request: StaffRequest, item: Item, *, wrong: bool = False) -> HttpResponse:
    context = {"item": item, "form": PassphraseForm(), "wrong": wrong, **way_back.carried(request)}
    return render(request, "cases/unlock.html", context, status=422 if wrong else 200)


@requires(Permission.ASSESS)
@require_POST
def ask(request: StaffRequest, pk: int, report_pk: int) -> HttpResponse:
    """Ask whoever has the receipt of this report."""
    found = get_object_or_404(visible_to(request.user), pk=pk)
    report = get_object_or_404(_reports(found), pk=report_pk)
    identity, form = unlocked_identity(request), QuestionForm(request.POST)
    if identity is None or not form.is_valid():
        return _page(request, found, form, report.pk)
    try:
        text, page = form.cleaned_data["text"], form.cleaned_data["page"]
        questions.ask(report, text, request.user, recipient_of(identity), page)
    except questions.CannotAsk:
        form.add_error("text", _("This reporter kept no code, or an old one: nobody would see it."))
        return _page(request, found, form, report.pk)
    messages.success(request, _("The question is asked. Whoever has the code can read it."))
    return way_back.to_page(request, "words", pk)


def _reports(item: Item, newest: int = 0) -> QuerySet[Report]:
    """The newest first: of what many report, the last word is not the hundredth page's.

    ``newest``: from this one on, and back.
    """
    found = Report.objects.filter(mentions__item=item).order_by("-pk")
    found = found.filter(pk__lte=newest) if newest else found
    return found.prefetch_related("additions", "questions__by")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _told(report: Report, identity: str, came: arrivals.Came | None) -> Told:
    asked = {
        question.pk: Asked(question, _readable(_opened(identity, question.words)))
        for question in report.questions.all()
    }
    added = []
    for addition in report.additions.all():
        one = addition, _read(identity, addition.words)
        if addition.question in asked:
            asked[addition.question].answers.append(one)
        else:
            added.append(one)
    added.sort(key=_place_in_row)
    may = questions.may_be_asked(report)
    return Told(report, _read(identity, report.words), added, list(asked.values()), may, came)


def _place_in_row(one: tuple[Addition, Opened | None]) -> tuple[datetime, int]:
    """By the hour, which is all that is kept, and then as the form's pages follow each other."""
    addition, words = one
    page = (words or {}).get("page")
    return addition.received_hour, PAGES.index(page) if page in PAGES else len(PAGES)


def _read(identity: str, sealed: bytes | memoryview) -> Opened | None:
    text = _opened(identity, sealed)
    if text is None:
        return None
    found: Opened = {name: _readable(one) for name, one in json.loads(text).items()}
    return {**found, "kind": dict(KINDS).get(found.get("kind", "")) if found.get("kind") else ""}


def _readable(value: Any) -> Any:
    """A text of signs that nobody sees is said to be one, or it would look like a fault of ours."""
    if not isinstance(value, str):
        return value
    if not value or any(map(_shows, value)):
        return visible(value)
    return _("[Something was sent here, but nothing in it can be read.]")


def _shows(sign: str) -> bool:
    return sign.isprintable() and not sign.isspace()


def _opened(identity: str, sealed: bytes | memoryview) -> str | None:
    try:
        return unseal(identity, bytes(sealed))
    except Unsealable:
        return None
