"""The message, word by word: where each is written so that all of it fills the note, and no more.

Laid out in em and then scaled as large as the note's box allows, so no text can overflow.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vigie.campaign.card.lettering import Box, letter, tidy, words

MOST = 122  # pixels to the em: two words need not shout
LOUD = 1.42  # how much larger the loud word is
SPACE = 0.29  # between words, em
AFTER_LOUD = 0.08  # more, for the strokes reach out below it
LEADING = 1.08  # between baselines, em
LOUD_ABOVE, LOUD_BELOW = 0.10, 0.16  # more room about a line that holds the loud word, em
JITTER, LEAN = 0.018, 0.5  # of a word's baseline (em) and slope (degrees), at most
# The two strokes under the loud word: from, to (shares of its ink's width), heights below the
# baseline at both ends and thickness (em of the loud word).
STROKES = ((-0.10, 1.06, 0.140, 0.080, 0.058), (0.02, 0.98, 0.222, 0.182, 0.044))


@dataclass(frozen=True)
class Piece:
    """Letters on the paper: written at (x, y), ``size`` pixels to the em, sloping by ``lean``°."""

    text: str
    x: float
    y: float
    size: float
    lean: float
    loud: bool

    def ink(self) -> Box:
        """The box of its ink on the paper; of its strokes too, where it is the loud one."""
        left, top, right, bottom = letter(self.text, "hand").ink
        if self.loud:
            span = right - left
            right, left = right + 0.09 * span, left - 0.13 * span
            bottom = max(bottom, 0.26)
        turn = math.radians(self.lean)
        corners = [(x, y) for x in (left, right) for y in (top, bottom)]
        across = [
            self.x + self.size * (x * math.cos(turn) - y * math.sin(turn)) for x, y in corners
        ]
        down = [self.y + self.size * (x * math.sin(turn) + y * math.cos(turn)) for x, y in corners]
        return min(across), min(down), max(across), max(down)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of them."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def write(lines: Sequence[str], loud: str, box: Box, most: float) -> list[Piece]:
    """The message inside ``box``, centred and as large as it can be; at most ``most`` px to the em.

    ValueError: a character that cannot be drawn, see ``lettering.missing``.
    """
    pieces = list(_lay_out([line for line in lines if line.strip()], tidy(loud).strip()))
    inked = [piece for piece in pieces if piece.text.strip("\u00a0")]
    if not inked:
        return []
    left, top, right, bottom = around([piece.ink() for piece in inked])
    room = (box[2] - box[0], box[3] - box[1])
    scale = min(most, room[0] / (right - left), room[1] / (bottom - top))
    x = (box[0] + box[2]) / 2 - scale * (left + right) / 2
    y = (box[1] + box[3]) / 2 - scale * (top + bottom) / 2
    return [_placed(piece, scale, x, y) for piece in inked]


def _placed(piece: Piece, scale: float, x: float, y: float) -> Piece:
    return Piece(
        piece.text,
        x + scale * piece.x,
        y + scale * piece.y,
        scale * piece.size,
        piece.lean,
        piece.loud,
    )


def _lay_out(lines: Sequence[str], loud: str) -> Iterator[Piece]:
    """The pieces at one pixel to the em, each line centred on x = 0."""
    chance = random.Random("\n".join(lines))  # noqa: S311  drawing, not secrets
    y = 0.0
    for line in lines:
        parts = list(_parts(line, loud))
        noisy = any(is_loud for _text, is_loud, _space in parts)
        y += LOUD_ABOVE if noisy else 0
        x = -sum(_advance(text, is_loud) + space for text, is_loud, space in parts) / 2
        for text, is_loud, space in parts:
            x += space
            rise, lean = chance.uniform(-JITTER, JITTER), chance.uniform(-LEAN, LEAN)
            yield Piece(text, x, y + rise, LOUD if is_loud else 1.0, lean, is_loud)
            x += _advance(text, is_loud)
        y += LEADING + (LOUD_BELOW if noisy else 0)


def _advance(text: str, loud: bool) -> float:
    return letter(text, "hand").advance * (LOUD if loud else 1.0)


def _parts(line: str, loud: str) -> Iterator[tuple[str, bool, float]]:
    """What is written in one go: the text, whether it is loud, the space before it (em)."""
    line = tidy(line)
    if loud:
        line = line.replace(loud, loud.replace(" ", "\u00a0"))
    space = 0.0
    for word in words(line):
        for text, is_loud in _loud_apart(word, loud.replace(" ", "\u00a0")):
            yield text, is_loud, space
            space = 0.0
        space = SPACE + (AFTER_LOUD if is_loud else 0)


def _loud_apart(word: str, loud: str) -> Iterator[tuple[str, bool]]:
    """The word, its loud part apart from signs that cling to it ("78," or "(78)")."""
    before, found, after = word.partition(loud) if loud else (word, "", "")
    if not found or any(c.isalnum() for c in before[-1:] + after[:1]):
        yield word, False
        return
    for text, is_loud in ((before, False), (found, True), (after, False)):
        if text:
            yield text, is_loud
