"""What the pages say: by their own translations and by the campaign that ships."""

from django.utils.translation import gettext, override

from vigie.campaign.content import Words, shipped


def said(words: str, language: str) -> str:
    """A text of the pages in a language."""
    with override(language):
        return gettext(words)


def words(language: str) -> Words:
    return shipped().of(language)
