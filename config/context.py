"""What every page needs: whose site it is, its languages, and the way out."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

EXIT_URL = "https://www.wikipedia.org/"


def site(request: HttpRequest) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    here = request.path
    return {
        "org": settings.ORGANISATION.localised(language),
        "demo": settings.DEMO,
        "public_url": settings.PUBLIC_URL,
        "exit_url": EXIT_URL,
        "language_links": [
            (code, name, translate_url(here, code)) for code, name in settings.LANGUAGES
        ],
    }
