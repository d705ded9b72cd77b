"""The public wall: its pages, one card, its pictures, and the way to take a card back."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_http_methods, require_safe

from vigie.campaign.content import Words
from vigie.campaign.models import Campaign
from vigie.campaign.selectors import current, is_open, named
from vigie.campaign.sharing import graph, sharing_links
from vigie.campaign.wall.models import Card, CardPicture
from vigie.campaign.wall.offering import WallUnavailable, hanging, withdraw
from vigie.campaign.wall.selectors import PAGE, cards_on, wall, walls_with_cards
from vigie.lib.access import public

TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
# Not for long: a card that was taken back must also leave the browsers that saw it.
KEPT = "public, max-age=3600"
# As Open Graph wants them, with a country.
LOCALES = {"fr": "fr_FR", "nl": "nl_NL", "de": "de_DE", "en": "en_GB"}


def before_of(request: HttpRequest) -> int | None:
    """``?before=``: the last card of the page before. Raises `Http404`."""
    text = request.GET.get("before", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)


def told(campaign: Campaign, cards: int) -> dict[str, object]:
    """The counter, in figures and words: how many cats, and of how many images they remind us."""
    says = campaign.says
    return {
        "cards": cards,
        "joined": says.joined(cards, (get_language() or "fr")[:2]),
        "images": cards * says.number,
        "number": says.number,
    }


@public
@require_safe
def wall_page(request: HttpRequest) -> HttpResponse:
    """The newest cards, then a real link to more. ``?of=``: of another campaign than the day's,
    whose cards go on hanging."""
    today, asked = current(), request.GET.get("of", "")
    campaign = named(asked) if asked else today
    if campaign is None:
        raise Http404
    before = before_of(request)
    found = wall(campaign.slug, before)
    language = (get_language() or "fr")[:2]
    of = campaign.slug if campaign.slug != today.slug else ""
    context = {
        "page": "wall",
        "words": campaign.says.of(language),
        "of": of,
        "others": [(one.slug, one.says.of(language)) for one in _others(campaign, today)],
        "counter": told(campaign, cards_on(campaign.slug)),
        "found": found[:PAGE],
        "more": found[PAGE - 1].pk if len(found) > PAGE else None,
        "later": before is not None,
        "open": is_open(campaign) and not of,  # its studio makes cards of today's campaign
        **graph(request, campaign),
    }
    if of:
        context["here"] = f"{context['here']}?of={of}"
        context["language_links"] = [(c, name, _of(c, of)) for c, name in settings.LANGUAGES]
    return render(request, "wall/wall.html", context)


def _of(language: str, slug: str) -> str:
    with override(language):
        return f"{reverse('wall')}?of={slug}"


def _others(shown: Campaign, today: Campaign) -> list[Campaign]:
    """Whose wall has cards, and the day's; none that is not public."""
    slugs = dict.fromkeys([today.slug, *walls_with_cards()])
    slugs.pop(shown.slug, None)
    return [one for slug in slugs if (one := named(slug))]


def says_on(card: Card, words: Words) -> str:
    """What a card says; of one in its owner's own words, no more than which campaign it is of."""
    return words.hashtag if card.own else words.message


@public
@require_safe
def card_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One card, to share: the networks read its picture and its words from here."""
    card = get_object_or_404(Card, slug=slug)
    today = current()
    campaign = named(card.campaign) or today
    words = campaign.says.of(card.language)
    files = dict(card.pictures.values_list("kind", "file"))
    here = request.build_absolute_uri()
    context = {
        "page": "wall",
        "card": card,
        "words": words,
        "ours": campaign.says.of((get_language() or "fr")[:2]),
        "spoken": card.language,
        "says": says_on(card, words),
        "locale": LOCALES[card.language],
        "files": files,
        "links": sharing_links(here, words),
        "of": campaign.slug if campaign.slug != today.slug else "",
        "open": is_open(today) and campaign.slug == today.slug,
        "here": here,
        "wide": request.build_absolute_uri(reverse("wall_picture", args=[files["wide"]])),
        "oembed": request.build_absolute_uri(reverse("oembed")),
    }
    return render(request, "wall/card.html", context)


@public
@require_safe
def picture(request: HttpRequest, file: str) -> HttpResponse:
    found = CardPicture.objects.filter(file=file).only("data").first()
    if found is None:
        raise Http404
    kind = TYPES[file.rpartition(".")[2]]
    return HttpResponse(bytes(found.data), content_type=kind, headers={"Cache-Control": KEPT})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_page(request: HttpRequest, token: str) -> HttpResponse:
    """One button. Shows the card if it hangs, which everybody can see; of what does not, no more.

    So nobody learns here whether a card still waits, was refused or was set aside.
    """
    context: dict[str, object] = {"page": "wall", "done": False}
    status = 200
    if request.method == "POST":
        try:
            withdraw(token)
            context["done"] = True
        except WallUnavailable:
            context["failed"], status = True, 503
    card = hanging(token)
    if card:
        context["picture"] = card.pictures.get(kind="card").file
    context |= {"card": card, "hangs": card or context.get("failed")}
    return render(request, "wall/withdraw.html", context, status=status)
