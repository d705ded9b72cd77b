"""What every page needs: whose site it is, its languages, and the way out."""

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
        "language_links": [
            (code, name, translate_url(here, code)) for code, name in settings.LANGUAGES
        ],
    }
