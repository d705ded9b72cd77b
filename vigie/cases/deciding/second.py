"""Which decisions need a second, independent assessment: ``[second]`` of the organisation (pure).

decisions   classifications that are always assessed twice
share       of all others one in so many, drawn by the item's own number; 0: none
agree_on    beside the classification: questions of the schema that have to be answered alike

Who works on the second assessment knows that there was a first, and from this policy what it may
have been. So a policy that would name one classification, and draw nothing, is refused.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CLASSIFICATIONS = frozenset(
    {"baseline", "national", "other_illegal", "not_illegal", "cannot_assess", "out_of_remit"}
)


@dataclass(frozen=True)
class SecondPolicy:
    decisions: tuple[str, ...] = ()
    share: int = 0
    agree_on: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "SecondPolicy":
        """Raises `ValueError` with the name of what is wrong."""
        if unknown := set(data) - {"decisions", "share", "agree_on"}:
            raise ValueError(", ".join(sorted(unknown)))
        decisions, share = data.get("decisions", []), data.get("share", 0)
        agree_on = data.get("agree_on", [])
        if not isinstance(decisions, list) or not set(decisions) <= CLASSIFICATIONS:
            raise ValueError("decisions")
        if type(share) is not int or share < 0 or (len(decisions) == 1 and not share):
            raise ValueError("share")
        if not isinstance(agree_on, list) or not all(isinstance(one, str) for one in agree_on):
            raise ValueError("agree_on")
        return cls(tuple(decisions), share, tuple(agree_on))

    def drawn(self, item: int, round: int) -> bool:
        """Alike whenever it is asked; nobody chooses which items are looked at twice."""
        if not self.share:
            return False
        digest = hashlib.sha256(f"second assessment {item} {round}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.share == 0
