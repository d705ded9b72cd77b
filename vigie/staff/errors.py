"""What the desk says when it cannot do what was asked; never with anything of the request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "desk_403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "desk_404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "desk_500.html", status=500)
