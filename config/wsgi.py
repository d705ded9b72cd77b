"""The door of each program.

The public program never learns who asks: address, browser and cookies are taken out of the
request before any of our code, or any library's, can see them. Of the address, a coarse part is
hashed with a salt of ten minutes (`vigie.intake.pressure`): enough to tell a flood, and no more.
"""

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

from config.startup import refuse_unsafe  # noqa: E402
from vigie.intake.pressure import PRESSURE  # noqa: E402

# Kept: what the page needs to answer. Dropped: everything that tells one visitor from another.
TELLING = {"REMOTE_ADDR", "REMOTE_PORT", "REMOTE_HOST", "HTTP_COOKIE", "HTTP_USER_AGENT"}
NEEDED = {
    "HTTP_HOST",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_ACCEPT_ENCODING",
}

# A trusted sender says who it is, on purpose, and nowhere but at its own door.
OF_THE_API = {"HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY"}
API = "/api/"

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


def without_sender(application: WSGI) -> WSGI:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") == "POST":
            environ["vigie.direction"] = PRESSURE.direction_of(_address(environ))
        needed = NEEDED | OF_THE_API if environ.get("PATH_INFO", "").startswith(API) else NEEDED
        for name in list(environ):
            if name in TELLING or (name.startswith("HTTP_") and name not in needed):
                del environ[name]
        return application(environ, start_response)

    return answer


def _address(environ: dict[str, Any]) -> str:
    """Who sends. A proxy's word counts only where the operator says that theirs gives it."""
    address = str(environ.get("REMOTE_ADDR", ""))
    if settings.FORWARDED:
        address = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2]
    return address


application: WSGI = get_wsgi_application()
refuse_unsafe()
if os.environ.get("VIGIE_SURFACE") == "public":
    application = without_sender(application)
# What was loaded by now stays: no collection has to walk over it again, in the middle of a page.
gc.collect()
gc.freeze()
