"""What the wall asks of others: does a list know this picture?"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Hashes:
    """Of the file as it came (lower-case hexadecimal), and the PDQ of the photo ('' if none).

    ``parts``: the PDQs of the pictures on it, if it is a sheet of pictures.
    """

    md5: str
    sha1: str
    sha256: str
    pdq: str = ""
    parts: tuple[str, ...] = ()


class KnownPictures(Protocol):
    def __call__(self, hashes: Hashes) -> str:
        """The name of a list that holds this picture or one on it, or of the judgement; or ''."""
