"""Where a picture stands on a sheet."""

from dataclasses import dataclass

from vigie.matching.engine.cuts import Luma

FRAME = 6  # pixels that a frame may be thick


@dataclass(frozen=True)
class Box:
    """Pixels: from left and top, up to right and bottom without them."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def turned(self) -> "Box":
        return Box(self.top, self.left, self.bottom, self.right)

    def of(self, luma: Luma) -> Luma:
        return luma[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True)
class Cell:
    """What lies between gutters, and the picture in it."""

    whole: Box
    picture: Box

    @property
    def turned(self) -> "Cell":
        return Cell(self.whole.turned, self.picture.turned)

    @property
    def facing(self) -> Box:
        """Whose edges may go on in the next cell: a scene's do where its bars stand. What was cut
        off beside a picture, more than a frame, may have been part of it."""
        one, other = self.picture, self.whole
        cut = max(one.left - other.left, other.right - one.right)
        cut = max(cut, one.top - other.top, other.bottom - one.bottom)
        return self.picture if cut <= FRAME else self.whole


Rows = list[list[Cell]]
