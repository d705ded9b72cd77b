"""What an assessment says, before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from vigie.cases.models import Classification


@dataclass(frozen=True)
class Decision:
    """What the assessment form says. ``picture_ids``: the media the decision is about."""

    classification: Classification
    look_id: int | None
    reason: str = ""
    hand_over_to: str = ""
    picture_ids: frozenset[int] = frozenset()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by question: codes

    def fitting(self) -> Self:
        """Who takes it over is said of what is out of remit alone; else it would be believed."""
        if self.classification == Classification.OUT_OF_REMIT:
            return self
        return replace(self, hand_over_to="")
