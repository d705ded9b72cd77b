"""Trusted senders on the desk: who has a key, a new one, and the end of one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vigie.intake.doors.forms import SenderForm
from vigie.intake.doors.models import Sender
from vigie.intake.doors.services import AlreadyRevoked, add_sender, revoke_sender
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.SENDERS_MANAGE)
@require_http_methods(["GET", "POST"])
def senders(request: StaffRequest) -> HttpResponse:
    """The key is in the answer that made it, and in no other: a reload asks to make another."""
    form = SenderForm(request.POST or None)
    made: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        sender, key = add_sender(form.cleaned_data["name"], request.user.actor)
        made, form = {"sender": sender, "key": key}, SenderForm()
    context = {"form": form, "made": made, "senders": Sender.objects.order_by("-pk")}
    return render(request, "doors/senders.html", context, status=422 if form.errors else 200)


@requires(Permission.SENDERS_MANAGE)
@require_POST
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        revoke_sender(pk, request.user.actor)
    except AlreadyRevoked:
        messages.info(request, _("This key was revoked already."))
    else:
        messages.success(request, _("Its key opens nothing any more."))
    return redirect("senders")
