"""Proposing other limits of looking. They hold once a second person confirms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vigie.cases.models import Classification
from vigie.cases.models.welfare import Blur
from vigie.cases.welfare import limiting, limits
from vigie.cases.welfare.manner import MOST_BETWEEN
from vigie.lib.words import a_reason
from vigie.people.forms import Described
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

DAY = 24 * 60
# Least and most of each number.
BOUNDS = {
    "pictures_a_day": (1, 1000),
    "minutes_a_day": (1, DAY),
    "stretch_minutes": (1, DAY),
    "break_minutes": (1, DAY),
    "warn_percent": (0, 100),
    "calm_every": (0, MOST_BETWEEN),
}


class LimitsForm(Described):
    field_order = (*limiting.NUMBERS, *limiting.SHOWN)

    blur = forms.ChoiceField(label=limiting.SHOWN["blur"], choices=Blur.choices)
    grey = forms.BooleanField(label=limiting.SHOWN["grey"], required=False)
    small = forms.BooleanField(label=limiting.SHOWN["small"], required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The colleague who confirms reads it."),
        max_length=200,
        validators=[a_reason],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in limiting.NUMBERS.items():
            least, most = BOUNDS[name]
            self.fields[name] = forms.IntegerField(label=label, min_value=least, max_value=most)
        for kind in Classification:
            self.fields[limiting.WEIGHT + kind.value] = forms.FloatField(
                label=kind.label, min_value=1, max_value=20, step_size=0.5
            )
        self.order_fields(self.field_order)

    @property
    def amounts(self) -> list[forms.BoundField]:
        return [self[name] for name in limiting.NUMBERS]

    @property
    def manners(self) -> list[forms.BoundField]:
        return [self[name] for name in limiting.SHOWN]

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(limiting.WEIGHT)]


@requires(Permission.POLICY_CHANGE)
@require_http_methods(["GET", "POST"])
def propose_limits(request: StaffRequest) -> HttpResponse:
    form = LimitsForm(request.POST or None, initial=limiting.present())
    if request.method == "POST" and form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in limiting.present()}
        limiting.ask_limits(wanted, request.user, form.cleaned_data["reason"])
        messages.success(request, _("Asked. A colleague has to confirm."))
        return redirect("acts")
    context = {"form": form, "limits": limits.present()}
    return render(request, "oversight/looking.html", context, status=422 if form.errors else 200)
