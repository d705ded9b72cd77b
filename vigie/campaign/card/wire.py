"""What is said between the one who wants cards and the limited child that reads the photo.

A message is the length of its head (4 bytes), its head (JSON) and the rest, plain bytes. The child
is not trusted: whoever reads its answer checks sizes and kinds.
"""

import json
import re
import struct
from dataclasses import dataclass
from typing import Any

LENGTH = struct.Struct("!I")
DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "pdq": 64}


@dataclass(frozen=True)
class PhotoHashes:
    """Of the photo as it was sent: of its bytes, and PDQ (hexadecimal; quality 0 to 100) of what
    it shows, upright and in sRGB, without our overlay."""

    md5: str
    sha1: str
    sha256: str
    pdq: str
    quality: int


def pack(head: dict[str, Any]) -> bytes:
    text = json.dumps(head).encode()
    return LENGTH.pack(len(text)) + text


def unpack(message: memoryview) -> tuple[dict[str, Any], memoryview]:
    """ValueError: it is no message."""
    if len(message) < LENGTH.size:
        raise ValueError("short")
    end = LENGTH.size + LENGTH.unpack_from(message)[0]
    head = json.loads(bytes(message[LENGTH.size : end]))
    if not isinstance(head, dict):
        raise ValueError("no head")
    return head, message[end:]


def hashes_from(head: dict[str, Any]) -> PhotoHashes:
    """ValueError: the child said something else."""
    for name, digits in DIGITS.items():
        if not re.fullmatch(f"[0-9a-f]{{{digits}}}", str(head.get(name))):
            raise ValueError(name)
    return PhotoHashes(**{name: head[name] for name in DIGITS}, quality=int(head["quality"]))
