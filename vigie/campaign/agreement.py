"""Whether a campaign's texts say its number and its sum: a false sum is not published."""

import re

from vigie.campaign.card.design import SIZES
from vigie.campaign.content import Content, Words

# Texts that say the number if they hold figures at all; it may also be written as a word.
SAY_THE_NUMBER = ("message", "lead", "caption", "alt")
TOLERANCE = 0.1  # "about 19 million" is 18,954,000
SCALES = {
    "thousand": ("mille", "duizend", "tausend", "thousand"),
    "million": ("million", "millions", "miljoen", "millionen", "mio"),
    "milliard": ("milliard", "milliards", "miljard", "milliarde", "milliarden", "mrd"),
}
FACTORS = {"thousand": 10**3, "million": 10**6, "milliard": 10**9}
_figure = re.compile(r"\d+(?:[\s.,’']\d+)*")


def disagreements(content: Content) -> list[tuple[str, str]]:
    """(where, rule), as `Content.problems` has them. Rules: ``number`` and ``sum``, another one."""
    found = []
    for language, words in content.words.items():
        places = _with_another_number(words, content.number)
        found += [(f"{language}.{place}", "number") for place in places]
        total = content.number * content.base
        if not any(
            abs(one - total) <= TOLERANCE * total for one in _amounts(words.total, language)
        ):
            found.append((f"{language}.total", "sum"))
    return found


def _with_another_number(words: Words, number: int) -> list[str]:
    texts = {name: getattr(words, name) for name in SAY_THE_NUMBER}
    texts |= {"loud": words.loud} | {f"lines.{size}": words.broken(size) for size in SIZES}
    return [place for place, text in texts.items() if (f := _whole(text)) and number not in f]


def _whole(text: str) -> set[int]:
    return {int(re.sub(r"\D", "", figure)) for figure in _figure.findall(text)}


def _amounts(text: str, language: str) -> list[float]:
    """What the figures of a text may mean: a comma or point may group or begin a fraction."""
    found = []
    for match in _figure.finditer(text):
        following = re.match(r"\s*(\w+)", text[match.end() :])
        factor = _factor(following[1].lower() if following else "", language)
        digits = re.sub(r"\D", "", match[0])
        found.append(float(digits) * factor)
        if fraction := re.fullmatch(r"(\d+)[.,](\d+)", match[0]):
            found.append(float(f"{fraction[1]}.{fraction[2]}") * factor)
    return found


def _factor(word: str, language: str) -> int:
    if word == "billion" and language == "en":
        return 10**9
    return next((FACTORS[name] for name, words in SCALES.items() if word in words), 1)
