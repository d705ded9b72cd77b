"""The page that explains the other doors to the same inbox."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from vigie.lib.access import public


def bookmark(address: str) -> str:
    """A bookmarklet: it opens the form with the present page's address behind the ``#``.

    A browser sends no one what stands there; the form's own script takes it up and hides it.
    """
    form = f"'{address}#'+encodeURIComponent(location.href)"
    return f"javascript:void(open({form},'_blank','noopener,noreferrer'))"


def partner_link(code: str) -> str:
    """HTML for a partner's own page, in one language: no picture, no script, nothing of ours."""
    with override(code):
        address, words = (
            settings.PUBLIC_URL + reverse("report"),
            _("Report child sexual abuse images"),
        )
    style = (
        "display:inline-block;padding:.6em 1em;border-radius:.4em;"
        "background:#1f3d36;color:#fff;font:600 1rem/1.3 sans-serif;text-decoration:none"
    )
    return (
        f'<a href="{address}" hreflang="{code}" lang="{code}"'
        f' rel="noreferrer noopener" style="{style}">{words}</a>'
    )


@public
@csp_update({"manifest-src": [SELF]})
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    context = {
        "page": "doors",
        "bookmark": bookmark(settings.PUBLIC_URL + reverse("report")),
        "links": [(code, name, partner_link(code)) for code, name in settings.LANGUAGES],
        "api": settings.PUBLIC_URL + "/api/v1/openapi.json",
    }
    return render(request, "doors/doors.html", context)
