"""On every page of the desk: the person's language, and no way in without a second factor."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from vigie.staff.access import LOST
from vigie.staff.backends import has_factor
from vigie.staff.models import User

# Where somebody without a second factor may go: to set one up, or out.
SETTING_UP = {
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "account_logout",
    "account_reauthenticate",
    "staff_language",
}


class StaffLanguage:
    """The language a person chose; before signing in, the browser's, kept nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        chosen = user.language if isinstance(user, User) else None
        language = chosen or translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class SecondFactor:
    """A second factor is compulsory: until one is set up, that is the only page there is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or has_factor(user):
            return None
        request.setting_up = True  # type: ignore[attr-defined]  # a menu would open nothing
        match = request.resolver_match
        if match and match.url_name in SETTING_UP:
            return None
        return redirect("mfa_activate_totp")


class WayBack:
    """No blank page where a browser asks for an address that only takes forms.

    It does so after signing in, and after a change of language on the answer to a form. The way is
    up, to the item or the list that the form belongs to.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or not isinstance(request.user, User):
            return self.get_response(request)
        if LOST in request.GET:
            messages.warning(
                request,
                _(
                    "You were no longer signed in when this was sent. Nothing was decided or "
                    "changed, and what you typed was not kept."
                ),
            )
            return redirect(request.path)
        response = self.get_response(request)
        return _See(_above(request.path)) if response.status_code == 405 else response


class _See(HttpResponseRedirect):
    status_code = 303


def _above(path: str) -> str:
    """The nearest address above this one that there is; it may send further up."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        break
    return path
