"""The published figures on a page of another room, which need not know where they come from."""

from typing import Any

from django import template

from vigie.figures.public_views import last_published

register = template.Library()


@register.inclusion_tag("figures/_counts.html")
def published_figures() -> dict[str, Any]:
    return last_published()
