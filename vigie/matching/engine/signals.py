"""The kinds of values by which a picture is known, one small class each, with its own examples.

Values are texts. `parse` brings one to the form in which it is stored and compared; `distance` is
0 for equal values, and None for values that are simply not the same.
"""

import hashlib
import re
from typing import ClassVar, Protocol

from vigie.matching.engine.luma import hash_picture

MOST_TEXT = 2_000  # letters of a value


class NotAValue(ValueError):
    """This text is no value of that kind."""


class Signal(Protocol):
    name: ClassVar[str]
    examples: ClassVar[tuple[str, ...]]  # as lists write them

    def parse(self, text: str) -> str:
        """Raises NotAValue."""

    def distance(self, one: str, other: str) -> int | None:
        """Of two parsed values."""


class _Hex:
    """Hexadecimal digits of one length, in small letters."""

    name: ClassVar[str]
    digits: ClassVar[int]
    examples: ClassVar[tuple[str, ...]]

    def parse(self, text: str) -> str:
        value = text.strip().lower()
        if not re.fullmatch(f"[0-9a-f]{{{self.digits}}}", value):
            raise NotAValue(self.name)
        return value


class _Digest(_Hex):
    """The same for the same bytes, and for no others."""

    def of(self, data: bytes) -> str:
        return hashlib.new(self.name, data, usedforsecurity=False).hexdigest()

    def distance(self, one: str, other: str) -> int | None:
        return 0 if one == other else None


class Md5(_Digest):
    name = "md5"
    digits = 32
    examples: ClassVar[tuple[str, ...]] = (
        "d41d8cd98f00b204e9800998ecf8427e",
        "900150983CD24FB0D6963F7D28E17F72",
    )


class Sha1(_Digest):
    name = "sha1"
    digits = 40
    examples: ClassVar[tuple[str, ...]] = ("a9993e364706816aba3e25717850c26c9cd0d89d",)


class Sha256(_Digest):
    name = "sha256"
    digits = 64
    examples: ClassVar[tuple[str, ...]] = (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    )


class Pdq(_Hex):
    """256 bits; near for a picture that was saved anew or resized. Not for one that was cropped."""

    name = "pdq"
    digits = 64
    near: ClassVar[int] = 31  # bits, by its authors' advice
    examples: ClassVar[tuple[str, ...]] = (
        "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22",
    )

    def of(self, data: bytes) -> str:
        """Raises whatever a decoder raises that stumbles: only where hostile bytes may do harm."""
        return hash_picture(data).pdq.value

    def distance(self, one: str, other: str) -> int | None:
        return (int(one, 16) ^ int(other, 16)).bit_count()


class PhotoDna:
    """Carried and compared as given: how it is computed, and how near is near, is not public."""

    name: ClassVar[str] = "photodna"
    examples: ClassVar[tuple[str, ...]] = ("MTIzNDU2Nzg5MA==", "0,12,255,3")

    def parse(self, text: str) -> str:
        value = text.strip()
        if not value or len(value) > MOST_TEXT or not value.isascii() or not value.isprintable():
            raise NotAValue(self.name)
        return value

    def distance(self, one: str, other: str) -> int | None:
        return 0 if one == other else None


SIGNALS: dict[str, Signal] = {
    "md5": Md5(),
    "sha1": Sha1(),
    "sha256": Sha256(),
    "pdq": Pdq(),
    "photodna": PhotoDna(),
}
