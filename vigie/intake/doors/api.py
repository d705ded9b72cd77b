"""The API of trusted senders: `POST /api/v1/reports` and `…/bulk`. It inserts, and reads nothing.

The answer is the same whether an address is known or new, and whether a report is sent for the
first time or again: the public program cannot know either.
"""

import uuid
from typing import Annotated, Any, cast

from django.conf import settings
from django.http import HttpRequest
from ninja import Body, Header, Status
from ninja.security import HttpBearer
from pydantic import ValidationError

from vigie.intake.doors.keys import sender_with
from vigie.intake.doors.letters import Brought, number_of, put
from vigie.intake.doors.models import API, Sender
from vigie.intake.doors.problems import ProblemAPI, in_short
from vigie.intake.doors.schemas import BulkIn, BulkOut, Outcome, Problem, ReportIn, ReportOut
from vigie.intake.services import InboxUnavailable

DESCRIPTION = """\
For other hotlines and for providers that were given a key. Only the text of a report is taken:
no picture, no file; one that is written as text (`data:image/…`, base 64) is left out.

**Once.** A report's number comes from your key, the `Idempotency-Key` (visible ASCII; another is
not seen) and the report itself. The
same report sent again with the same `Idempotency-Key` (or both times without one) is kept once,
and answered in the same way. Another report under an `Idempotency-Key` that was used before is
another report: nothing is lost, and there is no 409, because this program cannot read what it has
written.

**Kept.** 201 means that the report is on the disk. At any other answer it is not: send it again.

**Nothing is told.** No answer says whether an address is known, or what became of it.
"""
KEY_LENGTH = 255
Once = Annotated[str, Header(alias="Idempotency-Key", max_length=KEY_LENGTH)]
PROBLEMS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 413, 422, 503), Problem)


class SenderKey(HttpBearer):
    """The key of a trusted sender, as it was shown once on the desk."""

    def authenticate(self, request: HttpRequest, token: str) -> Sender | None:
        return sender_with(token)


api = ProblemAPI(
    title="Reports of trusted senders",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    auth=SenderKey(),
    urls_namespace="senders_api",
)
api.unavailable_at(InboxUnavailable)


@api.post(
    "/reports",
    response={201: ReportOut, **PROBLEMS},
    url_name="api_reports",
    summary="Send one report",
)
def send_one(request: HttpRequest, report: ReportIn, once: Once = "") -> Status[ReportOut]:
    sender = _sender(request)
    number = _number(sender, once, report)
    put([(number, _brought(sender, report))])
    return Status(201, ReportOut(id=number))


@api.post(
    "/reports/bulk",
    response={200: BulkOut, **PROBLEMS},
    url_name="api_reports_bulk",
    exclude_none=True,
    summary="Send up to 1,000 reports, each with its own outcome",
)
def send_many(request: HttpRequest, bulk: Annotated[BulkIn, Body()], once: Once = "") -> BulkOut:
    """One that cannot be read stops no other. Of the others all are kept, or none is (503)."""
    sender = _sender(request)
    outcomes, letters = [], []
    for position, raw in enumerate(bulk.reports):
        try:
            report = ReportIn.model_validate(raw)
        except ValidationError as error:
            outcomes.append(Outcome(position=position, problem=in_short(error.errors())))
        else:
            number = _number(sender, once, report)
            letters.append((number, _brought(sender, report)))
            outcomes.append(Outcome(position=position, id=number))
    put(letters)
    return BulkOut(outcomes=outcomes)


def _sender(request: HttpRequest) -> Sender:
    return cast(Sender, cast(Any, request).auth)


def _number(sender: Sender, once: str, report: ReportIn) -> uuid.UUID:
    return number_of(settings.RECEIPT_KEY, sender.pk, once, report.model_dump())


def _brought(sender: Sender, report: ReportIn) -> Brought:
    hashes = "\n".join(f"{one.type} {one.value}" for one in report.hashes)
    said = {
        "sender": sender.name,
        "reference": report.reference,
        "assessment": report.assessment,
        "hashes": hashes,
    }
    return Brought(
        door=API,
        where=report.where,
        kind=report.kind,
        seen=report.seen,
        comment=report.comment,
        contact=report.contact,
        danger=report.danger,
        said=tuple((name, value) for name, value in said.items() if value),
        sender=sender.pk,
    )
