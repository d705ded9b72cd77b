"""The desk's pages about hash lists. What takes two people is in `lists.four_eyes`,
and waits on a page of its own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.numbers import whole_number
from vigie.lib.words import in_words
from vigie.matching import selectors
from vigie.matching.forms import ExportForm, FindForm, PowersForm
from vigie.matching.lists import disputing, feedback, four_eyes, ours, vocabulary
from vigie.matching.lists.lookup import listed
from vigie.matching.lists.models import Export, Feedback, HashList, ListedHash
from vigie.people.four_eyes import TooLate
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

TYPES = {"vics": ("application/json", "json"), "csv": ("text/csv", "csv")}


@requires(Permission.LISTS_READ)
@require_GET
def hash_lists(request: StaffRequest) -> HttpResponse:
    return _lists_page(request)


def _lists_page(
    request: StaffRequest, form: ExportForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "lists": selectors.lists(),
        "ready": selectors.ready_for(request.user),
        "form": form or ExportForm(),
        "may_change": request.user.may(Permission.LISTS_CHANGE),
        "may_export": request.user.may(Permission.HASHES_EXPORT),
        "may_judge": request.user.may(Permission.HASHES_JUDGE),
    }
    return render(request, "matching/lists.html", context, status=status)


@requires(Permission.LISTS_READ)
@require_GET
def hash_list(request: StaffRequest, pk: int) -> HttpResponse:
    return _list_page(request, get_object_or_404(HashList, pk=pk))


def _list_page(
    request: StaffRequest, found: HashList, form: PowersForm | None = None, status: int = 200
) -> HttpResponse:
    powers = {name: getattr(found, name) for name in four_eyes.POWERS}
    context = {
        "list": found,
        "form": form or PowersForm(initial=powers),
        "may_change": request.user.may(Permission.LISTS_CHANGE),
        "sizes": selectors.sizes(found),
        "words": selectors.words_of(found),
        "version": vocabulary.version(),
        "aside": found.set_aside.order_by("-at", "line")[:100],
        "aside_count": found.set_aside.count(),
    }
    return render(request, "matching/list.html", context, status=status)


@requires(Permission.LISTS_CHANGE)
@require_POST
def ask_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask a colleague to approve that a list's matches may do something else."""
    found = get_object_or_404(HashList, pk=pk)
    form = PowersForm(request.POST)
    if not form.is_valid():
        return _list_page(request, found, form, status=422)
    four_eyes.ask_change(found, request.user, **form.cleaned_data)
    messages.success(request, _("Asked. A colleague has to confirm."))
    return redirect("acts")


@requires(Permission.HASHES_EXPORT)
@require_POST
def ask_export(request: StaffRequest) -> HttpResponse:
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _lists_page(request, form, status=422)
    if not ours.count():
        messages.error(request, _("There is nothing to export: we have confirmed no picture yet."))
        return _lists_page(request, form, status=409)
    data = form.cleaned_data
    four_eyes.ask_export(data["layout"], request.user, data["export_reason"])
    messages.success(request, _("Asked. A colleague has to confirm."))
    return redirect("acts")


@requires(Permission.HASHES_EXPORT)
@require_POST
def take_export(request: StaffRequest, pk: int) -> HttpResponse:
    """The file that this person asked for and a colleague approved: once, and then it is gone."""
    export = get_object_or_404(Export, pk=pk, act__asked_by=request.user)
    try:
        content = four_eyes.take(export, request.user.actor)
    except TooLate:
        messages.error(request, _("The file was taken already, or its hour is over. Ask again."))
        return _lists_page(request, status=409)
    media_type, ending = TYPES[export.act.what["layout"]]
    name = f'attachment; filename="hashes-{export.act_id}.{ending}"'
    return HttpResponse(content, media_type, headers={"Content-Disposition": name})


@requires(Permission.HASHES_JUDGE)
@require_http_methods(["GET", "POST"])
def find_hash(request: StaffRequest) -> HttpResponse:
    """Which lists hold a value. In a POST body: a value belongs in no address and no log."""
    form = FindForm(request.POST or None)
    found: list[ListedHash] | None = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        found = list(listed({data["kind"]: data["value"]})[:50])
        append(Verb.HASH_SOUGHT, "lists", request.user.actor, kind=data["kind"], found=len(found))
    context = {"form": form, "found": found, "says": Feedback.Says}
    return render(request, "matching/find.html", context, status=422 if form.errors else 200)


@requires(Permission.HASHES_JUDGE)
@require_POST
def judge_hash(request: StaffRequest, pk: int) -> HttpResponse:
    """Tell an entry's owner that we agree, or that we do not; what changes whether it counts here
    is asked of a second person."""
    entry = get_object_or_404(ListedHash.objects.select_related("list"), pk=pk)
    says = request.POST.get("says", "")
    if says in Feedback.Says and entry.state != ListedHash.State.WITHDRAWN:
        if disputing.takes_two(entry, says):
            _ask_two(request, entry, says)
        else:
            _tell_owner(request, entry, says)
    item = whole_number(request.POST.get("item", ""))
    return redirect("item", item) if item else redirect("find_hash")


def _ask_two(request: StaffRequest, entry: ListedHash, says: str) -> None:
    reason = " ".join(request.POST.get("reason", "").split())
    if not in_words(reason):
        messages.error(request, _("Say why, so that a second person can judge it."))
        return
    try:
        disputing.ask(entry, says, request.user, reason)
    except disputing.Waits:
        messages.warning(request, _("Somebody asked this already. It waits for a second person."))
    except disputing.TooMany:
        messages.error(request, _("As many as can be of what you asked wait for a second person."))
    else:
        words = _(
            "Asked. A lead or the manager confirms it. Until then nobody decides by this entry "
            "without a look."
        )
        messages.success(request, words)
    _warn_of_others(request, entry, says)


def _tell_owner(request: StaffRequest, entry: ListedHash, says: str) -> None:
    sent = feedback.give_feedback(entry, says, request.user.actor)
    told = _("Kept. The worker tells the list’s owner.")
    alone = _("Kept here. This list came as a file: tell its owner yourself.")
    messages.success(request, told if sent else alone)


def _warn_of_others(request: StaffRequest, entry: ListedHash, says: str) -> None:
    if says == Feedback.Says.DISPUTE and feedback.others_count(entry):
        words = _(
            "Other values under the same number still count here: they came at another time, and "
            "may be of another picture. Look them up one by one."
        )
        messages.warning(request, words)
