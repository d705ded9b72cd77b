"""Each sign-in is known by its times: written when it begins, and once an hour while it is used."""

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from vigie.lib import clock
from vigie.people.sessions import hour_of, remember
from vigie.staff.models import User


class KnownSessions:
    """In an hour in which the session was seen already, this asks the database nothing.

    That it was seen is in this program's memory, not in the session: whoever writes there makes
    the session longer, and it should end after a working day.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user, key = request.user, request.session.session_key
        if isinstance(user, User) and key:
            mark = f"session:{hour_of(clock.now()):%Y%m%d%H}:{key}"
            if cache.add(mark, True, timeout=3600):
                remember(key, user)
        return self.get_response(request)
