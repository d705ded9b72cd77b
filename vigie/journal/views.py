"""Reading the journal: one's own acts, or all of them; and that is an act too."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vigie.journal.selectors import readable, visible_to
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.numbers import whole_number
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

PAGE = 100


@requires(Permission.JOURNAL_READ_OWN)
@require_GET
def journal(request: StaffRequest) -> HttpResponse:
    asked = request.GET.get("before", "")
    before = whole_number(asked)
    if asked and before is None:
        raise Http404
    entries = visible_to(request.user)
    if before is not None:
        entries = entries.filter(seq__lt=before)
    page = list(entries[: PAGE + 1])
    detail = {} if before is None else {"before": before}
    append(Verb.JOURNAL_READ, "journal", request.user.actor, **detail)
    context = {
        "lines": readable(page[:PAGE]),
        "more": page[PAGE - 1].seq if len(page) > PAGE else None,
        "all": request.user.may(Permission.JOURNAL_READ_ALL),
    }
    return render(request, "journal/journal.html", context)
