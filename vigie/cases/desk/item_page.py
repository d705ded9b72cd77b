"""What the page of an item shows: what is known of it, whose turn it is, what was done."""

from typing import Any

from django.db.models import QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render

from vigie.cases import claims
from vigie.cases.deciding import danger, decided, opinions, reopening
from vigie.cases.deciding.opinions import Turn
from vigie.cases.deciding.schema import schema
from vigie.cases.desk import notes, selectors, site, trail, way_back
from vigie.cases.desk.forms import AssessmentForm
from vigie.cases.desk.queue_views import standing_for
from vigie.cases.looks import reasons
from vigie.cases.models import Claim, Route
from vigie.cases.row_words import answer_tags, look_words
from vigie.cases.welfare import calm
from vigie.cases.welfare.budget import Rest, Standing
from vigie.cases.welfare.limits import in_force
from vigie.intake.doors import arrivals
from vigie.intake.doors.models import Arrival
from vigie.intake.models import Report
from vigie.items import errands, keys
from vigie.items.flow import State
from vigie.items.models import Errand, Item, Mention
from vigie.lib.numbers import whole_number
from vigie.lib.prepared import Blank, Prepared
from vigie.staff.access import StaffRequest
from vigie.staff.models import User
from vigie.staff.permissions import Permission
from vigie.tracing.models import Look
from vigie.tracing.selectors import latest_hosting, latest_look


def item_page(
    request: StaffRequest,
    item: Item,
    form: AssessmentForm | None = None,
    status: int = 200,
    changed: bool = False,
) -> HttpResponse:
    """``changed``: something else is there than what the decision was about."""
    user, look = request.user, latest_look(item)
    limits, demands = in_force()
    manner = calm.manner_of(user, demands)
    pictures = selectors.pictures_of(item, look, user.pk, outlines=manner.outlines)
    route = _route.first(item=item.pk)
    standing = standing_for(user, limits)
    deciding = _of_deciding(item, user, look, pictures, standing.get("standing"))
    context = {
        **_of_item(item, user, look, pictures),
        **deciding,
        **_of_looking(item, user),
        "manner": manner,
        **_of_what_was_done(item, user, whole_number(request.GET.get("before", ""))),
        **standing,
        **way_back.carried(request),
        "route": route,
        "changed": changed,
    }
    if deciding["second"]:  # judges for themselves: not by what the first decided before, either
        context["decisions"] = []
        dangers = [one for one in errands.of_item(item) if one.why == Errand.Why.DANGER]
        context["errands"] = dangers
    form = form or _blank(
        look, pictures, route, Turn.SETTLE if deciding["settling"] else Turn.FIRST
    )
    named = form["pictures"].value() or []
    context |= {"form": form, "named": [p for p in pictures if str(p.media.pk) in named]}
    return render(request, "cases/item.html", context, status=status)


def _of_item(
    item: Item, user: User, look: Look | None, pictures: list[selectors.Picture]
) -> dict[str, object]:
    """What was reported, and what the worker found."""
    known = sum(1 for p in pictures if p.known)
    return {
        "item": item,
        "locator": keys.shown(item.locator),
        "reports": item.report_count,
        "doors": arrivals.doors_of(_arrivals(item=item.pk)),
        **_of_reports(item),
        "opened": item.words_opened_by.select_related("by").first() if item.words_opened else None,
        "history": site.history_of(item, user),
        "look": look,
        "hosting": getattr(look, "hosting", None) or latest_hosting(item),
        "pictures": pictures,
        "has_videos": any(p.media.is_video for p in pictures),
        "long_videos": selectors.long_videos(look),
        "known_count": known,
        "answers": answer_tags(item),
        "look_words": look_words(look, [p.media for p in pictures], known),
    }


def _of_reports(item: Item) -> dict[str, object]:
    """When the first report came; and the most places that one left out, for there were too many.

    They lie all over a large table: the indexes leave one of them to be read."""
    ((first, left_out),) = _mentioned(item=item.pk)
    return {"first": first, "left_out": left_out}


_route = Prepared(lambda item: Route.objects.filter(item=item).exclude(rule=""))


def _reports_of(item: Any) -> QuerySet[Mention, Any]:
    return Mention.objects.filter(item=item).values("report").order_by("report")


def _first_and_left_out(item: Blank) -> QuerySet[Item, Any]:
    first = Report.objects.filter(pk__in=_reports_of(item)[:1]).values("received_hour")
    long = Report.objects.filter(left_out__gt=0, pk__in=_reports_of(item))
    most = long.order_by("-left_out").values("left_out")[:1]
    return Item.objects.filter(pk=item).values_list(Subquery(first), Subquery(most))


_arrivals = Prepared(
    lambda item: Arrival.objects.filter(report__in=_reports_of(item)).order_by("pk")
)
_mentioned = Prepared(_first_and_left_out)


def _of_deciding(
    item: Item,
    user: User,
    look: Look | None,
    pictures: list[selectors.Picture],
    stands: object,
) -> dict[str, object]:
    """Whose turn it is. It is in this person's hands from now on, if it is theirs."""
    waits = user.may(Permission.ASSESS) and item.state == State.TO_ASSESS
    found = opinions.standing(item, look, user) if waits else None
    may_assess = found is not None and found.turn not in (Turn.WAITS, Turn.LEAD)
    held = _in_hand(item, user, pictures, stands) if may_assess else None
    return {
        "may_assess": may_assess,
        "second": found is not None and found.turn is Turn.SECOND,
        "settling": found is not None and found.turn is Turn.SETTLE,
        "standing_of_two": found,
        "opinions": decided.opinions_shown(found, user) if found else [],
        "proposed": selectors.proposed(pictures),
        "user_may_assess": user.may(Permission.ASSESS),
        "must_open": may_assess and item.danger and not danger.may_close(item, user),
        "in_other_hands": held if held and held.by_id != user.pk else None,
        "in_my_hands": held if held and held.by_id == user.pk else None,
    }


def _of_looking(item: Item, user: User) -> dict[str, object]:
    return {
        "may_view": _may_look(item, user),
        "waits": item.state == State.TO_ASSESS,
        "look_reasons": reasons.offered("second_look"),
        "drawing": calm.drawing(),
    }


def _of_what_was_done(item: Item, user: User, before: int | None) -> dict[str, object]:
    """Decisions, notes and the trail; and what can be undone. ``before``: a page of the trail."""
    return {
        "others": reopening.others_of(item) if item.state == State.CLOSED else None,
        "way_back": reopening.way_back(item, user),
        "reopen_reasons": reasons.offered("reopen"),
        "may_keep": user.may(Permission.DATA_HOLD),
        "may_reopen": user.may(Permission.REOPEN),
        "may_read_words": user.may(Permission.WORDS_READ),
        "decisions": decided.decisions_of(item),
        "errands": errands.of_item(item),
        "questions": schema().questions,
        "notes": notes.notes_of([item], user),
        "longest": notes.LONGEST,
        "trail": trail.trail(item, user, before),
        "trail_before": before,
    }


def _blank(
    look: Look | None, pictures: list[selectors.Picture], route: Route | None, turn: Turn
) -> AssessmentForm:
    """The form as it is first shown, with what is proposed."""
    initial: dict[str, object] = {"look": look.pk if look else None}
    if proposed := selectors.proposed(pictures):
        initial["classification"] = proposed
    if route and route.hand_over_to:
        initial["hand_over_to"] = route.hand_over_to
    return AssessmentForm(initial=initial, known=pictures, turn=turn)


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
