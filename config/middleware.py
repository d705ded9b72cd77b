"""What every answer carries, and what no request keeps."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# What a browser may still be sending when its answer is ready; beyond that the line is cut.
MOST_UNREAD = 100_000_000
PIECE = 65_536


class ReadToTheEnd:
    """Reads what was not read of a request, and forgets it.

    A form that is too long is answered before all of it has come. A browser that is still sending
    then sees a broken line, and not the page that says what to do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        left = 0 if hasattr(request, "_body") else MOST_UNREAD
        try:
            while left > 0 and (data := request.read(PIECE)):
                left -= len(data)
        except OSError:
            pass  # the sender is gone: nobody waits for the answer
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
