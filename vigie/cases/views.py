"""The desk's pages about one item: the item, stills, decisions. (The queue: `queue_views`.)"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.cases import (
    calm,
    claims,
    decided,
    exposure,
    notes,
    opinions,
    reasons,
    reopening,
    repeated,
    selectors,
    services,
    site,
    together,
    trail,
    undo_words,
    way_back,
)
from vigie.cases.budget import Rest, Standing
from vigie.cases.forms import REASON_NEEDED, AssessmentForm
from vigie.cases.models import Assessment, Claim, Opinion, Route
from vigie.cases.opinions import NotTheirTurn, Turn
from vigie.cases.queue_views import standing_for
from vigie.cases.row_words import answer_tags, look_words
from vigie.cases.schema import schema
from vigie.intake.doors import arrivals
from vigie.intake.models import Report
from vigie.items import keys
from vigie.items.flow import IllegalMove, Stale, State
from vigie.items.models import Item
from vigie.items.selectors import visible_to
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.numbers import whole_number
from vigie.staff.access import StaffRequest, requires
from vigie.staff.models import User
from vigie.staff.permissions import Permission
from vigie.tracing.selectors import latest_hosting, latest_look
from vigie.tracing.services import ask_for_look


@requires(Permission.ITEMS_READ)
@require_GET
def item(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_to(request.user), pk=pk)
    exposure.still_there(request.user)
    append(Verb.ITEM_OPENED, found.subject, request.user.actor)
    return _item_page(request, found)


@requires(Permission.ASSESS)
@require_POST
def take_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an item out of a colleague's hands; what was typed meanwhile stays in the form."""
    found = get_object_or_404(visible_to(request.user), pk=pk)
    if found.state != State.TO_ASSESS:
        return way_back.to_page(request, "item", pk)
    claims.take_over(found, request.user)
    if not AssessmentForm.typed(request.POST):
        return way_back.to_page(request, "item", pk)
    return _item_page(request, found, _once_more(request, found))


def _item_page(
    request: StaffRequest,
    item: Item,
    form: AssessmentForm | None = None,
    status: int = 200,
    changed: bool = False,
) -> HttpResponse:
    look, before = latest_look(item), whole_number(request.GET.get("before", ""))
    waits = request.user.may(Permission.ASSESS) and item.state == State.TO_ASSESS
    found = opinions.standing(item, look, request.user) if waits else None
    may_assess = found is not None and found.turn not in (Turn.WAITS, Turn.LEAD)
    pictures = selectors.pictures_of(item, look, request.user.pk)
    standing = standing_for(request.user)
    held = _in_hand(item, request.user, pictures, standing.get("standing")) if may_assess else None
    settling = found is not None and found.turn is Turn.SETTLE
    known_count = sum(1 for p in pictures if p.known)
    initial: dict[str, object] = {"look": look.pk if look else None}
    if proposed := selectors.proposed(pictures):
        initial["classification"] = proposed
    route = Route.objects.filter(item=item).exclude(rule="").first()
    if route and route.hand_over_to:
        initial["hand_over_to"] = route.hand_over_to
    return render(
        request,
        "cases/item.html",
        {
            "item": item,
            "locator": keys.shown(item.locator),
            "reports": item.report_count,
            "doors": arrivals.doors_of(Report.objects.filter(mentions__item=item)),
            "first": item.mentions.order_by("report__received_hour").first(),
            "history": site.history_of(item, request.user),
            "look": look,
            "hosting": latest_hosting(item),
            "pictures": pictures,
            "known_count": known_count,
            "answers": answer_tags(item),
            "look_words": look_words(look, len(pictures), known_count),
            "proposed": proposed,
            "route": route,
            "others": reopening.others_of(item) if item.state == State.CLOSED else None,
            "way_back": reopening.way_back(item, request.user),
            "form": form or AssessmentForm(initial=initial, known=pictures, settling=settling),
            "changed": changed,  # something else is there than what the decision was about
            "may_assess": may_assess,
            "standing_of_two": found,
            "opinions": decided.opinions_shown(found, request.user) if found else [],
            "user_may_assess": request.user.may(Permission.ASSESS),
            "in_other_hands": held if held and held.by_id != request.user.pk else None,
            "may_view": _may_look(item, request.user),
            "waits": item.state == State.TO_ASSESS,
            "look_reasons": reasons.offered("second_look"),
            "reopen_reasons": reasons.offered("reopen"),
            **standing,
            "manner": calm.manner_of(request.user),
            "drawing": calm.drawing(),
            **way_back.carried(request),
            "may_keep": request.user.may(Permission.DATA_HOLD),
            "may_reopen": request.user.may(Permission.REOPEN),
            "may_read_words": request.user.may(Permission.WORDS_READ),
            "decisions": decided.decisions_of(item),
            "questions": schema().questions,
            "notes": notes.notes_of([item], request.user),
            "longest": notes.LONGEST,
            "trail": trail.trail(item, request.user, before),
            "trail_before": before,
        },
        status=status,
    )


