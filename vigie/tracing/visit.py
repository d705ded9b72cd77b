"""One visit to an address: fetch, hash in memory, forget. No database here.

What comes back is a `Visit`: outcomes, hashes and addresses, never bytes.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vigie.lib.containers import called_video, video_kind
from vigie.lib.fetch import (
    PAGE_ACCEPT,
    PICTURE_ACCEPT,
    Egress,
    Fetched,
    Limits,
    Outcome,
    fetch,
)
from vigie.lib.limited import LimitedFailed
from vigie.lib.nursery import Nursery
from vigie.matching.picture import digests, is_broken, is_heif

PAGE_LIMITS = Limits(raw_bytes=8_000_000, body_bytes=16_000_000, total_seconds=40)
PICTURE_LIMITS = Limits(raw_bytes=30_000_000, body_bytes=30_000_000, total_seconds=40)
HASHES = Nursery("vigie.matching.picture", seconds=20, memory_mb=1500)
HEIF_HASHES = Nursery("vigie.matching.picture", seconds=20, memory_mb=1500, threads=True)
# Of a video; what is longer is said to be, and never hashed as if it were whole.
VIDEO_LIMITS = Limits(raw_bytes=100_000_000, body_bytes=100_000_000)
PAGES = Nursery("vigie.tracing.page", seconds=10, memory_mb=600)


@dataclass(frozen=True)
class Picture:
    """``outcome``: of the fetch, or ``not_a_picture``, ``too_hard`` (its parser hit a limit,
    or it has too many pixels).

    ``parts``: the PDQs of a sheet's pictures; empty if it is one picture. ``parts_missing``: how
    many of a sheet's pictures have none. A video has a ``mime`` that says so, and no PDQ: its bytes
    are hashed, and never parsed here.
    """

    url: str
    outcome: str
    status: int | None = None
    sha256: str = ""
    pdq: str = ""
    quality: int = 0
    mime: str = ""
    width: int = 0
    height: int = 0
    size: int = 0
    parts: Sequence[str] = ()
    parts_missing: int = 0
    md5: str = ""
    sha1: str = ""


@dataclass(frozen=True)
class Visit:
    page: Fetched
    sha256: str = ""
    pictures: list[Picture] = field(default_factory=list)


class Budget:
    """The time of one whole visit, however many pictures a slow host serves.

    A visit must end well before its lease does, or a second worker would begin the same one.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        return max(0.05, self._end - time.monotonic())

    def of(self, limits: Limits) -> Limits:
        return replace(limits, total_seconds=min(limits.total_seconds, self.left()))


def visit(url: str, egress: Egress, budget: Budget) -> Visit:
    """Look at an address once: a picture is hashed, a page's pictures are fetched and hashed."""
    page = page_at(url, egress, budget)
    if is_long_video(page):
        return Visit(page, pictures=[_hashed(page, page.url, budget)])
    if page.outcome is not Outcome.OK or page.status != 200:
        return Visit(page)
    sha256 = hashlib.sha256(page.body).hexdigest()
    if _is_html(page):
        pictures = [_hashed(picture_at(u, egress, budget), u, budget) for u in _pictures_of(page)]
        return Visit(page, sha256, pictures)
    return Visit(page, sha256, [_hashed(page, page.url, budget)])


def page_at(url: str, egress: Egress, budget: Budget) -> Fetched:
    """Ask for a page, as the first look and the watch alike do: a host cannot tell which it was."""
    return fetch(url, egress, budget.of(PAGE_LIMITS), accept=PAGE_ACCEPT, video=VIDEO_LIMITS)


def picture_at(url: str, egress: Egress, budget: Budget) -> Fetched:
    limits = budget.of(PICTURE_LIMITS)
    return fetch(url, egress, limits, accept=PICTURE_ACCEPT, video=VIDEO_LIMITS)


def is_long_video(answer: Fetched) -> bool:
    """Is it called a video, and has more bytes than are read?"""
    called = called_video(answer.content_type, answer.url)
    return answer.outcome is Outcome.TOO_LARGE and called


def _hashed(answer: Fetched, url: str, budget: Budget) -> Picture:
    if answer.outcome is not Outcome.OK:
        mime = "video/" if is_long_video(answer) else ""
        return Picture(url, answer.outcome, answer.status, mime=mime)
    if answer.status != 200:
        return Picture(url, "ok", answer.status)
    if kind := video_kind(answer.body):
        video = Picture(url, "ok", 200, mime=kind, size=len(answer.body))
        return _with_digests(video, answer.body)
    reader = HEIF_HASHES if is_heif(answer.body) else HASHES
    try:
        output = b"".join(reader.ask(answer.body, seconds=budget.left()))
    except LimitedFailed:
        return _with_digests(Picture(url, "too_hard", 200, size=len(answer.body)), answer.body)
    found = json.loads(output)
    found.pop("cut", None)  # one of its parts is missing
    failed = "too_hard" if is_broken(found) else "not_a_picture"  # a person may have to look
    outcome = failed if found.pop("error", None) else "ok"
    return Picture(url, outcome, 200, **found)


def _with_digests(found: Picture, body: bytes) -> Picture:
    of = digests(body)
    return replace(found, md5=of["md5"], sha1=of["sha1"], sha256=of["sha256"])


def pictures_on(page: Fetched) -> list[str]:
    """The addresses of the pictures a fetched page shows; none if it is not a page."""
    ok = page.outcome is Outcome.OK and page.status == 200
    return _pictures_of(page) if ok and _is_html(page) else []


def _is_html(page: Fetched) -> bool:
    kind = page.content_type.split(";")[0].strip().casefold()
    start = page.body[:512].lstrip().lower()
    return kind in ("text/html", "application/xhtml+xml") or start.startswith(
        (b"<!doctype", b"<html")
    )


def _pictures_of(page: Fetched) -> list[str]:
    charset = page.content_type.casefold().partition("charset=")[2].split(";")[0].strip(" \"'")
    try:
        output = b"".join(PAGES.ask(page.url.encode(), charset.encode(), page.body))
    except LimitedFailed:
        return []
    found: list[str] = json.loads(output)
    return found
