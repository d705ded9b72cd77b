"""The mandate's page: without it nothing is fetched."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission
from vigie.staff.selectors import names_of
from vigie.tracing.egress import may_fetch, record_mandate, withdraw_mandates
from vigie.tracing.forms import MandateForm
from vigie.tracing.models import Mandate


@requires(Permission.MANDATE_RECORD)
@require_http_methods(["GET", "POST"])
def mandate(request: StaffRequest) -> HttpResponse:
    form = MandateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        record_mandate(data["basis"], data["reference"], data["egress"], request.user.actor)
        return redirect("mandate")
    mandates = list(Mandate.objects.order_by("-recorded_at"))
    names = names_of(mandate.recorded_by for mandate in mandates)
    context = {
        "form": form,
        "mandates": [(m, names.get(m.recorded_by, m.recorded_by)) for m in mandates],
        "may_fetch": may_fetch(),
        "sandbox": settings.SANDBOX,
    }
    return render(request, "tracing/mandate.html", context, status=422 if form.errors else 200)


@requires(Permission.MANDATE_RECORD)
@require_POST
def withdraw(request: StaffRequest) -> HttpResponse:
    withdraw_mandates(request.user.actor)
    return redirect("mandate")
