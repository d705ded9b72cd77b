"""One's own language, another phone for the codes, and where each role begins."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from vigie.staff.access import StaffRequest, staff
from vigie.staff.models import User
from vigie.staff.permissions import Permission


@staff
@require_POST
def language(request: StaffRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    User.objects.filter(pk=request.user.pk).update(language=chosen)
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if safe else "/")


@staff
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """The first page this role has something to do on."""
    for name, permission in [
        ("queue", Permission.ITEMS_READ),
        ("overview", Permission.OVERVIEW_READ),
        ("mandate", Permission.MANDATE_RECORD),
        ("campaigns", Permission.CAMPAIGN_EDIT),
        ("newsletter", Permission.NEWSLETTER_EDIT),
    ]:
        if request.user.may(permission):
            return redirect(name)
    return redirect("journal")


class OtherPhone(DeactivateTOTPView):  # type: ignore[misc]
    """A second factor is compulsory: the only one is not put off, it is set up anew elsewhere."""

    success_url = reverse_lazy("mfa_activate_totp")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        only = not is_mfa_enabled(self.request.user, [Authenticator.Type.WEBAUTHN])
        return {**super().get_context_data(**kwargs), "only": only}

    def get_success_url(self) -> str:
        keys = is_mfa_enabled(self.request.user, [Authenticator.Type.WEBAUTHN])
        return str(reverse_lazy("mfa_index") if keys else self.success_url)
