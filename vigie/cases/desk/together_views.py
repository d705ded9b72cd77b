"""After a decision: what belongs to it and still waits, decided in one act and undone in one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vigie.cases.deciding import reopening, repeats
from vigie.cases.deciding.opinions import Turn, standing
from vigie.cases.deciding.together import apply, fellows
from vigie.cases.desk import undo_words, way_back
from vigie.cases.looks import reasons
from vigie.cases.models import Assessment
from vigie.items import keys
from vigie.items.flow import Stale, State
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.numbers import whole_number
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission
from vigie.tracing.selectors import latest_look


@requires(Permission.ASSESS)
@require_http_methods(["GET", "POST"])
def together(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what belongs to a decision; sent with items, decide these alike."""
    source = get_object_or_404(_decisions(), pk=pk)
    if request.method == "GET":
        return _together_page(request, source)
    if not source.stands:
        refused = _("Nothing was decided: the decision that this would repeat no longer stands.")
        return _together_page(request, source, refused, status=409)
    made = apply(source, _sent(request, "items"), request.user, _sent(request, "by_hand"))
    said = ngettext("%(n)s item decided alike.", "%(n)s items decided alike.", made.done)
    messages.success(request, said % {"n": made.done})
    if made.left:
        left = ngettext(
            "%(n)s was left: it changed meanwhile, or a colleague has it.",
            "%(n)s were left: they changed meanwhile, or a colleague has them.",
            made.left,
        )
        messages.warning(request, left % {"n": made.left})
    return way_back.to_page(request, "together", pk)


def _sent(request: StaffRequest, name: str) -> set[int]:
    numbers = map(whole_number, request.POST.getlist(name))
    return {number for number in numbers if number is not None}


def _decisions() -> QuerySet[Assessment]:
    return Assessment.objects.select_related("item", "look", "by", "taken_back_by")


def _together_page(
    request: StaffRequest, source: Assessment, refused: str = "", status: int = 200
) -> HttpResponse:
    """``refused``: why what was asked for was not done; nothing was changed.

    Whoever is second of two is led to the item: what was decided before is not shown to them.
    """
    item = source.item
    waits = item.state == State.TO_ASSESS
    if waits and standing(item, latest_look(item), request.user).turn is Turn.SECOND:
        return way_back.to_page(request, "item", item.pk)
    stands = source.stands
    found = fellows(source, request.user) if stands else []
    back = reopening.way_back_of(source, request.user) if stands else None
    append(Verb.ITEMS_LISTED, "items", request.user.actor, page="together", count=len(found))
    context = {
        "source": source,
        "item": item,
        "locator": keys.shown(item.locator),
        "stands": stands,
        "refused": refused,
        "fellows": found,
        "ready": sum(fellow.fits for fellow in found),
        "apart": any(fellow.apart for fellow in found),
        "applied": source.applied_to.select_related("item").order_by("pk"),
        "way_back": back,
        "repeats": None if back and back.may else repeats.repeats_of(source, request.user),
        "reopen_reasons": reasons.offered("reopen"),
        **way_back.carried(request),
    }
    return render(request, "cases/together.html", context, status=status)


@requires(Permission.ASSESS)
@require_POST
def undo_all(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a decision back, with all that was decided with it; or, where it is too late for the
    decision itself, what repeats it. A lead says why."""
    source = get_object_or_404(_decisions(), pk=pk)
    if not repeats.theirs(source, request.user):
        raise PermissionDenied
    why = reasons.given(request.POST.get("why", ""), request.POST.get("own_why", ""))
    try:
        made = reopening.take_back(source, request.user, why)
    except Stale:
        return _undo_repeats(request, source, why)
    except reopening.WhyNeeded:
        return _together_page(request, source, undo_words.why_needed(), status=422)
    messages.success(request, undo_words.open_again(made))
    if made.told:
        messages.warning(request, undo_words.told(made))
    if made.staying:
        messages.warning(
            request,
            _("%(n)s stay: they are on their way to the police, or removed.") % {"n": made.staying},
        )
    return redirect("item", pk=source.item_id)


def _undo_repeats(request: StaffRequest, source: Assessment, why: str) -> HttpResponse:
    try:
        made = repeats.take_back(source, request.user, why)
    except reopening.WhyNeeded:
        return _together_page(request, source, undo_words.why_needed(), status=422)
    if not made.back:
        source = _decisions().get(pk=source.pk)
        return _together_page(request, source, undo_words.not_taken_back(source), status=409)
    messages.success(request, undo_words.open_again(made))
    if made.told:
        messages.warning(request, undo_words.told(made))
    if made.staying:
        messages.warning(request, undo_words.too_late(made))
    return way_back.to_page(request, "together", source.pk)
