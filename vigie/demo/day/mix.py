"""What comes in on the day, and the truth of it. Pure: the same seed gives the same day.

Of a hundred reports 37 show what nobody judged before. The rest repeat it (the same address, the
same bytes elsewhere, saved anew, on a contact sheet, cut), are on the police list, are dead, are
not for this hotline, or come as a flood of dead pages of one site. Every fourth
new page has three pictures, and so have the pages that repeat it whole.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from vigie.sandbox.hosts import FAMILY, family_of
from vigie.sandbox.pictures import LISTED
from vigie.sandbox.world import STANDS

CONFIRMING = ("baseline", "national")
# Of a hundred reports: (what is reported, its truth): how many.
MIX = {
    ("first", "baseline"): 17,
    ("first", "national"): 6,
    ("first", "other_illegal"): 3,
    ("first", "not_illegal"): 11,
    ("again", ""): 6,
    ("same", "confirmed"): 10,
    ("same", "not_illegal"): 2,
    ("resaved", "confirmed"): 14,
    ("resaved", "not_illegal"): 2,
    ("sheet", "confirmed"): 4,
    ("cropped", "confirmed"): 1,
    ("listed", "baseline"): 8,
    ("near listed", "baseline"): 4,
    ("dead", "cannot_assess"): 2,
    ("out of remit", "out_of_remit"): 2,
    ("flood", "cannot_assess"): 8,
}
ALBUM_EVERY = 4  # of what is new: its page shows three pictures, of one truth
DANGER_EVERY = 8  # of the new baseline material: the reporter says that a child is in danger now
GROOMING = "In this chat somebody asks my daughter for pictures. There is nothing to see on it."


@dataclass(frozen=True)
class Sent:
    """One report. ``where``: as typed; ``truth``: the classification that is right.

    ``family``: what it shows, in the ``form`` of the sandbox's pages ('' if nothing).
    """

    kind: str
    where: str
    truth: str
    family: str = ""
    form: str = ""
    danger: bool = False
    comment: str = ""

    @property
    def pictures(self) -> list[bytes]:
        """What is to be seen there, in the order of the page."""
        return [FAMILY[self.form](one, "jpg") for one in family_of(self.family, self.form)]


def plain(place: str) -> str:
    """A place by what both spellings of it have in common: of an account, its name alone."""
    return place.strip().casefold().rpartition("@")[2].removeprefix("telegram:")


def numbers(reports: int) -> dict[tuple[str, str], int]:
    """How many of each kind: the mix, by the largest remainders; at least 37 % are new."""
    exact = {kind: share * reports / 100 for kind, share in MIX.items()}
    found = {kind: int(number) for kind, number in exact.items()}
    by_rest = sorted(exact, key=lambda kind: exact[kind] - found[kind], reverse=True)
    for kind in by_rest[: reports - sum(found.values())]:
        found[kind] += 1
    return found


def day(reports: int, seed: int) -> list[Sent]:
    """All reports of the day, in the order in which they are sent."""
    return _Day(seed).reports(numbers(reports))


class _Day:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  a day that can be repeated, no secret
        self.name, self.count = f"d{seed}", 0
        self.firsts: list[Sent] = []

    def reports(self, wanted: dict[tuple[str, str], int]) -> list[Sent]:
        made: list[Sent] = []
        for (kind, truth), number in wanted.items():
            if kind != "flood":
                made += [self._one(kind, truth) for _ in range(number)]
        self.chance.shuffle(made)
        at = self.chance.randrange(len(made) + 1)
        return [*made[:at], *self._flood(wanted["flood", "cannot_assess"]), *made[at:]]

    def _one(self, kind: str, truth: str) -> Sent:
        self.count += 1
        make: dict[str, Callable[[str], Sent]] = {
            "first": self._first,
            "again": lambda _: self.chance.choice(self.firsts),
            "listed": lambda _: self._listed(kind, "same"),
            "near listed": lambda _: self._listed(kind, "resaved"),
            "dead": lambda _: Sent(kind, self._at(f"gone-{self._number}"), truth),
            "out of remit": lambda _: Sent(
                kind, f"Telegram @{self._number}", truth, comment=GROOMING
            ),
        }
        return make[kind](truth) if kind in make else self._of_a_first(kind, truth)

    @property
    def _number(self) -> str:
        return f"{self.name}n{self.count}"

    def _at(self, path: str) -> str:
        return f"http://{self.chance.choice(STANDS[1:]).name}/{path}"

    def _shown(self, kind: str, truth: str, family: str, form: str, danger: bool = False) -> Sent:
        where = self._at(f"a/{form}-of-{family}-{self._number}")
        return Sent(kind, where, truth, family, form, danger)

    def _first(self, truth: str) -> Sent:
        danger = truth == "baseline" and self.count % DANGER_EVERY == 1
        album = "x3" if self.count % ALBUM_EVERY == 0 else ""
        made = self._shown("first", truth, f"{self.name}f{self.count}{album}", "first", danger)
        self.firsts.append(made)
        return made

    def _listed(self, kind: str, form: str) -> Sent:
        return self._shown(kind, "baseline", LISTED, form)

    def _of_a_first(self, form: str, truth: str) -> Sent:
        """Of a picture of the day: of one that is to be confirmed, or of one that is harmless."""
        right = CONFIRMING if truth == "confirmed" else (truth,)
        first = self.chance.choice([one for one in self.firsts if one.truth in right])
        return self._shown(form, first.truth, first.family, form)

    def _flood(self, number: int) -> list[Sent]:
        site = STANDS[0].name
        return [
            Sent("flood", f"http://{site}/{self.name}/{n}", "cannot_assess") for n in range(number)
        ]
