"""What is said between the one who wants cards and the limited child that reads the photo.

A request is one piece, an answer's head as well: a JSON object. Pixels are pieces of plain bytes.
The child is not trusted: whoever reads its answer checks sizes and kinds.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

MOST_PARTS = 100
DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "pdq": 64}


@dataclass(frozen=True)
class PhotoHashes:
    """Of the photo as it was sent: of its bytes, and PDQ (hexadecimal; quality 0 to 100) of what
    it shows, upright and in sRGB, without our overlay. ``parts``: the PDQs of the pictures
    on it, if it is a sheet of pictures."""

    md5: str
    sha1: str
    sha256: str
    pdq: str
    quality: int
    parts: tuple[str, ...] = ()


def pack(head: dict[str, Any]) -> bytes:
    return json.dumps(head).encode()


def unpack(message: bytes | bytearray) -> dict[str, Any]:
    """ValueError: it is no message."""
    head = json.loads(message)
    if not isinstance(head, dict):
        raise ValueError("no object")
    return head


def hashes_from(head: dict[str, Any]) -> PhotoHashes:
    """ValueError: the child said something else."""
    for name, digits in DIGITS.items():
        if not re.fullmatch(f"[0-9a-f]{{{digits}}}", str(head.get(name))):
            raise ValueError(name)
    parts = head.get("parts", [])
    if not isinstance(parts, list) or len(parts) > MOST_PARTS or not all(map(_is_pdq, parts)):
        raise ValueError("parts")
    own = {name: head[name] for name in DIGITS}
    return PhotoHashes(**own, quality=int(head["quality"]), parts=tuple(parts))


def _is_pdq(value: object) -> bool:
    return bool(re.fullmatch("[0-9a-f]{64}", str(value)))
