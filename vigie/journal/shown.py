"""What the desk's templates say of texts and codes; built in, for every one of them."""

from typing import Any

from django import template

from vigie.journal.codes import code_words
from vigie.lib.visible import visible

register = template.Library()


@register.filter(name="visible")
def shown(text: Any) -> str:
    """What somebody typed, with no sign that turns round what stands beside it."""
    return visible("" if text is None else str(text))


@register.filter(name="code")
def in_words(value: Any) -> str:
    return code_words(value)
