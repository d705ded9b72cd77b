"""The newsletter on the desk: the list of editions, one edition, its preview, its sending."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.campaign.newsletter import editions, letters, links
from vigie.campaign.newsletter.editions import Stale, Unfinished
from vigie.campaign.newsletter.export import KIND as EXPORT
from vigie.campaign.newsletter.export import ask_export, export_list
from vigie.campaign.newsletter.forms import EditionForm, ProofForm, ReasonForm
from vigie.campaign.newsletter.models import Edition
from vigie.campaign.newsletter.prose import paragraphs
from vigie.campaign.newsletter.selectors import editions_visible_to, readers
from vigie.people.four_eyes import TooLate, ready
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

PAGE = 100
ASKED = ["GET", "HEAD", "POST"]
State = Edition.State


@requires(Permission.NEWSLETTER_EDIT)
@require_GET
def newsletter(request: StaffRequest) -> HttpResponse:
    return _newsletter(request)


def _newsletter(
    request: StaffRequest, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    found = editions_visible_to(request.user)[:PAGE]
    context = {
        "editions": [(edition, _title(edition, request.user.language)) for edition in found],
        "readers": readers(),
        "may_export": request.user.may(Permission.NEWSLETTER_EXPORT),
        "form": form or ReasonForm(),
        "ready": ready(EXPORT, request.user).exists(),
    }
    return render(request, "newsletter/editions.html", context, status=status)


def _title(edition: Edition, language: str) -> str:
    """Its subject in the reader's language, or in any."""
    subjects = {text.language: text.subject for text in edition.texts.all() if text.subject}
    return subjects.get(language) or next(iter(subjects.values()), "")


@requires(Permission.NEWSLETTER_EDIT)
@require_http_methods(ASKED)
def begin(request: StaffRequest) -> HttpResponse:
    form = EditionForm(request.POST or None, initial={"version": 0})
    if request.method == "POST" and form.is_valid():
        made = editions.begin_edition(form.texts, request.user.actor)
        messages.success(request, _("The draft is saved."))
        return redirect("edition", pk=made.pk)
    return _write_page(request, form, None)


@requires(Permission.NEWSLETTER_EDIT)
@require_http_methods(ASKED)
def write(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(editions_visible_to(request.user), pk=pk)
    if request.method != "POST":
        if found.state != State.DRAFT:
            return redirect("edition", pk=pk)
        return _write_page(request, EditionForm.of(found), found)
    form = EditionForm(request.POST)
    if not form.is_valid():
        return _write_page(request, form, found)
    try:
        seen = form.cleaned_data["version"]
        editions.rewrite_edition(found, form.texts, seen, request.user.actor)
    except Stale:
        return _write_page(request, form, found, overtaken=True)
    messages.success(request, _("The draft is saved."))
    return redirect("edition", pk=pk)


def _write_page(
    request: StaffRequest, form: EditionForm, found: Edition | None, *, overtaken: bool = False
) -> HttpResponse:
    """What was typed stays on the page, whatever is wrong with it or with the moment."""
    context = {"form": form, "edition": found, "overtaken": overtaken}
    status = 409 if overtaken else 422 if form.errors else 200
    return render(request, "newsletter/write.html", context, status=status)


@requires(Permission.NEWSLETTER_EDIT)
@require_GET
def edition(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(editions_visible_to(request.user), pk=pk)
    return _edition_page(request, found)


def _edition_page(
    request: StaffRequest, found: Edition, form: ProofForm | None = None, status: int = 200
) -> HttpResponse:
    left = found.deliveries.count()
    context = {
        "edition": found,
        "title": _title(found, request.user.language),
        "texts": {text.language: text for text in found.texts.all()},
        "missing": editions.missing(found),
        "form": form or ProofForm(initial={"language": request.user.language}),
        "readers": readers(),
        "left": left,
        "gone": found.planned - found.sent - found.refused - left,
        "trouble": found.deliveries.exclude(last_error="").count(),
        "may_send": request.user.may(Permission.NEWSLETTER_SEND),
    }
    return render(request, "newsletter/edition.html", context, status=status)


@requires(Permission.NEWSLETTER_EDIT)
@require_GET
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Each language as a reader gets it: the simple HTML, and the plain text to the letter."""
    found = get_object_or_404(editions_visible_to(request.user), pk=pk)
    texts = {text.language: text for text in found.texts.all() if text.whole}
    shown = []
    for code, name, _count in readers().by_language:
        if code in texts:
            leave = links.unsubscribe(links.NOBODYS, code)
            written = letters.written_edition(texts[code], leave)
            shown.append((code, name, written, paragraphs(texts[code].body)))
    context = {"edition": found, "shown": shown, "sender": letters.sender()}
    return render(request, "newsletter/preview.html", context)


@requires(Permission.NEWSLETTER_EDIT)
@require_POST
def test(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(editions_visible_to(request.user), pk=pk)
    form = ProofForm(request.POST)
    if not form.is_valid():
        return _edition_page(request, found, form, status=422)
    language = form.cleaned_data["language"]
    if language in editions.missing(found):
        form.add_error("language", _("There is no text in this language yet."))
        return _edition_page(request, found, form, status=422)
    address = form.cleaned_data["address"]
    editions.ask_for_proof(found, address, language, request.user.actor)
    messages.success(request, _("The test leaves in a moment."))
    return redirect("edition", pk=pk)


@requires(Permission.NEWSLETTER_SEND)
@require_POST
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """``version``: the page from which it was pressed; what was changed since is not approved."""
    found = get_object_or_404(editions_visible_to(request.user), pk=pk)
    seen = request.POST.get("version", "")
    try:
        version = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
        editions.approve_edition(found, version, request.user.actor)
    except (Stale, Unfinished) as error:
        return _conflict(request, found, stale=isinstance(error, Stale))
    messages.success(request, _("Approved. The letters are leaving."))
    return redirect("edition", pk=pk)


@requires(Permission.NEWSLETTER_SEND)
@require_POST
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(editions_visible_to(request.user), pk=pk)
    try:
        editions.stop_edition(found, request.user.actor)
    except Stale:
        return _conflict(request, found, stale=True)
    messages.success(request, _("Stopped. What had not left stays here."))
    return redirect("edition", pk=pk)


def _conflict(request: StaffRequest, found: Edition, *, stale: bool) -> HttpResponse:
    context = {"edition": found, "stale": stale}
    return render(request, "newsletter/conflict.html", context, status=409)


@requires(Permission.NEWSLETTER_EXPORT)
@require_POST
def ask_newsletter_export(request: StaffRequest) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _newsletter(request, form, status=422)
    ask_export(request.user, form.cleaned_data["reason"])
    messages.success(request, _("Asked. A colleague has to confirm."))
    return redirect("acts")


@requires(Permission.NEWSLETTER_EXPORT)
@require_POST
def export(request: StaffRequest) -> HttpResponseBase:
    """The list as a file. A post: no link, no mail scanner and no reload takes it out."""
    try:
        lines = export_list(request.user)
    except TooLate:
        messages.error(request, _("The list was taken already, or its hour is over. Ask again."))
        return _newsletter(request, status=409)
    answer = StreamingHttpResponse(lines, content_type="text/csv")
    name = f"newsletter-{timezone.localdate():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