def _in_hand(item: Item, by: User, shown: list[selectors.Picture], stands: object) -> Claim | None:
    """Take it in hand; but who looks no more today takes nothing that has to be looked at."""
    rests = isinstance(stands, Standing) and stands.rest in (Rest.SPENT, Rest.NOT_TODAY)
    if rests and not all(p.known or p.seen for p in shown):
        return claims.others_claim(item, by)
    return claims.claim(item, by)


def _may_look(item: Item, user: User) -> bool:
    """Of what is decided only a lead may, with a reason."""
    decided_too = item.state == State.TO_ASSESS or user.may(Permission.REOPEN)
    return user.may(Permission.MEDIA_VIEW) and decided_too


@requires(Permission.ASSESS)
@require_POST
def assess(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_to(request.user), pk=pk)
    exposure.still_there(request.user)
    look = latest_look(found)
    pictures = selectors.pictures_of(found, look, request.user.pk)
    settling = opinions.standing(found, look, request.user).turn is Turn.SETTLE
    form = AssessmentForm(request.POST, known=pictures, settling=settling)
    if not form.is_valid():
        return _item_page(request, found, form, status=422)
    try:
        made = services.assess(found, request.user, form.decision())
    except (Stale, IllegalMove, claims.InOtherHands, NotTheirTurn) as error:
        kept = repeated.kept_already(found, request.user, form.decision())
        return _go_on(request, kept) if kept else _not_written(request, found, form, error)
    except services.ReasonNeeded as error:
        form.add_error("reason", REASON_NEEDED[error.kind])
        return _item_page(request, found, form, status=422)
    except services.NotSeen:
        form.add_error(
            "pictures",
            _(
                "You have not seen one of these pictures. Without a look, only what is proposed "
                "for it can be decided."
            ),
        )
        return _item_page(request, found, form, status=422)
    return _go_on(request, made)


def _go_on(request: StaffRequest, made: Assessment | Opinion) -> HttpResponse:
    """It is kept: to what belongs to it, or back to the queue."""
    named = {"item": made.item.reference}
    if isinstance(made, Opinion):
        said = _("%(item)s: your assessment is kept. It takes another person before it is decided.")
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
    settling = opinions.standing(item, look, request.user).turn is Turn.SETTLE
    number = look.pk if look else None
    return AssessmentForm.once_more(request.POST, pictures, number, settling=settling)


def _not_written(
    request: StaffRequest, item: Item, form: AssessmentForm, error: Exception
) -> HttpResponse:
    """409: where it can still be decided, the form once more; else who was quicker."""
    now = Item.objects.get(pk=item.pk)
    if now.state == State.TO_ASSESS:
        found = opinions.standing(now, latest_look(now), request.user)
        if found.turn not in (Turn.WAITS, Turn.LEAD):
            return _item_page(request, now, _once_more(request, now), 409, isinstance(error, Stale))
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
    return way_back.to_page(request, "item", pk)


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
