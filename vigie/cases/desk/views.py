"""The desk's pages about one item: the item, stills, decisions. (The queue: `queue_views`.)"""

from collections.abc import Callable
from functools import cache

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.cases import claims
from vigie.cases.deciding import danger, opinions, reopening, repeated, services, together
from vigie.cases.deciding.opinions import NotTheirTurn, Turn
from vigie.cases.desk import notes, selectors, undo_words, way_back
from vigie.cases.desk.forms import AssessmentForm
from vigie.cases.desk.item_page import item_page
from vigie.cases.looks import reasons
from vigie.cases.models import Assessment, Opinion
from vigie.cases.welfare import exposure
from vigie.items.flow import IllegalMove, Stale, State
from vigie.items.models import Item
from vigie.items.selectors import visible_to
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.prepared import Prepared
from vigie.staff.access import StaffRequest, requires
from vigie.staff.models import User
from vigie.staff.permissions import Permission
from vigie.tracing.selectors import latest_look
from vigie.tracing.services import ask_for_look


@cache
def _one(role: str) -> Prepared[Item]:
    items = visible_to(User(role=role))
    return Prepared(lambda pk: items.filter(pk=pk))


@requires(Permission.ITEMS_READ)
@require_GET
def item(request: StaffRequest, pk: int) -> HttpResponse:
    found = _one(request.user.role).first(pk=pk)
    if found is None:
        raise Http404
    exposure.still_there(request.user)
    append(Verb.ITEM_OPENED, found.subject, request.user.actor)
    return item_page(request, found)


@requires(Permission.ASSESS)
@require_POST
def take_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an item out of a colleague's hands; what was typed meanwhile stays in the form."""
    found = get_object_or_404(visible_to(request.user), pk=pk)
    if found.state != State.TO_ASSESS:
        return way_back.to_page(request, "item", pk)
    claims.take_over(found, request.user)
    return back_to_item(request, found)


@requires(Permission.ASSESS)
@require_POST
def put_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Let go of an item that was only read; back to where they came from."""
    claims.put_back(get_object_or_404(visible_to(request.user), pk=pk), request.user)
    return redirect(way_back.carried(request)["queue_address"])


@requires(Permission.ASSESS)
@require_POST
def assess(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_to(request.user), pk=pk)
    exposure.arrived(request.user, request.POST.getlist("shown"))
    exposure.ended(request.user, request.POST.getlist("ended"))
    exposure.still_there(request.user)
    look = latest_look(found)
    pictures = selectors.pictures_of(found, look, request.user.pk)
    turn = opinions.standing(found, look, request.user).turn
    form = AssessmentForm(request.POST, known=pictures, turn=turn)
    if not form.is_valid():
        return item_page(request, found, form, status=422)
    try:
        made = services.assess(found, request.user, form.decision())
    except (Stale, IllegalMove, claims.InOtherHands, NotTheirTurn) as error:
        kept = repeated.kept_already(found, request.user, form.decision())
        return _go_on(request, kept) if kept else _not_written(request, found, form, error)
    except services.ReasonNeeded as error:
        form.ask_why(error.kind, error.pictures, error.partly)
        return item_page(request, found, form, status=422)
    except services.NotSeen as error:
        form.ask_to_look(error.pictures)
        return item_page(request, found, form, status=422)
    except danger.WordsFirst:
        form.ask_to_open()
        return item_page(request, found, form, status=422)
    return _go_on(request, made)


def _go_on(request: StaffRequest, made: Assessment | Opinion) -> HttpResponse:
    """It is kept: to what belongs to it, or back to the queue."""
    named = {"item": made.item.reference}
    if isinstance(made, Opinion):
        found = opinions.standing(made.item, latest_look(made.item), request.user)
        said = _("%(item)s: your assessment is kept. It takes another person before it is decided.")
        if found.turn is Turn.SETTLE:
            said = _("%(item)s: your assessment is kept. The two differ: now you decide.")
        messages.success(request, said % named)
        return way_back.to_queue(request)
    messages.success(request, undo_words.kept(made))
    if together.fellows(made, request.user):
        return way_back.to_page(request, "together", made.pk)
    return way_back.to_queue(request)


def _once_more(request: StaffRequest, item: Item) -> AssessmentForm:
    """The form with what was typed, about what is there now."""
    look = latest_look(item)
    pictures = selectors.pictures_of(item, look, request.user.pk)
    turn = opinions.standing(item, look, request.user).turn
    number = look.pk if look else None
    return AssessmentForm.once_more(request.POST, pictures, number, turn=turn)


def _not_written(
    request: StaffRequest, item: Item, form: AssessmentForm, error: Exception
) -> HttpResponse:
    """409: where it can still be decided, the form once more; else who was quicker."""
    now = Item.objects.get(pk=item.pk)
    if now.state == State.TO_ASSESS:
        found = opinions.standing(now, latest_look(now), request.user)
        if found.turn not in (Turn.WAITS, Turn.LEAD):
            return item_page(request, now, _once_more(request, now), 409, isinstance(error, Stale))
    return _conflict(request, now, error, form.decision())


def _conflict(
    request: StaffRequest, item: Item, error: Exception, wanted: services.Decision | None = None
) -> HttpResponse:
    """409: the road has no such step, or a colleague was quicker. Nothing was changed."""
    last = item.assessments.select_related("by").first()
    context = {
        "item": item,
        "stale": isinstance(error, Stale) or wanted,
        "last": last if last and last.stands else None,
        "wanted": wanted,
        "longest": notes.LONGEST,
        **way_back.carried(request),
    }
    return render(request, "cases/conflict.html", context, status=409)


@requires(Permission.ASSESS)
@require_POST
def look_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the worker for another look."""
    found = get_object_or_404(visible_to(request.user), pk=pk)
    ask_for_look(found, request.user.actor)
    messages.success(request, _("The worker will look again."))
    return back_to_item(request, found)


def back_to_item(request: StaffRequest, item: Item) -> HttpResponse:
    """To its page; what was typed of a decision there, and sent along, stays in the form."""
    assesses = request.user.may(Permission.ASSESS) and item.state == State.TO_ASSESS
    if assesses and AssessmentForm.typed(request.POST):
        return item_page(request, item, _once_more(request, item))
    return way_back.to_page(request, "item", item.pk)


@requires(Permission.REOPEN)
@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """The reason, if one was given, stands as a note for whoever takes it up."""
    words = reasons.given(request.POST.get("why", ""), request.POST.get("own_why", ""))

    def act(item: Item, by: User) -> None:
        reopening.reopen(item, by)
        if words:
            notes.write_note(item, words, by)

    return _lead_act(request, pk, act)


@requires(Permission.REOPEN)
@require_POST
def conclude(request: StaffRequest, pk: int) -> HttpResponse:
    return _lead_act(request, pk, services.conclude)


def _lead_act(request: StaffRequest, pk: int, act: Callable[[Item, User], object]) -> HttpResponse:
    found = get_object_or_404(visible_to(request.user), pk=pk)
    try:
        act(found, request.user)
    except (Stale, IllegalMove) as error:
        return _conflict(request, Item.objects.get(pk=pk), error)
    return redirect("item", pk=pk)
