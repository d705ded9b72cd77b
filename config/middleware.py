"""What every answer carries, and what no request keeps."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


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
