"""What the wall asks of others: does a list know these pictures?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Hashes:
    """Of the file as it came (lower-case hexadecimal), and the PDQ of the photo; '' where none.

    ``parts``: the PDQs of the pictures on it, if it is a sheet of pictures.
    """

    md5: str = ""
    sha1: str = ""
    sha256: str = ""
    pdq: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """``name``: of the list that knows a picture, or ``judged here``: on our own desk (where people
    differ about it: ``judged differently``).

    ``same``: the same bytes. Otherwise the picture, or one on it, is like one that is known.
    """

    name: str
    same: bool


class KnownPictures(Protocol):
    def __call__(self, pictures: Sequence[Hashes]) -> list[Hit | None]:
        """For each picture, in their order, by what it is known; None where by nothing."""
