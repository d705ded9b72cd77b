"""The page of a case (the items of one site), and notes for colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.cases.desk import notes, site, way_back
from vigie.cases.desk.selectors import MOST_SHOWN
from vigie.cases.desk.views import back_to_item
from vigie.items import keys
from vigie.items.locators import parse
from vigie.items.models import Item
from vigie.items.selectors import visible_to
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.numbers import whole_number
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

MOST_LISTED = 50


@dataclass(frozen=True)
class Place:
    """``where``: text, opened for this page only, as much of it as a line holds; '' if erased."""

    item: Item
    where: str


def _places(items: Sequence[Item]) -> list[Place]:
    sealed = dict(Item.objects.filter(pk__in=[i.pk for i in items]).values_list("pk", "locator"))
    return [Place(item, Truncator(keys.shown(sealed[item.pk])).chars(MOST_SHOWN)) for item in items]


def _site(locator: str) -> str:
    """The domain of an address; '' for what has none."""
    found = parse(locator)
    return (found[0].domain or "") if found else ""


@requires(Permission.ITEMS_READ)
@require_GET
def case(request: StaffRequest, pk: int) -> HttpResponse:
    """All of the site of an item: what there is, what colleagues wrote, what happened."""
    item = get_object_or_404(visible_to(request.user), pk=pk)
    found = site.case_of(item, request.user)
    before = whole_number(request.GET.get("before", ""))
    lines, earlier = site.timeline(found, request.user, before)
    count = len(found.items)
    append(Verb.ITEMS_LISTED, "items", request.user.actor, page="case", count=count, like=item.pk)
    context = {
        "item": item,
        "locator": keys.shown(item.locator),
        "site": _site(keys.shown(item.locator)),
        "case": found,
        "listed": _places(found.items[:MOST_LISTED]),
        "notes": notes.notes_of(found.items, request.user),
        "longest": notes.LONGEST,
        "lines": lines,
        "earlier": earlier,
        "later": before,
        **way_back.carried(request),
    }
    return render(request, "cases/case.html", context)


@requires(Permission.ITEMS_READ)
@require_POST
def write_note(request: StaffRequest, pk: int) -> HttpResponse:
    """A note for colleagues; back to the page where it was written."""
    item = get_object_or_404(visible_to(request.user), pk=pk)
    text = request.POST.get("text", "").replace("\x00", "").strip()
    if text and not item.is_erased and not notes.just_written(item, text, request.user):
        notes.write_note(item, text, request.user)
        messages.success(request, _("Your note is kept."))
    if request.POST.get("from") == "case":
        return way_back.to_page(request, "case", pk)
    return back_to_item(request, item)
