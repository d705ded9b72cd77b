"""Pages for those who carry the campaign: the press, ambassadors, people with a printer."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from vigie.campaign.card.design import SIZES, Size
from vigie.campaign.content import LANGUAGES
from vigie.campaign.forms import SIZE_NAMES
from vigie.campaign.kits import material
from vigie.campaign.kits.models import Kit
from vigie.campaign.kits.packing import pack_of
from vigie.campaign.pictures import draw_ahead
from vigie.campaign.room import Busy
from vigie.campaign.selectors import current, may_publish, named, runs
from vigie.campaign.sharing import graph
from vigie.lib.access import public


def _language() -> str:
    return (get_language() or "fr")[:2]


def _sizes() -> list[tuple[Size, object]]:
    return [(SIZES[name], label) for name, label in SIZE_NAMES.items()]


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
    draw_ahead(campaign, *((_language(), size) for size in SIZES))
    context = {
        "page": "press",
        "campaign": campaign,
        "words": campaign.says.of(_language()),
        "language": _language(),
        "sizes": _sizes(),
        "open": may_publish(campaign),
        **graph(request, campaign),
    }
    return render(request, "kits/press.html", context)


@public
@require_safe
def press_pack(request: HttpRequest) -> FileResponse | HttpResponse:
    campaign = current()
    if not may_publish(campaign):
        raise Http404
    try:
        pack = pack_of(campaign)
    except Busy:
        answer = render(request, "kits/later.html", {"page": "press"}, status=503)
        answer["Retry-After"] = "20"
        return answer
    return FileResponse(pack.open("rb"), as_attachment=True, filename=f"{campaign.slug}.zip")


@public
@require_safe
def kit_page(request: HttpRequest, code: str) -> HttpResponse:
    """An ambassador's own page: ready-made posts in four languages, and the way to more cards."""
    kit = Kit.objects.filter(code=code, active=True).first()
    campaign = named(kit.campaign) if kit else None
    if kit is None or campaign is None or not may_publish(campaign):
        raise Http404
    if campaign.slug != current().slug or not runs(campaign):
        # Its posts would lead into another campaign, or to a studio that is closed.
        return render(request, "kits/over.html", {"page": "kit", "kit": kit}, status=410)
    own = _language()
    draw_ahead(campaign, *((language, "1080x1080") for language in LANGUAGES))
    languages = sorted(LANGUAGES, key=lambda language: language != own)  # one's own first
    links = {language: _studio(request, kit, language) for language in languages}
    posts = [
        {"language": language, "words": campaign.says.of(language), "studio": links[language]}
        for language in languages
    ]
    context = {"page": "kit", "kit": kit, "campaign": campaign, "posts": posts}
    context |= {"sizes": _sizes(), "studio": links[own]}
    return render(request, "kits/kit.html", context)


def _studio(request: HttpRequest, kit: Kit, language: str) -> str:
    """The studio in the language of the post that leads there."""
    with override(language):
        return request.build_absolute_uri(reverse("studio")) + f"?kit={kit.code}"
