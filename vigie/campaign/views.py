"""The campaign's pages: the card on the front, and what is known about its figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from vigie.campaign.content import is_of_2020
from vigie.campaign.counts import CHILD_FOCUS
from vigie.campaign.selectors import current, is_open
from vigie.campaign.sharing import graph
from vigie.campaign.wall.selectors import cards_on, wall
from vigie.campaign.wall.views import told
from vigie.lib.access import public

ON_FRONT = 6
CHART = (560, 220)  # pixels of the drawing, scaled to its place


@public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    campaign, language = current(), (get_language() or "fr")[:2]
    says = campaign.says
    context = {
        "page": "front",
        "open": is_open(campaign),
        "campaign": campaign,
        "language": language,
        "words": says.of(language),
        "number": says.number,
        "base": says.base,
        "counter": told(campaign, cards_on(campaign.slug)),
        "found": wall(campaign.slug, count=ON_FRONT)[:ON_FRONT],
        **graph(request, campaign),
    }
    return render(request, "campaign/front.html", context)


@public
@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    campaign = current()
    says = campaign.says
    counts = [(y, number_format(n, force_grouping=True)) for y, n in CHILD_FOCUS.items()]
    context = {
        "page": "facts",
        "child_focus": counts,
        "bars": bars(CHILD_FOCUS),
        "chart": CHART,
        "of_2020": is_of_2020(says),
        "words": says.of((get_language() or "fr")[:2]),
        "number": says.number,
        "base": says.base,
        **graph(request, campaign),
    }
    return render(request, "campaign/facts.html", context)


def bars(counts: dict[int, int]) -> list[dict[str, object]]:
    """A bar for each year of the span, in the drawing's pixels; a missing year leaves its gap."""
    width, height = CHART
    first, last, most = min(counts), max(counts), max(counts.values())
    step = width / (last - first + 1)
    found: list[dict[str, object]] = []
    for year in range(first, last + 1):
        x, count = round((year - first) * step), counts.get(year)
        tall = round((height - 60) * count / most) if count else 0
        found.append(
            {
                "year": year,
                "count": number_format(count, force_grouping=True) if count else "",
                "x": x + 6,
                "middle": x + round(step / 2),
                "width": round(step) - 12,
                "height": tall,
                "y": height - 30 - tall,
                "above": height - 38 - tall,
            }
        )
    return found
