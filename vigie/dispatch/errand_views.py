"""What a liaison or a lead took to others by word of mouth, written down."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vigie.dispatch.forms import ErrandForm
from vigie.dispatch.views import conflict, letters_page
from vigie.items import errands
from vigie.items.flow import Stale
from vigie.items.models import Errand
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.ERRAND_WRITE)
@require_POST
def write_down(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Errand.objects.select_related("item"), pk=pk)
    form = ErrandForm(request.POST, errand=found)
    if not form.is_valid():
        return letters_page(request, status=422, written=(found.pk, form))
    try:
        errands.write_down(found, form.cleaned_data["on"], form.cleaned_data["whom"], request.user)
    except Stale:
        return conflict(request, stale=True)
    messages.success(request, _("It is written down."))
    return redirect("letters")
