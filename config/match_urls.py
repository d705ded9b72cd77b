"""Every address of the match program: the API of trusted providers, and a sign of life."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from vigie.lib.access import public


@public
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/match/v1/", include("vigie.matching.providers.api_urls")),
]
