"""Short reasons that the organisation offers, to choose from beside one's own words.

``[reasons]`` of its file: by kind a list of texts, each in the organisation's languages. Where
there are none, people write their own.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.utils.translation import get_language

from vigie.lib.visible import visible

LONGEST: Final = 200  # letters

# to look although it is known or was seen; to decide so; to decide although no picture is named, or
# not every one was seen; to settle what two say; to open a closed item again
KINDS: Final = frozenset(
    {"second_look", "cannot_assess", "out_of_remit", "on_words", "unseen", "settle", "reopen"}
)


def check(data: Mapping[str, Any]) -> None:
    """Raises `ValueError` with the name of what is wrong."""
    for kind, texts in data.items():
        if kind not in KINDS or not isinstance(texts, list) or not all(map(_is_text, texts)):
            raise ValueError(kind)


def _is_text(one: object) -> bool:
    said = one.values() if isinstance(one, dict) and "en" in one else [one]
    return all(isinstance(words, str) and words for words in said)


def offered(kind: str) -> list[tuple[str, str]]:
    """(code, words in the language of the page), in the order of the file."""
    language = (get_language() or "en")[:2]
    texts = settings.ORGANISATION.localised(language).get("reasons", {}).get(kind, [])
    return [(f"{kind}.{n}", words) for n, words in enumerate(texts, start=1)]


def given(code: str, own: str) -> str:
    """A reason of the list, one's own words, or both; nothing in it turns round what follows."""
    words = (words_of(code), visible(" ".join(own.split())))
    return "; ".join(one for one in words if one)[:LONGEST]


def words_of(code: str) -> str:
    """What this code stands for; '' if it stands for nothing."""
    return dict(offered(code.partition(".")[0])).get(code, "")
