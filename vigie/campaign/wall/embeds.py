"""The campaign on other people's pages: a counter, a small wall, oEmbed, a feed, a big screen.

The counter and the small wall alone may be framed by others; they hold no form, no script and no
cookie.
"""

from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from vigie.campaign.content import LANGUAGES, Words
from vigie.campaign.selectors import current, is_open, named
from vigie.campaign.wall.models import Card
from vigie.campaign.wall.selectors import cards_on, wall
from vigie.campaign.wall.views import says_on, told
from vigie.lib.access import public

ANYWHERE = {"frame-ancestors": ["*"]}
COUNTER = (340, 290)
SMALL_WALL = (680, 480)
SQUARE, SMALL = (1080, 1080), 480  # pixels of a card, and of its small picture
ON_SCREEN = 40
IN_FEED = 30


def _context(count: int) -> dict[str, object]:
    campaign = current()
    words = campaign.says.of((get_language() or "fr")[:2])
    counter = told(campaign, cards_on(campaign.slug))
    found = wall(campaign.slug, count=count)[:count]
    return {"words": words, "counter": counter, "found": found, "open": is_open(campaign)}


@public
@xframe_options_exempt
@csp_replace(ANYWHERE)
@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    return render(request, "wall/embed_counter.html", _context(0))


@public
@xframe_options_exempt
@csp_replace(ANYWHERE)
@require_safe
def small_wall(request: HttpRequest) -> HttpResponse:
    return render(request, "wall/embed_wall.html", _context(8))


@public
@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """The wall for a hall: full screen, renewed by itself, nothing to press."""
    return render(request, "wall/screen.html", _context(ON_SCREEN))


@public
@csp_update({"frame-src": [SELF]})
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """What to paste, with a fallback that needs no frame."""
    base = request.build_absolute_uri("/")[:-1]
    language = (get_language() or "fr")[:2]
    context = {
        "page": "embeds",
        "base": base,
        "counter_size": COUNTER,
        "wall_size": SMALL_WALL,
        "counter_svg": base + reverse("counter_picture", args=[language]),
        **_context(0),
    }
    return render(request, "wall/embeds.html", context)


@public
@require_safe
def counter_picture(request: HttpRequest, language: str) -> HttpResponse:
    """The counter as a picture, for pages that allow no frame."""
    if language not in LANGUAGES:
        raise Http404
    with override(language):
        svg = render_to_string("wall/counter.svg", _context(0))
    headers = {"Cache-Control": "public, max-age=3600"}
    return HttpResponse(svg, content_type="image/svg+xml", headers=headers)


@public
@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 (https://oembed.com): a card is a photo; the counter and the wall are rich."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse("only format=json\n", "text/plain", 501)
    try:
        parts = urlsplit(request.GET.get("url", ""))
    except ValueError:  # no address at all, such as one with half an IPv6 host
        raise Http404
    if parts.netloc != request.get_host():
        raise Http404
    language = parts.path[1:3]
    # Addresses are looked up in their own language: the map has one prefix at a time.
    with override(language if language in LANGUAGES else "fr"):
        try:
            match = resolve(parts.path)
        except Resolver404:
            raise Http404
        if match.url_name == "card":
            return _photo(request, match.kwargs["slug"])
        sizes = {"embed_counter": COUNTER, "embed_wall": SMALL_WALL}
        if match.url_name not in sizes:
            raise Http404
        address = request.build_absolute_uri(reverse(match.url_name))
        return _rich(request, address, sizes[match.url_name])


def _provider(request: HttpRequest, words: Words) -> dict[str, object]:
    return {
        "version": "1.0",
        "provider_name": settings.ORGANISATION.name(get_language() or "fr"),
        "provider_url": request.build_absolute_uri(reverse("front")),
        "title": words.message,
        "cache_age": 3600,
    }


def _fitting(request: HttpRequest, size: tuple[int, int]) -> dict[str, int]:
    """A size no larger than ``maxwidth`` and ``maxheight``, which oEmbed asks us to respect."""
    most = [request.GET.get(name, "") for name in ("maxwidth", "maxheight")]
    limits = [int(m) if m.isascii() and m.isdigit() and len(m) < 6 else 0 for m in most]
    width, height = (min(one, limit or one) for one, limit in zip(size, limits, strict=True))
    return {"width": width, "height": height}


def _photo(request: HttpRequest, slug: str) -> JsonResponse:
    card = Card.objects.filter(slug=slug).first()
    files = dict(card.pictures.values_list("kind", "file")) if card else {}
    if not card or "card" not in files:
        raise Http404
    side = min(_fitting(request, SQUARE).values())
    file = files["card"] if side > SMALL or "small" not in files else files["small"]
    url = request.build_absolute_uri(reverse("wall_picture", args=[file]))
    words = (named(card.campaign) or current()).says.of(card.language)
    size = {"width": side, "height": side}
    about = {**_provider(request, words), "title": says_on(card, words)}
    return JsonResponse({**about, "type": "photo", "url": url, **size})


def _rich(request: HttpRequest, address: str, size: tuple[int, int]) -> JsonResponse:
    words, fits = current().says.of((get_language() or "fr")[:2]), _fitting(request, size)
    context = {"address": address, "size": tuple(fits.values()), "words": words}
    html = render_to_string("wall/_frame.html", context).strip()
    return JsonResponse({**_provider(request, words), "type": "rich", "html": html, **fits})


@public
@require_safe
def feed(request: HttpRequest, language: str) -> HttpResponse:
    """The newest cards as an Atom feed."""
    if language not in LANGUAGES:
        raise Http404
    with override(language):
        context = _context(IN_FEED)
        words = current().says.of(language)
        wall_url = request.build_absolute_uri(reverse("wall"))
        atom = Atom1Feed(words.wall, wall_url, words.message, language=language)
        for card in context["found"]:  # type: ignore[attr-defined]
            address = request.build_absolute_uri(reverse("card", args=[card.slug]))
            small = request.build_absolute_uri(reverse("wall_picture", args=[card.small]))
            picture = format_html(
                '<img src="{}" alt="{}" lang="{}">', small, card.alt, card.language
            )
            # A day and no more: RFC 4287 wants a moment for each entry.
            day = datetime.combine(card.approved_on, time.min, UTC)
            name = card.name or words.hashtag
            atom.add_item(name, address, picture, unique_id=address, updateddate=day)
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml")
