"""Pages for those who carry the campaign: the press, ambassadors, people with a printer."""

from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile, _TemporaryFileWrapper

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from vigie.campaign.card.design import SIZES
from vigie.campaign.content import LANGUAGES
from vigie.campaign.forms import SIZE_NAMES
from vigie.campaign.kits import material
from vigie.campaign.kits.models import Kit
from vigie.campaign.motif import motif_of
from vigie.campaign.selectors import current, may_publish, named
from vigie.lib.access import public


def _language() -> str:
    return (get_language() or "fr")[:2]


@public
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    data = material.sheet_of(current().says, _language())
    headers = {"Content-Disposition": 'inline; filename="sheet.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@public
@require_safe
def press(request: HttpRequest) -> HttpResponse:
    campaign = current()
    context = {
        "page": "press",
        "campaign": campaign,
        "words": campaign.says.of(_language()),
        "language": _language(),
        "sizes": [(SIZES[name], label) for name, label in SIZE_NAMES.items()],
        "open": may_publish(campaign),
    }
    return render(request, "kits/press.html", context)


@public
@require_safe
def press_pack(request: HttpRequest) -> FileResponse:
    campaign = current()
    if not may_publish(campaign):
        raise Http404
    pack = Path(_packed(campaign.slug, campaign.version).name)
    return FileResponse(pack.open("rb"), as_attachment=True, filename=f"{campaign.slug}.zip")


@lru_cache(maxsize=2)
def _packed(slug: str, version: int) -> "_TemporaryFileWrapper[bytes]":
    """Made once, and on the disk: who fetches seven megabytes slowly keeps none of our memory."""
    campaign = current()
    file = NamedTemporaryFile(prefix=f"{slug}-", suffix=".zip")  # noqa: SIM115 – it lives as long as the cache
    file.write(material.press_pack(campaign.says, motif_of(campaign)))
    file.flush()
    return file


@public
@require_safe
def kit_page(request: HttpRequest, code: str) -> HttpResponse:
    """An ambassador's own page: ready-made posts in four languages, and the way to more cards."""
    kit = Kit.objects.filter(code=code, active=True).first()
    campaign = named(kit.campaign) if kit else None
    if kit is None or campaign is None or not may_publish(campaign):
        raise Http404
    own = _language()
    languages = sorted(LANGUAGES, key=lambda language: language != own)  # one's own first
    links = {language: _studio(request, kit, language) for language in languages}
    posts = [
        {"language": language, "words": campaign.says.of(language), "studio": links[language]}
        for language in languages
    ]
    context = {"page": "kit", "kit": kit, "campaign": campaign, "posts": posts}
    return render(request, "kits/kit.html", {**context, "studio": links[own]})


def _studio(request: HttpRequest, kit: Kit, language: str) -> str:
    """The studio in the language of the post that leads there."""
    with override(language):
        return request.build_absolute_uri(reverse("studio")) + f"?kit={kit.code}"
