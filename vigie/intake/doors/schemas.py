"""What a trusted sender may send, and what it is answered."""

import uuid
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, PlainValidator

MOST = 1_000  # reports in one request
Short = Annotated[str, Field(max_length=200)]


def on_its_own(schema: type[BaseModel]) -> PlainValidator:
    """One of many: described as what it should be, and taken as it comes, so that a wrong one
    stops no other."""
    return PlainValidator(lambda value: value, json_schema_input_type=schema)


class HashIn(Schema):
    """A hash that the sender has of what it saw. Never the picture itself."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[
        str, Field(pattern="^[a-z0-9_-]{1,20}$", examples=["sha256", "pdq", "photodna"])
    ]
    value: Annotated[str, Field(pattern="^[0-9A-Za-z+/=]{8,400}$")]


class ReportIn(Schema):
    """One report. Only ``where`` is needed. A field with another name is refused, not lost."""

    model_config = ConfigDict(extra="forbid")

    where: Annotated[
        str,
        Field(
            pattern=r"\S",
            description="One or several addresses, or the place in words. At most 5,000 addresses"
            " become items.",
        ),
    ]
    kind: Literal["", "web", "onion", "account", "app", "other"] = ""
    seen: Annotated[Short, Field(description="When, in your words.")] = ""
    comment: str = ""
    contact: Annotated[Short, Field(description="Whom to ask about this report.")] = ""
    reference: Annotated[Short, Field(description="Your own number for it.")] = ""
    assessment: Annotated[
        Short, Field(description="How you judged it, in your vocabulary: baseline, A1, …")
    ] = ""
    hashes: Annotated[list[HashIn], Field(max_length=1_000)] = []
    danger: Annotated[bool, Field(description="A child is in danger now.")] = False


class ReportOut(Schema):
    """``id``: name it when you ask us about this report. It leads nowhere without our key."""

    id: uuid.UUID


class Problem(Schema):
    """RFC 9457. ``errors``: where in what was sent, and what is wrong there."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[dict[str, Any]] = []


class BulkIn(Schema):
    model_config = ConfigDict(extra="forbid")

    reports: Annotated[
        list[Annotated[Any, on_its_own(ReportIn)]],
        Field(
            min_length=1,
            max_length=MOST,
            description="Each as for `POST /reports`; each is read on its own.",
        ),
    ]


class Outcome(Schema):
    """Of one report of many: ``id`` if it was kept, ``problem`` if it could not be read."""

    position: int
    id: uuid.UUID | None = None
    problem: Problem | None = None


class BulkOut(Schema):
    outcomes: list[Outcome]
