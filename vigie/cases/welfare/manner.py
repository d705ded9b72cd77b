"""How stills are shown, and how often a quiet screen comes between them (pure).

The organisation's demands are part of ``[welfare]`` of its file; a person may ask for more, never
for less:

blur        ``light``, ``middle`` (where nothing is said) or ``strong``: of a still that is not held
grey        true: without colour, also while it is held
small       true: at half its size
calm_every  after so many stills a quiet screen with a drawing; 0: none

``negative`` (light and dark exchanged) and ``outlines`` (its edges alone; the viewer sends nothing
else) are a person's own wishes; no organisation demands them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BLURS = ("light", "middle", "strong")
MOST_BETWEEN = 500


@dataclass(frozen=True)
class Manner:
    blur: str = "middle"
    grey: bool = False
    small: bool = False
    negative: bool = False
    calm_every: int = 0
    outlines: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Manner":
        """The organisation's demands. Raises `ValueError` with the name of what is wrong."""
        found = cls(**{name: data[name] for name in DEMANDED if name in data})
        if found.blur not in BLURS:
            raise ValueError("blur")
        for name in ("grey", "small"):
            if not isinstance(getattr(found, name), bool):
                raise ValueError(name)
        if type(found.calm_every) is not int or not 0 <= found.calm_every <= MOST_BETWEEN:
            raise ValueError("calm_every")
        return found

    def with_wish(self, wish: "Manner") -> "Manner":
        """Of both, whatever shows less: a wish makes nothing weaker."""
        calm = [n for n in (self.calm_every, wish.calm_every) if n]
        return Manner(
            blur=max(self.blur, wish.blur, key=BLURS.index),
            grey=self.grey or wish.grey,
            small=self.small or wish.small,
            negative=wish.negative,
            outlines=wish.outlines,
            calm_every=min(calm, default=0),
        )


DEMANDED = ("blur", "grey", "small", "calm_every")
