"""What a supporter agrees to for the wall, word for word. Other words are a new version beside it.

A card carries the version of the words that were agreed to: it can be shown later, and a use that
they do not name is refused.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CURRENT = "2026-11-27"
WORDS: dict[str, Promise] = {
    "2026-11-27": _(
        "The photo is mine, no people can be seen on it, and this card with the name above may be "
        "shown on the wall, in the feed, on pages that embed the wall and in posts of this "
        "hotline’s own accounts."
    ),
}
OWN_POSTS = frozenset({"2026-11-27"})  # those that name them
