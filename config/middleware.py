"""What every answer carries, and what no request keeps."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# What a browser may still be sending when it is told that it is too much; then the line is cut.
MOST_UNREAD = 100_000_000
PIECE = 65_536


class ReadToTheEnd:
    """Reads what was not read of a request that is too long, and forgets it.

    It is answered before all of it has come. A browser that is still sending then sees a broken
    line, and not the page that says what to do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        too_much = length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        left = MOST_UNREAD if too_much and not hasattr(request, "_body") else 0
        try:
            while left > 0 and (data := request.read(PIECE)):
                left -= len(data)
        except OSError:
            pass  # the sender is gone: nobody waits for the answer
        return response


class KeepMethod:
    """A form sent to an address that lacks its slash or its language arrives all the same.

    With Django's own 301 or 302 a browser asks for the page and leaves the form behind.
    """

    SAME = {301: 308, 302: 307}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        place = response.headers.get("Location", "").partition("?")[0].rstrip("/")
        asked = request.path.rstrip("/")
        if request.method == "POST" and asked and place.endswith(asked):
            response.status_code = self.SAME.get(response.status_code, response.status_code)
        return response


class OnionLocation:
    """Tells Tor Browser that this page has an onion address too, with the same path.

    Not to whoever is there already; not in the demonstration's or a test's pages unless set.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        onion = settings.ONION
        page = response.headers.get("Content-Type", "").startswith("text/html")
        if onion and page and onion != request.META.get("HTTP_HOST", "").partition(":")[0].lower():
            response.headers["Onion-Location"] = f"http://{onion}{request.get_full_path()}"
        return response


class NoStore:
    """Nothing of either program is kept in a browser or on the way; nothing is indexed twice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"
        )
        return response
