"""Addresses of the public site in our letters, in the reader's language: direct, counted by nobody.

The worker and the desk have other URL maps: the public one is named.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

NOBODYS = "test"  # in the place of a token: it is no token's shape, and changes nothing


def _public(name: str, language: str, **parts: str) -> str:
    with override(language):
        path = reverse(name, urlconf="config.public_urls", kwargs=parts)
    return str(settings.PUBLIC_URL).rstrip("/") + path


def confirm(token: str, language: str) -> str:
    return _public("newsletter_confirm", language, token=token)


def unsubscribe(token: str, language: str) -> str:
    return _public("newsletter_unsubscribe", language, token=token)


def report(language: str) -> str:
    return _public("report", language)


def front(language: str) -> str:
    return _public("front", language)
