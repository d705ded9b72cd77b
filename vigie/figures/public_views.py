"""What has been published, as it was published: the public program counts nothing itself."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from vigie.figures.models import PublishedFigures
from vigie.lib.access import public

LABELS = {
    "reports": _("reports received"),
    "confirmed": _("found to be child sexual abuse material"),
    "referred": _("referred to the police"),
    "notices": _("notices to hosts"),
    "removed": _("taken down"),
    "median_hours_to_removal": _("hours from decision to removal (median)"),
}


@public
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    return render(request, "figures/public.html", {"page": "figures", **last_published()})


def last_published() -> dict[str, Any]:
    """What a page needs to show the last publication."""
    published = PublishedFigures.objects.order_by("-week").first()
    return {
        "published": published,
        "until": _until(published) if published else None,
        "rows": _rows(published.values) if published else [],
    }


def _rows(values: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Label, words for its value, and whether it is too small to be shown."""
    return [
        (str(label), _told(key, values.get(key)), values.get(key) is None)
        for key, label in LABELS.items()
    ]


def _until(published: PublishedFigures) -> datetime:
    """By when what is told had happened: a tick before it was published."""
    told = published.values.get("until")
    return datetime.fromisoformat(told) if told else published.week


def _told(key: str, value: int | None) -> str:
    """A rung as words: the count has passed it; the median is no longer than its span."""
    if value is None:
        return gettext("too few to tell")
    number = {"number": number_format(value, force_grouping=True)}
    if key == "median_hours_to_removal":
        return gettext("at most %(number)s") % number
    return gettext("at least %(number)s") % number
