"""What a decision passes over. Then it takes a reason, in words.

To confirm, one picture is enough: the item goes on. What closes an item leaves everything of it to
nobody, so it is asked about everything that is there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from vigie.cases.deciding.decision import Decision
from vigie.cases.looks.grounds import ground_of, said_to_be_abuse
from vigie.cases.looks.seen import Stills
from vigie.cases.models import CONFIRMING, OF_CONTENT, AssessedPicture, Classification
from vigie.lib.words import in_words
from vigie.matching.verdicts import Verdict
from vigie.tracing.models import Media


class NotSeen(Exception):
    """About these pictures (their numbers on the page) nobody decides so without seeing them."""

    def __init__(self, *pictures: int) -> None:
        super().__init__(*pictures)
        self.pictures = pictures


class ReasonNeeded(Exception):
    """This decision takes a reason, and none was given; ``kind``: as in `reasons`. ``pictures``:
    the numbers of those for which it does, on the page; ``partly``: of these, videos of which
    some stills were seen."""

    def __init__(
        self, kind: str, pictures: Sequence[int] = (), partly: Mapping[int, Stills] | None = None
    ) -> None:
        super().__init__(kind)
        self.kind, self.pictures, self.partly = kind, pictures, partly or {}


@dataclass(frozen=True)
class Unsaid:
    """Numbers of pictures. ``contradicted``: known or listed as abuse, and it closes the item, by
    somebody who did not see them. ``against``: such, seen or not.
    ``unseen``: nothing is known of them, nor were they seen. ``partly``: videos of which they saw
    some stills, and not all that there are.

    ``on_words``: it says what is to be seen, and names no picture.
    """

    on_words: bool = False
    contradicted: tuple[int, ...] = ()
    against: tuple[int, ...] = ()
    unseen: tuple[int, ...] = ()
    partly: Mapping[int, Stills] = field(default_factory=dict)

    def ask(self, reason: str) -> None:
        """Raises `NotSeen`, which no reason helps, and `ReasonNeeded`."""
        if self.contradicted:
            raise NotSeen(*self.contradicted)
        if in_words(reason):
            return
        if self.on_words:
            raise ReasonNeeded("on_words")
        if self.against:
            raise ReasonNeeded("against", self.against)
        if self.unseen or self.partly:
            both = tuple(sorted({*self.unseen, *self.partly}))
            raise ReasonNeeded("unseen", both, self.partly)

    def said(self) -> dict[str, int]:
        """For the journal: how many."""
        counts = {
            "against": len(self.against),
            "passed_over": len(self.unseen),
            "partly_seen": len(self.partly),
        }
        return {name: n for name, n in counts.items() if n}


def unsaid(
    shown: Sequence[tuple[Media, Verdict]],
    decision: Decision,
    chosen: Sequence[AssessedPicture],
    seen: Collection[str],
    in_vain: Collection[str] = (),
    stills: Mapping[str, Stills] | None = None,
) -> Unsaid:
    """``shown``: all pictures of the look; ``seen``: of these by this person, by SHA-256;
    ``in_vain``: they asked for these, and they could not be shown. Such a one is not said to be
    anything; that it cannot be assessed, or is for others, may be said of it. ``stills``: that they
    saw, of each video; of one that is known to be what they say, none is asked for."""
    kind = decision.classification
    of_content = kind in OF_CONTENT
    on_words = of_content and not chosen
    if kind in CONFIRMING:
        return Unsaid(on_words)
    abuse = [m for m, verdict in shown if said_to_be_abuse(verdict)]
    looked = seen if of_content else {*seen, *in_vain}
    grounds = {m: ground_of(m, verdict) for m, verdict in shown}
    unseen = [m for m in grounds if not (m.sha256 in seen or m in abuse or grounds[m])]
    partly = {
        m.position: one
        for m, ground in grounds.items()
        if (one := (stills or {}).get(m.sha256)) and 0 < one.seen < one.of
        if not (ground and ground.allows(kind))
    }
    for_others = kind == Classification.OUT_OF_REMIT
    return Unsaid(
        on_words,
        _numbers([m for m in abuse if m.sha256 not in looked]),
        _numbers(abuse),
        () if for_others else _numbers(unseen),
        {} if for_others else partly,
    )


def _numbers(media: Sequence[Media]) -> tuple[int, ...]:
    return tuple(sorted(m.position for m in media))
