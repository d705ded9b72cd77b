"""What every page needs: whose site it is, its languages, and the way out."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
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
        "language_links": [(code, name, _in(code, here)) for code, name in settings.LANGUAGES],
    }


def _in(language: str, path: str) -> str:
    """The same page in a language: only the first part of a public address differs.

    (`translate_url` looks each of them up, which costs more than a report's sealing.)
    """
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{language}/{rest}" if first in dict(settings.LANGUAGES) else path
