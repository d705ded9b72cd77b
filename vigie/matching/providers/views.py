"""The desk's page about trusted providers: who has a key, for what, and who seems to probe."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.matching.lists.models import HashList
from vigie.matching.providers.forms import ProviderForm
from vigie.matching.providers.models import Probe, Provider
from vigie.matching.providers.services import (
    AlreadyRevoked,
    add_provider,
    revoke_provider,
    see_probe,
)
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

MOST_SHOWN = 100


@requires(Permission.LISTS_READ)
@require_GET
def providers(request: StaffRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: StaffRequest, form: ProviderForm | None = None, status: int = 200, **made: object
) -> HttpResponse:
    named = Prefetch("lists", HashList.objects.order_by("name"))
    probes = Probe.objects.select_related("provider").filter(seen_at=None).order_by("-at")
    context = {
        "form": form or ProviderForm(lists=HashList.objects.order_by("name")),
        "made": made,
        "providers": Provider.objects.order_by("-pk").prefetch_related(named),
        "probes": probes[:MOST_SHOWN],
        "may_manage": request.user.may(Permission.PROVIDERS_MANAGE),
        "may_see": request.user.may(Permission.LISTS_CHANGE),
    }
    return render(request, "providers/providers.html", context, status=status)


@requires(Permission.PROVIDERS_MANAGE)
@require_POST
def add(request: StaffRequest) -> HttpResponse:
    """The key is in the answer that made it, and in no other: a reload asks to make another."""
    form = ProviderForm(request.POST, lists=HashList.objects.order_by("name"))
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    provider, key = add_provider(data["name"], list(data["lists"]), request.user.actor)
    return _page(request, provider=provider, key=key)


@requires(Permission.PROVIDERS_MANAGE)
@require_POST
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        revoke_provider(pk, request.user.actor)
    except AlreadyRevoked:
        messages.info(request, _("This key was revoked already."))
    else:
        messages.success(request, _("Its key opens nothing any more."))
    return redirect("providers")


@requires(Permission.LISTS_CHANGE)
@require_POST
def see(request: StaffRequest, pk: str) -> HttpResponse:
    if see_probe(get_object_or_404(Probe, pk=pk), request.user.actor):
        messages.success(request, _("Noted that you have read it."))
    return redirect("providers")
