"""What a campaign says, as data: next year's animal and number need no engineer.

Shape, as kept in `Campaign.content` and in the TOML file of the campaign that ships: plain values,
``colours`` (`Colours`), and ``words`` by language (`Words`). ``lines`` overrides the breaks of
one size ("1080x1350"); without it a size takes the breaks of its layout, ``wide`` or ``narrow``.
"""

import re
import tomllib
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from vigie.campaign.card.design import SIZES, Colours, Wording
from vigie.campaign.card.legible import too_small
from vigie.campaign.card.lettering import missing

LANGUAGES = ("fr", "nl", "de", "en")
SHIPPED = Path(__file__).parent / "catsforkids-2020.toml"
MOST_LINES = 5
COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Words:
    """The texts of one language. ``wide`` and ``narrow`` hold the editor's line breaks."""

    message: str
    loud: str
    wide: str
    narrow: str
    hashtag: str
    call: str
    address: str
    headline: str
    lead: str
    invite: str
    studio: str
    photo: str
    pet_name: str
    wall: str
    joined: str
    one_joined: str
    base_label: str
    total: str
    total_label: str
    sum_note: str
    caption: str
    alt: str
    lines: dict[str, str] = field(default_factory=dict)

    def broken(self, size: str) -> str:
        """The message with the line breaks of one size."""
        usual = self.wide if SIZES[size].layout == "wide" else self.narrow
        return self.lines.get(size) or usual

    def wording(self, size: str) -> Wording:
        lines = tuple(line.strip() for line in self.broken(size).splitlines() if line.strip())
        return Wording(lines, self.loud, self.hashtag, self.call, self.address)

    @property
    def post(self) -> str:
        """A ready-made post: the caption, where to report, the hashtag."""
        return f"{self.caption}\n\n{self.address}\n{self.hashtag}"


TEXTS = tuple(one.name for one in fields(Words) if one.name != "lines")
LONGEST = {"message": 160, "wide": 160, "narrow": 160, "loud": 16, "hashtag": 40, "call": 60}
LONGEST |= {"address": 60, "pet_name": 60, "invite": 60, "photo": 60}
LONG = 600


@dataclass(frozen=True)
class Content:
    name: str
    number: int
    base: int
    words: dict[str, Words]
    colours: Colours = Colours()
    min_age: int = 16
    parent_may_agree: bool = True

    def joined(self, cards: int, language: str) -> str:
        """What follows the number of cards: French counts none as it counts one."""
        one = cards == 1 or (language == "fr" and cards == 0)
        return self.of(language).one_joined if one else self.of(language).joined

    def of(self, language: str) -> Words:
        return self.words.get(language, self.words["en"])

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Content":
        """Raises `KeyError` or `TypeError` for what is not a campaign's content at all."""
        words = {language: Words(**data["words"][language]) for language in LANGUAGES}
        plain = {one.name: data[one.name] for one in fields(cls) if one.name in data}
        return cls(**{**plain, "words": words, "colours": Colours(**data["colours"])})

    def problems(self) -> list[tuple[str, str]]:
        """What keeps it from being printed on a card: (where, which rule); nothing if fine."""
        found = [("number", "positive")] if self.number < 1 or self.base < 1 else []
        for language, words in self.words.items():
            found += [(f"{language}.{place}", rule) for place, rule in _problems(words)]
        colours = asdict(self.colours)
        found += [
            (name, "colour") for name, value in colours.items() if not COLOUR.fullmatch(value)
        ]
        if not any(name in colours for name, _rule in found) and self._faint():
            found.append(("ink", "contrast"))
        return found

    def _faint(self) -> bool:
        """WCAG 2.2, 1.4.3: the message must be read on its paper, the footer on its night."""
        pairs = [(self.colours.ink, self.colours.paper), ("#ffffff", self.colours.night)]
        return any(contrast(one, other) < 4.5 for one, other in pairs)


def _problems(words: Words) -> list[tuple[str, str]]:
    found = []
    for name in TEXTS:
        text = getattr(words, name)
        if not text.strip() and name != "loud":
            found.append((name, "empty"))
        if len(text) > LONGEST.get(name, LONG):
            found.append((name, "long"))
    for size in SIZES:
        lines = words.wording(size).lines
        if len(lines) > MOST_LINES:
            found.append((f"lines.{size}", "lines"))
        if words.loud and words.loud not in " ".join(lines).split():
            found.append((f"lines.{size}", "loud"))
    drawn = {"hashtag": words.hashtag, "call": words.call, "address": words.address}
    drawn |= {f"lines.{size}": words.broken(size) for size in SIZES}
    unwritable = [(name, "letters") for name, text in drawn.items() if missing(text)]
    found += unwritable or _small(words)
    if re.search(r"""[\s<>"'`\\]""", words.address):
        found.append(("address", "address"))
    if not re.fullmatch(r"#\w+", words.hashtag):
        found.append(("hashtag", "hashtag"))
    return found


def _small(words: Words) -> list[tuple[str, str]]:
    """What is too long to be read on a card; a form of the message at each size that is its own."""
    found = {}
    for name, size in SIZES.items():
        for place in too_small(words.wording(name), size):
            own = words.lines.get(name)
            form = f"lines.{name}" if own else size.layout
            found[form if place == "lines" else place] = "small"
    return list(found.items())


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@cache
def shipped() -> Content:
    """The campaign of 2020, which is the default."""
    return Content.from_data(tomllib.loads(SHIPPED.read_text("utf-8")))


def is_of_2020(content: Content) -> bool:
    """Whether its sum is the one of which the page of facts tells the sources."""
    return (content.number, content.base) == (shipped().number, shipped().base)
