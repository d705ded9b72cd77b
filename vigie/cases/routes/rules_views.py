"""Pages of the routing rules: write, by form or as text; try on the newest items; switch on."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.cases.models import Ruleset
from vigie.cases.routes import lanes, routing, switching
from vigie.cases.routes.rule_forms import RuleSet, RulesForm, initial_of, moved
from vigie.cases.routes.rule_words import words_of
from vigie.cases.routes.rules import BadRules
from vigie.lib.numbers import whole_number
from vigie.lib.words import in_words
from vigie.people.models import Team
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


@requires(Permission.RULES_CHANGE)
@require_http_methods(["GET", "POST"])
def edit_rules(request: StaffRequest) -> HttpResponse:
    """The next set by a form. What is typed travels with it; nothing is kept before the end."""
    if request.method == "GET":
        found = Ruleset.objects.filter(pk=whole_number(request.GET.get("from", "")) or 0).first()
        now = found or routing.present()
        rules = routing.read_rules(now.text) if now else ()
        return _edit_page(request, RulesForm(initial=[initial_of(rule) for rule in rules]))
    typed, act = RulesForm(request.POST), request.POST.get("act", "keep")
    if act != "keep":
        try:
            rows, at = moved(typed.typed, act)
        except ValueError as error:
            raise Http404 from error
        return _edit_page(request, RulesForm(initial=rows), at, added=act == "add")
    if not typed.is_valid():
        return _edit_page(request, typed, status=422)
    try:
        return redirect("try_rules", number=routing.write(typed.text, request.user).pk)
    except BadRules as error:
        return _edit_page(request, typed, wrong=str(error), status=422)


def _edit_page(
    request: StaffRequest,
    rules: RuleSet,
    at: int = 0,
    wrong: str = "",
    status: int = 200,
    *,
    added: bool = False,
) -> HttpResponse:
    """``at``: the rule that lies open, and has the focus: of one just added, its name has it."""
    if added:
        rules.forms[at - 1].fields["name"].widget.attrs["autofocus"] = True
    context = {"rules": rules, "at": at, "wrong": wrong, "added": added}
    return render(request, "cases/edit_rules.html", context, status=status)


def _rules_page(request: StaffRequest, text: str = "", wrong: str = "") -> HttpResponse:
    now = routing.present()
    context = {
        "sets": Ruleset.objects.select_related("by").order_by("-pk")[:SHOWN],
        "present": now,
        "text": text or (now.text if now else EXAMPLE),
        "wrong": wrong,
        "lanes": lanes.lanes(),
        "teams": Team.objects.all(),
        "may_change": request.user.may(Permission.RULES_CHANGE),
    }
    return render(request, "cases/rules.html", context, status=422 if wrong else 200)


@requires(Permission.RULES_CHANGE)
@require_POST
def give_lane(request: StaffRequest) -> HttpResponse:
    """Say which team a lane belongs to, or that it is everybody's."""
    name = request.POST.get("lane", "")
    if not any(lane.name == name for lane in lanes.lanes()):
        raise Http404
    team = Team.objects.filter(pk=whole_number(request.POST.get("team", "")) or 0).first()
    lanes.give(name, team, request.user)
    messages.success(request, _("Kept."))
    return redirect("rules")


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
        "rules": [words_of(rule) for rule in routing.read_rules(found.text)],
        "may_change": request.user.may(Permission.RULES_CHANGE),
    }
    return render(request, "cases/try_rules.html", context)


@requires(Permission.RULES_CHANGE)
@require_POST
def ask_switch(request: StaffRequest, number: int) -> HttpResponse:
    """Ask a second person to switch these on."""
    found = get_object_or_404(Ruleset, pk=number)
    reason = request.POST.get("reason", "").strip()
    if not in_words(reason):
        messages.error(request, _("Say why, for the colleague who confirms."))
        return redirect("try_rules", number=number)
    try:
        switching.ask_switch(found, request.user, reason)
    except routing.NotTried:
        messages.error(request, _("First see what these rules would do."))
        return redirect("try_rules", number=number)
    messages.success(request, _("Asked. A colleague has to confirm."))
    return redirect("acts")
