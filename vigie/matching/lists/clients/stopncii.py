"""StopNCII's hash API, v1: JSON, two keys in the headers.

Pages by ``nextPageToken`` (not good for long); when ``hasMoreRecords`` is false the next fetch
begins at ``nextSetTimestamp``. A record is the present state of its hash. Shapes after the public
client of python-threatexchange; *unverified* against the service.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vigie.lib.partner import Partner, PartnerFailed
from vigie.matching.lists.values import Bad, BadRow, Entry, plain, to_keep

VOCABULARY = "stopncii"
KINDS = {"ImagePDQ": "pdq", "VideoMD5": "md5"}
OTHER_KINDS = frozenset({"Unknown", "VideoTMK", "Text", "URL"})  # of theirs; not carried
GONE = frozenset({"Withdrawn", "Deleted"})
FIRST = 10  # their own example's beginning of time
PAGE = 800


@dataclass(frozen=True)
class Page:
    """``token``: of the next page, empty at the end; ``start``: where the next fetch begins."""

    rows: list[Entry | Bad]
    token: str
    start: int


def page_of(partner: Partner, start: int, token: str = "") -> Page:
    """One page of the records that changed since ``start`` (Unix time). Raises `PartnerFailed`."""
    asked: dict[str, str | int] = {"startTimestamp": start, "pageSize": PAGE}
    if token:
        asked["nextPageToken"] = token
    return read_page(partner.get("v1/FetchHashes", **asked), start)


def read_page(body: bytes, start: int) -> Page:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise PartnerFailed("answered no JSON") from None
    records = answer.get("hashRecords") if isinstance(answer, dict) else None
    if not isinstance(records, list):
        raise PartnerFailed("answered something else")
    more, token = answer.get("hasMoreRecords") is True, answer.get("nextPageToken")
    if more and not (isinstance(token, str) and token):
        raise PartnerFailed("names no next page")
    following = answer.get("nextSetTimestamp")
    forward = isinstance(following, int) and start <= following < 2**40
    rows = [row for row in map(_row, records) if row is not None]
    return Page(rows, str(token) if more else "", int(following) if forward else start)


def _row(record: Any) -> Entry | Bad | None:
    try:
        return read_record(record)
    except BadRow as bad:
        return Bad(bad.reason)


def read_record(record: Any) -> Entry | None:
    """One record; None for a kind that we do not carry. Raises `BadRow`."""
    if not isinstance(record, dict):
        raise BadRow("not an entry")
    signal, value, status = (record.get(k) for k in ("signalType", "hashValue", "hashStatus"))
    if isinstance(signal, str) and signal in OTHER_KINDS:
        return None
    if not isinstance(signal, str) or signal not in KINDS:
        raise BadRow("unknown kind")
    if not isinstance(value, str):
        raise BadRow("not a value")
    kind = KINDS[signal]
    return Entry(
        values=((kind, to_keep(kind, value)),),
        given=plain(status, 60),
        at=_moment(record.get("lastModtimestamp")),
        withdrawn=isinstance(status, str) and status in GONE,
    )


def send_feedback(partner: Partner, value: str, agree: bool) -> None:
    """Blocked (it is what it is said to be) or NotBlocked. Raises `PartnerFailed`."""
    word = "Blocked" if agree else "NotBlocked"
    feedback = {"hashValue": value, "feedbackValue": word, "tags": []}
    partner.send("POST", "v1/SubmitFeedback", json={"count": 1, "hashFeedbacks": [feedback]})


def _moment(seconds: Any) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds < 2**33:
        return None
    return datetime.fromtimestamp(seconds, UTC)
