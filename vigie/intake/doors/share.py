"""The share button of a telephone, as a door: the form opens with what was shared, nothing is sent.

A browser that installed the page sends what somebody shares in the body of a request, never in an
address. There is no service worker: nothing is kept on the telephone but the icon.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from vigie.intake.forms import ReportForm
from vigie.intake.reading import fields_of, notes_of, repeated
from vigie.intake.receipts import mint
from vigie.lib.access import public

FIELDS = ["url", "text", "title"]


def _language() -> str:
    return (get_language() or "fr")[:2]


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a browser needs to put the page beside other apps, and to offer it for sharing."""
    language = _language()
    organisation = settings.ORGANISATION.localised(language)
    about = {
        "name": organisation["name"],
        "short_name": organisation["short_name"],
        "lang": language,
        "start_url": reverse("report"),
        "scope": f"/{language}/",
        "display": "minimal-ui",
        "icons": [{"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        "share_target": {
            "action": reverse("share"),
            "method": "POST",
            "enctype": "application/x-www-form-urlencoded",
            "params": {name: name for name in FIELDS},
        },
    }
    return JsonResponse(about, content_type="application/manifest+json")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """The form with what was shared in its field; sending it is up to the person."""
    if request.method != "POST":
        return redirect("report")
    sent = repeated(request, fields_of(request, FIELDS))
    shared = [sent.get("url", ""), sent.get("text", "")]
    where = "\n".join(dict.fromkeys(filter(None, shared))) or sent.get("title", "")
    context = {
        "form": ReportForm(initial={"where": where}),
        "receipt": mint(_language()),
        **notes_of(request),
    }
    return render(request, "intake/report.html", context)
