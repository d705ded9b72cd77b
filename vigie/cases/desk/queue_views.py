"""The queue, its filters and the views that people keep; search; the setting of keys."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.cases.desk import selectors
from vigie.cases.desk.floods import floods
from vigie.cases.desk.listing import Cursor, Filter, counts, found_page, page_of
from vigie.cases.desk.row_html import lines
from vigie.cases.desk.searching import (
    NoSearch,
    carried_of,
    of_reference,
    sought,
    text_of,
    values_named,
)
from vigie.cases.desk.way_back import BACK, SOUGHT, back_of
from vigie.cases.models import SavedView
from vigie.cases.routes.lanes import lanes_of, waiting_in
from vigie.cases.welfare.budget import Budget
from vigie.cases.welfare.exposure import standing_of
from vigie.cases.welfare.limits import budget
from vigie.items import keys
from vigie.items.locators import Kind
from vigie.items.models import MATERIAL
from vigie.items.selectors import exactly, visible_to
from vigie.journal.services import Detail, append
from vigie.journal.verbs import Verb
from vigie.lib.prepared import Prepared
from vigie.staff.access import StaffRequest, requires, staff
from vigie.staff.models import User
from vigie.staff.permissions import Permission

MOST_VIEWS = 20


@requires(Permission.ITEMS_READ)
@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    """The queue: what waits, in the order of what matters, with what is known of it."""
    where, after = _asked(request.GET)
    page, more = page_of(request.user, where, after)
    listed: dict[str, Detail] = {"state": str(where.state), "count": len(page)}
    listed |= {"after": str(after)} if after != Cursor() else {}
    append(Verb.ITEMS_LISTED, "items", request.user.actor, page="queue", **listed, **where.chosen)
    grouped = request.user.may(Permission.ASSESS) and not where.chosen and after == Cursor()
    rows, told = selectors.rows(page), counts(request.user)
    lanes = lanes_of(request.user) if request.user.may(Permission.ASSESS) else []
    carried = f"?{urlencode({BACK: back})}" if (back := back_of(where)) else ""
    return render(
        request,
        "cases/queue.html",
        {
            "rows": rows,
            "lines": lines(rows, where.state, carried),
            "counts": told,
            "where": where,
            "state": str(where.state),
            "floods": floods(where.state) if grouped else [],
            "views": _views(by=request.user.pk),
            "lanes": waiting_in(lanes) if lanes else {},
            "many": told["to_assess"].endswith("+") if lanes else False,
            "kinds": list(Kind),  # the class itself would be called by the template
            "materials": MATERIAL,
            "more": more,
            "begun": after != Cursor(),
            "by_all": request.user.may(Permission.ITEMS_SEARCH),
            **standing_for(request.user),
        },
    )


_views = Prepared(lambda by: SavedView.objects.filter(by=by))


def _asked(data: QueryDict) -> tuple[Filter, Cursor]:
    try:
        return Filter.read(data.dict()), Cursor.read(data.get("after", ""))  # type: ignore[arg-type]
    except ValueError as error:
        raise Http404 from error


def standing_for(user: User, limits: Budget | None = None) -> dict[str, object]:
    """How much this person looked today, for the pages on which pictures can be asked for."""
    if not user.may(Permission.MEDIA_VIEW):
        return {}
    limits = limits or budget()
    return {"standing": standing_of(user, limits), "budget": limits}


@requires(Permission.ITEMS_READ)
@require_http_methods(["GET", "POST"])
def search(request: StaffRequest) -> HttpResponse:
    """By reference (of an item, a referral, a notice), exact address, domain or hash; what was
    found has an address without it.

    What was typed comes in the body of a form. The page that it leads to carries it sealed: an
    address belongs in no log and in no history, and "back" still finds the page.
    """
    if request.method == "POST":
        token = carried_of(request.POST.get("q", ""), _session(request))
        return redirect(f"{reverse('search')}?{urlencode({'s': token})}")
    try:
        text = text_of(request.GET.get("s", ""), _session(request))
        after = Cursor.read(request.GET.get("after", ""))
    except NoSearch:
        return redirect("queue")
    except ValueError as error:
        raise Http404 from error
    return _found(request, text, after)


def _session(request: StaffRequest) -> str:
    return request.session.session_key or ""


def _found(request: StaffRequest, text: str, after: Cursor) -> HttpResponse:
    everything, current = visible_to(request.user), keys.is_current()
    page, more = found_page(sought(everything, text, request.user), after)
    append(Verb.ITEM_SEARCHED, "items", request.user.actor, found=len(page))
    exact = values_named(text) or of_reference(everything, text) is not None
    near = bool(page) and not exact and not exactly(everything, text).exists()
    rows, back = selectors.rows(page), urlencode({SOUGHT: request.GET["s"]})
    found: dict[str, object] = {
        "rows": rows,
        "lines": lines(rows, state="", carried=f"?{urlencode({BACK: back})}"),
        "q": text,
        "sought": request.GET["s"],
        "more": more,
        "begun": after != Cursor(),
        "nearby": near,
        "old_key": not current,
        "by_all": request.user.may(Permission.ITEMS_SEARCH),
    }
    return render(request, "cases/queue.html", {**found, "counts": {}})


@requires(Permission.ASSESS)
@require_POST
def save_view(request: StaffRequest) -> HttpResponse:
    """Keep the present filter under a name; the same name again replaces it."""
    name = " ".join(request.POST.get("name", "").split())[:40]
    where, _start = _asked(QueryDict(request.POST.get("query", "")))
    mine = SavedView.objects.filter(by=request.user)
    if not name:
        messages.error(request, _("Give this view a name."))
    elif mine.exclude(name=name).count() >= MOST_VIEWS:
        messages.error(request, _("You keep as many views as there can be. Drop one first."))
    else:
        told = {"state": str(where.state), **where.chosen}
        with transaction.atomic():
            kept, _new = mine.update_or_create(
                name=name, defaults={"by": request.user, "query": where.query}
            )
            append(Verb.VIEW_KEPT, f"view:{kept.pk}", request.user.actor, **told)
    return redirect(f"{reverse('queue')}?{where.query}")


@requires(Permission.ASSESS)
@require_POST
def drop_view(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SavedView, pk=pk, by=request.user)
    with transaction.atomic():
        found.delete()
        append(Verb.VIEW_DROPPED, f"view:{pk}", request.user.actor)
    return redirect("queue")


@staff
@require_POST
def single_keys(request: StaffRequest) -> HttpResponse:
    """Keys of one letter, on or off: a setting of this person, on every machine."""
    on = request.POST.get("on") == "yes"
    User.objects.filter(pk=request.user.pk).update(single_keys=on)
    back = request.POST.get("next", "/")
    return redirect(back if _ours(request, back) else "/")


def _ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()})
