"""Pictures of the campaign itself: what the browser's preview lays on a photo, its own animal's
card."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from vigie.campaign.card.design import SIZES
from vigie.campaign.card.layers import name_preview
from vigie.campaign.card.written import message_svg
from vigie.campaign.content import LANGUAGES
from vigie.campaign.drawn import Picture, drawn, kept, picture_of
from vigie.campaign.forms import writable
from vigie.campaign.models import Campaign
from vigie.campaign.motif import motif_of
from vigie.campaign.room import PICTURES, Busy
from vigie.campaign.selectors import named
from vigie.lib.access import public


@public
@require_safe
def overlay_picture(
    request: HttpRequest, slug: str, version: int, language: str, size: str
) -> HttpResponse:
    """The note and the footer on nothing: what lies above the photo in the studio's preview."""
    campaign = _asked(slug, version, language, size)
    says = campaign.says
    picture = Picture(says.of(language).wording(size), says.colours, size, motif=None)
    return _answer(picture, "image/webp", _headers(campaign, version))


@public
@require_safe
def strip_picture(request: HttpRequest, slug: str, version: int, size: str) -> HttpResponse:
    """``?name=``: of the animal, on the strip of paper that lies between photo and overlay.

    Every name is drawn anew, so it is drawn alone: a fortieth of the work of an overlay.
    """
    campaign = _asked(slug, version, LANGUAGES[0], size)
    name = writable(request.GET.get("name", ""))
    try:
        with PICTURES:
            data = name_preview(name, campaign.says.colours, size)
    except Busy:
        return _later()
    headers = _headers(campaign, version)
    return HttpResponse(data, content_type="image/png", headers=headers)


@public
@require_safe
def sample_picture(
    request: HttpRequest, slug: str, version: int, language: str, size: str
) -> HttpResponse:
    """The campaign's card with its own animal."""
    campaign = _asked(slug, version, language, size)
    picture = picture_of(campaign.says, language, size, motif_of(campaign))
    return _answer(picture, "image/jpeg", _headers(campaign, version))


@public
@require_safe
def blank_picture(
    request: HttpRequest, slug: str, version: int, language: str, size: str
) -> HttpResponse:
    """The same card before anything is written on its note: for the front page."""
    campaign = _asked(slug, version, language, size)
    blank = replace(campaign.says.of(language).wording(size), lines=())
    picture = Picture(blank, campaign.says.colours, size, motif_of(campaign))
    return _answer(picture, "image/jpeg", _headers(campaign, version))


@public
@require_safe
def message_picture(
    request: HttpRequest, slug: str, version: int, language: str, size: str
) -> HttpResponse:
    """What is written on the note, and nothing else: lies exactly on the blank card."""
    campaign = _asked(slug, version, language, size)
    says = campaign.says
    svg = message_svg(says.of(language).wording(size), says.colours, SIZES[size])
    headers = _headers(campaign, version)
    return HttpResponse(svg, content_type="image/svg+xml", headers=headers)


def _asked(slug: str, version: int, language: str, size: str) -> Campaign:
    """Under an older version's address, which a network or an open page still has, hangs what is
    in force now; of a version that is not public, nothing."""
    campaign = named(slug)
    known = language in LANGUAGES and size in SIZES
    if campaign is None or version > campaign.version or not known:
        raise Http404
    return campaign


def _headers(campaign: Campaign, version: int) -> dict[str, str]:
    """The address holds the campaign's version: what was changed has another address. Only what
    hangs under its own stays long in the browsers."""
    seconds = 86400 if campaign.version == version else 300
    return {"Cache-Control": f"public, max-age={seconds}"}


def _answer(picture: Picture, kind: str, headers: dict[str, str]) -> HttpResponse:
    """What is drawn already is answered at once; to draw takes a place."""
    data = kept(picture)
    if data is None:
        try:
            with PICTURES:
                data = drawn(picture)
        except Busy:
            return _later()
    return HttpResponse(data, content_type=kind, headers=headers)


def draw_ahead(campaign: Campaign, *wanted: tuple[str, str]) -> None:
    """For a page of many pictures (language, size): its browser asks for all of them at once, and
    there is room for three. If it is full, they are drawn as they are asked for."""
    motif = motif_of(campaign)
    missing = [
        picture
        for language, size in wanted
        if not kept(picture := picture_of(campaign.says, language, size, motif))
    ]
    try:
        if missing:
            with PICTURES:
                for picture in missing:
                    drawn(picture)
    except Busy:
        pass


def _later() -> HttpResponse:
    return HttpResponse(status=503, headers={"Retry-After": "10"})
