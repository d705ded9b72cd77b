"""What is being watched."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vigie.items import keys
from vigie.items.flow import WATCHED
from vigie.items.selectors import visible_to
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission
from vigie.watch.models import Check


@requires(Permission.WATCH_READ)
@require_GET
def watched(request: StaffRequest) -> HttpResponse:
    found = visible_to(request.user).filter(state__in=[s.value for s in WATCHED])
    found = found.exclude(locator=b"")  # erased: nobody looks there any more
    checks = Prefetch("checks", Check.objects.order_by("-at", "-id"))
    items = found.order_by("-changed_at").prefetch_related(checks)[:100]
    rows = [
        {
            "item": item,
            "locator": keys.shown(item.locator),
            "check": next(iter(item.checks.all()), None),
        }
        for item in items
    ]
    append(Verb.ITEMS_LISTED, "items", request.user.actor, page="watch", count=len(rows))
    return render(request, "watch/watched.html", {"rows": rows})
