"""Pages of the routing rules: write, try on the newest items, switch on, go back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.cases import routing
from vigie.cases.models import Ruleset
from vigie.cases.rules import BadRules
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

SHOWN = 50
LONGEST = 20_000
EXAMPLE = """[[rule]]
name = "Sites confirmed before, hosted here"
country = ["BE"]
known_site = true
lane = "known sites"
hours = 12

[[rule]]
name = "Accounts that nobody can open"
kind = ["account"]
two = true
"""


@requires(Permission.RULES_READ)
@require_GET
def rules(request: StaffRequest) -> HttpResponse:
    """All sets of rules, and the form of the next."""
    return _rules_page(request)


@requires(Permission.RULES_CHANGE)
@require_POST
def write_rules(request: StaffRequest) -> HttpResponse:
    """Keep a set under the next number, and show what it would do."""
    text = request.POST.get("text", "")[:LONGEST]
    try:
        return redirect("try_rules", number=routing.write(text, request.user).pk)
    except BadRules as error:
        return _rules_page(request, text, str(error))


def _rules_page(request: StaffRequest, text: str = "", wrong: str = "") -> HttpResponse:
    now = routing.present()
    context = {
        "sets": Ruleset.objects.select_related("by").order_by("-pk")[:SHOWN],
        "present": now,
        "text": text or (now.text if now else EXAMPLE),
        "wrong": wrong,
        "may_change": request.user.may(Permission.RULES_CHANGE),
    }
    return render(request, "cases/rules.html", context, status=422 if wrong else 200)


@requires(Permission.RULES_READ)
@require_GET
def try_rules(request: StaffRequest, number: int) -> HttpResponse:
    """The dry run of a set: which of the newest items would go where."""
    found = get_object_or_404(Ruleset, pk=number)
    made = routing.trial(found, request.user)
    context = {
        "set": found,
        "present": routing.present(),
        "trial": made,
        "changed": made.changed[:SHOWN],
        "may_change": request.user.may(Permission.RULES_CHANGE),
    }
    return render(request, "cases/try_rules.html", context)


@requires(Permission.RULES_CHANGE)
@require_POST
def switch_on(request: StaffRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Ruleset, pk=number)
    try:
        routing.switch_on(found, request.user)
    except routing.NotTried:
        messages.error(request, _("First see what these rules would do."))
        return redirect("try_rules", number=number)
    messages.success(request, _("Rules %(n)d are switched on.") % {"n": number})
    return redirect("rules")
