"""Whether what somebody wrote, as a reason above all, says anything."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def in_words(reason: str) -> bool:
    """A dot, or one letter again and again, says nothing; one word of any script is two letters at
    least."""
    return len({sign for sign in reason.casefold() if sign.isalpha()}) > 1


def a_reason(text: str) -> None:
    """For fields of forms that take one. Raises ValidationError."""
    if not in_words(text):
        raise ValidationError(_("What is written there is not a reason yet: it takes a word."))


def a_word(text: str) -> None:
    """For fields of forms that take something else: a name, a place. Raises ValidationError."""
    if not in_words(text):
        raise ValidationError(_("Write it in words."))
