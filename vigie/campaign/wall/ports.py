"""What the wall asks of others: does a list know this picture?"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Hashes:
    """Of the file as it came (lower-case hexadecimal), and the PDQ of the photo ('' if none)."""

    md5: str
    sha1: str
    sha256: str
    pdq: str = ""


class KnownPictures(Protocol):
    def __call__(self, hashes: Hashes) -> str:
        """The name of a list that holds this picture, or of the judgement; '' for none."""
