"""Proposing another text of a policy. It is in force once a second person confirms."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from vigie.cases.welfare import limits
from vigie.dispatch import changing as jurisdiction
from vigie.dispatch.policy import BadPolicy as BadJurisdiction
from vigie.keeping import changing as retention
from vigie.keeping.policy import BadPolicy as BadRetention
from vigie.lib.words import a_reason
from vigie.people.models import PendingAct
from vigie.staff.access import StaffRequest, requires
from vigie.staff.models import User
from vigie.staff.permissions import Permission


@dataclass(frozen=True)
class Policy:
    words: Promise
    present: Callable[[], tuple[str, str]]
    ask: Callable[[str, User, str], PendingAct]


POLICIES = {
    "jurisdiction": Policy(
        gettext_lazy("Jurisdiction"), jurisdiction.present, jurisdiction.ask_policy
    ),
    "retention": Policy(gettext_lazy("Retention"), retention.present, retention.ask_retention),
}


class PolicyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("The whole text"),
        help_text=gettext_lazy("TOML, as it is now. Change it, and give it another version."),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 24,
                "spellcheck": "false",
                "class": "loc",
                "aria-describedby": "id_text_helptext",
            }
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The colleague who confirms reads it."),
        max_length=200,
        validators=[a_reason],
        widget=forms.TextInput(attrs={"aria-describedby": "id_reason_helptext"}),
    )


@requires(Permission.POLICY_CHANGE)
@require_GET
def policies(request: StaffRequest) -> HttpResponse:
    found = [(name, policy.words, policy.present()[0]) for name, policy in POLICIES.items()]
    context = {"policies": found, "limits": limits.present()}
    return render(request, "oversight/policies.html", context)


@requires(Permission.POLICY_CHANGE)
@require_http_methods(["GET", "POST"])
def propose_policy(request: StaffRequest, which: str) -> HttpResponse:
    policy = POLICIES.get(which)
    if policy is None:
        raise Http404
    version, text = policy.present()
    form = PolicyForm(request.POST or None, initial={"text": text})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            policy.ask(data["text"], request.user, data["reason"])
        except (BadJurisdiction, BadRetention) as error:
            form.add_error("text", _("This is no such policy: %(why)s") % {"why": error})
        else:
            messages.success(request, _("Asked. A colleague has to confirm."))
            return redirect("acts")
    context = {"form": form, "policy": policy, "version": version}
    return render(request, "oversight/policy.html", context, status=422 if form.errors else 200)
