"""The day's count: views avoided, and decisions that the truth does not bear out. Pure."""

from dataclasses import dataclass, field

from vigie.demo.day.mix import CONFIRMING, Sent, plain

GOAL = 0.6  # of confirmed items, decided without a view


@dataclass
class Score:
    """``wrong``: (reference, what was decided, the truth). ``undecided``: references or places."""

    confirmed: int = 0
    pictured: int = 0  # of these: has pictures
    without_view: int = 0
    by_policy: int = 0
    together: int = 0
    views: int = 0  # items of which a picture was shown, whatever was decided
    items: int = 0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """As on the manager's page: `vigie.cases.deciding.avoided`."""
        return self.without_view / self.pictured if self.pictured else 0.0

    @property
    def met(self) -> bool:
        return self.share >= GOAL and not self.wrong and not self.undecided


def scored(sent: list[Sent], ledger: list[dict[str, object]]) -> Score:
    """Every place of the day against what the desk's database says of it."""
    score, known = Score(), {plain(str(line["address"])): line for line in ledger}
    for place, truth in {one.where: one.truth for one in sent}.items():
        line = known.get(plain(place))
        score.items += 1
        if line is None or not line["classification"]:
            score.undecided.append(str(line["reference"]) if line else place)
            continue
        _count(score, line, truth)
    return score


def _count(score: Score, line: dict[str, object], truth: str) -> None:
    said = str(line["classification"])
    score.views += bool(line["viewed"])
    score.together += bool(line["together"])
    if said != truth:
        score.wrong.append((str(line["reference"]), said, truth))
    if said in CONFIRMING:
        score.confirmed += 1
        score.pictured += bool(line["pictured"])
        score.without_view += bool(line["named"]) and not line["viewed"]
        score.by_policy += bool(line["by_policy"])


def ceiling(sent: list[Sent]) -> float:
    """The share that the mix allows at most: each picture of the day has to be seen once."""
    right = [one for one in {one.where: one for one in sent}.values() if one.truth in CONFIRMING]
    looked = {one.family for one in right if one.kind == "first"}
    cut = sum(one.kind == "cropped" for one in right)
    return 1 - (len(looked) + cut) / len(right) if right else 0.0
