"""What a trusted provider may ask, and what it is answered."""

import base64
import binascii
from typing import Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import (
    ConfigDict,
    EncodedBytes,
    EncoderProtocol,
    Field,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from vigie.intake.doors.schemas import Problem, on_its_own
from vigie.matching.lists.values import BadRow, canonical

MOST = 1_000  # pictures in one request
Kind = Literal["md5", "sha1", "sha256", "pdq", "photodna"]


class Base64(EncoderProtocol):
    """RFC 4648, section 4, and nothing else: read leniently it would give other bytes."""

    @classmethod
    def decode(cls, data: bytes) -> bytes:
        try:
            return base64.b64decode(data, validate=True)
        except binascii.Error:
            raise PydanticCustomError("base64_decode", "not base64")

    @classmethod
    def encode(cls, value: bytes) -> bytes:
        return base64.b64encode(value)

    @classmethod
    def get_json_format(cls) -> str:
        return "base64"


Base64Bytes = Annotated[bytes, EncodedBytes(encoder=Base64)]


class ValueIn(Schema):
    """One value of a picture."""

    model_config = ConfigDict(extra="forbid")

    type: Kind
    value: Annotated[
        str,
        Field(
            max_length=2_000,
            description="In hexadecimal; a PDQ or PhotoDNA may come in base64.",
        ),
    ]

    @model_validator(mode="after")
    def _parsed(self) -> Self:
        """As lists keep it."""
        try:
            self.value = canonical(self.type, self.value)
        except BadRow:
            raise ValueError("not a value of that type")
        return self


class PictureIn(Schema):
    """One picture: its values, or its bytes. At most one value of each type."""

    model_config = ConfigDict(extra="forbid")

    hashes: Annotated[list[ValueIn], Field(max_length=5)] = []
    quality: Annotated[
        int,
        Field(ge=0, le=100, description="Of the PDQ. Below 50 it would match anything: left out."),
    ] = 100
    bytes: Annotated[
        Base64Bytes,
        Field(
            description="The file, in base64 (RFC 4648, section 4: no line breaks, no `data:` in"
            " front). It is hashed in memory and forgotten."
        ),
    ] = b""

    @field_validator("hashes")
    @classmethod
    def _once(cls, hashes: list[ValueIn]) -> list[ValueIn]:
        if len({one.type for one in hashes}) < len(hashes):
            raise ValueError("one value of each type")
        return hashes

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.hashes) == bool(self.bytes):
            raise ValueError("either hashes or bytes")
        return self


class BatchIn(Schema):
    model_config = ConfigDict(extra="forbid")

    pictures: Annotated[
        list[Annotated[Any, on_its_own(PictureIn)]],
        Field(min_length=1, max_length=MOST, description="Each is read on its own."),
    ]


class MatchOut(Schema):
    """``classification``: ``baseline``, ``national``, ``other``, or '' where it was not said."""

    list: str
    classification: str


class VerdictOut(Schema):
    """Of one picture. ``known``: the same bytes are on a list. ``similar``: a picture like it is.
    ``unreadable``: the bytes are no picture that could be hashed within limits, and are not known
    as bytes. ``problem``: there is no verdict; with the status 503, ask again."""

    position: int
    verdict: Literal["known", "similar", "unknown", "unreadable"] | None = None
    matches: list[MatchOut] | None = None
    problem: Problem | None = None


class BatchOut(Schema):
    verdicts: list[VerdictOut]
