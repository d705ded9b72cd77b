"""What people agree to, word for word. A change of the words is a new version beside the old one.

A subscriber carries the version of the words they saw: what was agreed to can be shown later.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CURRENT = "2026-11"
WORDS: dict[str, Promise] = {
    "2026-11": _(
        "I ask %(name)s to send me news of the campaign by e-mail. I can stop this at any time "
        "with the link at the foot of each letter."
    ),
}


def words(name: str, version: str = CURRENT) -> str:
    """The words of a version, in the reader's language; ``name``: the organisation's."""
    return str(WORDS[version]) % {"name": name}
