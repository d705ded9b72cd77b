"""`@requires(permission)`: signed in, second factor set up, and allowed; otherwise not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from vigie.staff.models import User
from vigie.staff.permissions import Permission


class StaffRequest(HttpRequest):
    """A request of which `requires` has made sure that a member of staff asks."""

    user: User


LOST = "lost"  # in an address: a form was sent to it by somebody who was no longer signed in


def _sign_in(request: HttpRequest) -> HttpResponse:
    """To sign in, and then back; who had sent a form is told there that it was lost."""
    back = request.get_full_path()
    if request.method == "POST":
        back += f"{'&' if '?' in back else '?'}{LOST}=yes"
    return redirect_to_login(back)


def requires(permission: Permission) -> Callable[[Any], Callable[..., HttpResponseBase]]:
    """A stranger is sent to sign in; who lacks the permission gets 403."""

    def decorate(view: Any) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not isinstance(request.user, User):
                return _sign_in(request)
            if not request.user.may(permission):
                raise PermissionDenied
            answer: HttpResponse = view(request, *args, **kwargs)
            return answer

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def staff(view: Any) -> Any:
    """For every member of staff, whatever the role (sign-out, own second factor, language)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(request.user, User):
            return _sign_in(request)
        return view(request, *args, **kwargs)

    guarded.access = "staff"  # type: ignore[attr-defined]
    return guarded
