"""Pictures of the campaign itself: the overlay of the browser's preview, its own animal's card."""

import threading
from dataclasses import replace
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from vigie.campaign.card.design import SIZES, Colours, Wording
from vigie.campaign.card.layers import artwork_preview
from vigie.campaign.card.make import make_cards
from vigie.campaign.card.written import message_svg
from vigie.campaign.content import LANGUAGES, Content
from vigie.campaign.forms import writable
from vigie.campaign.models import Campaign
from vigie.campaign.motif import CATS, Motif, motif_of, photo_of
from vigie.campaign.room import Busy, Room
from vigie.campaign.selectors import has_begun, named
from vigie.lib.access import public

_drawing = threading.Lock()
# The address holds the campaign's version: what was changed has another address.
HEADERS = {"Cache-Control": "public, max-age=86400"}


@public
@require_safe
def overlay_picture(
    request: HttpRequest, slug: str, version: int, language: str, size: str
) -> HttpResponse:
    """The note and the footer on nothing: what lies above the photo in the studio's preview.

    ``?name=``: of the animal, on its strip of paper.
    """
    says = _asked(slug, version, language, size).says
    wording, name = says.of(language).wording(size), writable(request.GET.get("name", ""))
    try:
        with Room():
            data = artwork_preview(wording, says.colours, size, name=name)
    except Busy:
        return HttpResponse(status=503, headers={"Retry-After": "10"})
    return HttpResponse(data, content_type="image/webp", headers=HEADERS)


@public
@require_safe
def sample_picture(
    request: HttpRequest, slug: str, version: int, language: str, size: str
) -> HttpResponse:
    """The campaign's card with its own animal."""
    campaign = _asked(slug, version, language, size)
    data = sample(campaign.says, language, size, motif_of(campaign))
    return HttpResponse(data, content_type="image/jpeg", headers=HEADERS)


@public
@require_safe
def blank_picture(
    request: HttpRequest, slug: str, version: int, language: str, size: str
) -> HttpResponse:
    """The same card before anything is written on its note: for the front page."""
    campaign = _asked(slug, version, language, size)
    blank = replace(campaign.says.of(language).wording(size), lines=())
    data = _sample_jpeg(blank, campaign.says.colours, size, motif_of(campaign))
    return HttpResponse(data, content_type="image/jpeg", headers=HEADERS)


@public
@require_safe
def message_picture(
    request: HttpRequest, slug: str, version: int, language: str, size: str
) -> HttpResponse:
    """What is written on the note, and nothing else: lies exactly on the blank card."""
    says = _asked(slug, version, language, size).says
    svg = message_svg(says.of(language).wording(size), says.colours, SIZES[size])
    return HttpResponse(svg, content_type="image/svg+xml", headers=HEADERS)


def _asked(slug: str, version: int, language: str, size: str) -> Campaign:
    campaign = named(slug)
    known = language in LANGUAGES and size in SIZES
    if campaign is None or campaign.version != version or not known or not has_begun(campaign):
        raise Http404
    return campaign


def sample(says: Content, language: str, size: str, motif: Motif = CATS) -> bytes:
    """A card of the campaign's own animal: JPEG."""
    return _sample_jpeg(says.of(language).wording(size), says.colours, size, motif)


def _sample_jpeg(wording: Wording, colours: Colours, size: str, motif: Motif) -> bytes:
    """Drawn one at a time, and once: who asks for the same meanwhile finds it drawn."""
    with _drawing:
        return _drawn(wording, colours, size, motif)


@lru_cache(maxsize=64)
def _drawn(wording: Wording, colours: Colours, size: str, motif: Motif) -> bytes:
    return make_cards(photo_of(motif), {size: wording}, colours, motif.focus).cards[size]
