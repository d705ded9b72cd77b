"""What every page needs: whose site it is, its languages, and the way out."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

LEAVE_URL = "https://www.wikipedia.org/"


def site(request: HttpRequest) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    here = request.path
    organisation = settings.ORGANISATION.localised(language)
    return {
        "org": organisation,
        "demo": settings.DEMO,
        "public_url": settings.PUBLIC_URL,
        "exit_url": organisation.get("leave", LEAVE_URL),
        "language_links": _in_each_language(here, settings.ROOT_URLCONF),
    }


@lru_cache(maxsize=512)
def _in_each_language(here: str, _urlconf: str) -> list[tuple[str, str, str]]:
    """A good part of what a page costs, and the same for everybody."""
    return [(code, str(name), translate_url(here, code)) for code, name in settings.LANGUAGES]
