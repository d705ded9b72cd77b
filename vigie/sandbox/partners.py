"""Stand-ins for the partners who share hashes: NCMEC, StopNCII, Arachnid Shield.

They speak the protocols as far as those are public, below `/partners/…` of the control pages. What
they share are hashes of made-up bytes and of the sandbox's own drawings. Credentials are fixed
words: there is nothing here to protect.
"""

import base64
import binascii
import hashlib
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from vigie.sandbox.serving import Answer, Request

PREFIX: Final = "/partners/"
USER, WORD = "hotline", "sandbox-demonstration"
SUBSCRIPTION, FETCH, FEEDBACK = "subscription", "fetch", "feedback"
NAMESPACE: Final = "https://hashsharing.ncmec.org/hashsharing/v2"
REASON: Final = ("01234567-abcd-0123-4567-012345678900", "Not what it is said to be")
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
NEAR: Final = 31


@dataclass
class Entry:
    """An entry as its owner has it; `at` is its last change."""

    id: str
    at: datetime
    classification: str = "A1"
    fingerprints: dict[str, str] = field(default_factory=dict)
    deleted: bool = False
    member: str = "42"
    video: bool = False


@dataclass
class Record:
    """A hash of StopNCII's; `at` in Unix time."""

    value: str
    at: int
    status: str = "Active"
    signal: str = "ImagePDQ"


def made_up(number: int) -> dict[str, str]:
    """MD5, SHA1 and PDQ of nothing that exists."""
    seed = f"vigie sandbox entry {number}".encode()
    return {
        "md5": hashlib.md5(seed, usedforsecurity=False).hexdigest(),
        "sha1": hashlib.sha1(seed, usedforsecurity=False).hexdigest(),
        "pdq": hashlib.sha256(seed).hexdigest(),
    }


class Partners:
    """Their state: lists that a test may change, and the feedback that they were sent."""

    def __init__(self, entries: int = 240, page: int = 100) -> None:
        self.page = page
        self.entries = [
            Entry(f"e{n}", FIRST + timedelta(hours=n), ("A1", "A2", "B1", "B2")[n % 4], made_up(n))
            for n in range(entries)
        ]
        start = int(FIRST.timestamp())
        self.records = [Record(made_up(n)["pdq"], start + n) for n in range(1000, 1000 + entries)]
        self.known: dict[str, str] = {made_up(n)["pdq"]: "csam" for n in range(2000, 2010)}
        self.feedback: list[tuple[str, bytes]] = []
        self.asked: list[Request] = []
        self._lock = threading.Lock()

    def respond(self, request: Request) -> Answer:
        """Answer one request below `/partners/`."""
        partner, _, rest = request.path.removeprefix(PREFIX).partition("/")
        with self._lock:
            self.asked.append(request)
            if partner == "ncmec":
                return self._ncmec(request, rest.removeprefix("npo/"))
            if partner == "stopncii":
                return self._stopncii(request, rest)
            if partner == "arachnid":
                return self._arachnid(request, rest)
        return Answer(404, b"no such partner\n")

    # --- NCMEC, v2 ---------------------------------------------------------------------------

    def _ncmec(self, request: Request, path: str) -> Answer:
        if not _basic(request):
            return Answer(401, b"", headers=(("WWW-Authenticate", "Basic"),))
        if request.method == "PUT" and path.endswith("/feedback"):
            self.feedback.append((path, request.body))
            return Answer(200)
        if path == "v2/entries":
            return _xml(self._entries(request.query))
        if path == "v2/status":
            return _xml(_members("status"))
        if path == "v2/members":
            return _xml(_members("members"))
        if path.startswith("v2/feedback/") and path.endswith("/reasons"):
            root = Element("queryResult", xmlns=NAMESPACE)
            reasons = SubElement(root, "availableFeedbackReasons")
            SubElement(reasons, "reason", guid=REASON[0], name=REASON[1])
            return _xml(root)
        return Answer(404, b"no such resource\n")

    def _entries(self, query: dict[str, str]) -> Element:
        """A page of what changed in a window; never in the order of time."""
        begin, end = (_moment(query.get(key, "")) for key in ("from", "to"))
        inside = [e for e in self.entries if begin <= e.at <= end]
        inside.sort(key=lambda e: hashlib.sha256(e.id.encode()).digest())
        start = int(query.get("start", "0"))
        shown = inside[start : start + self.page]
        root = Element("queryResult", xmlns=NAMESPACE)
        for video, name in ((False, "images"), (True, "videos")):
            mine = [entry for entry in shown if entry.video == video]
            newest = max((e.at for e in mine), default=begin)
            group = SubElement(root, name, count=str(len(mine)), maxTimestamp=_stamp(newest))
            for entry in mine:
                _entry(group, entry)
        if start + self.page < len(inside):
            more = {"start": start + self.page, "size": self.page, "max": len(inside)}
            window = {"from": query["from"], "to": query["to"]}
            following = SubElement(SubElement(root, "paging"), "next")
            following.text = f"/v2/entries?{urlencode(window | more)}"
        return root

    # --- StopNCII, v1 ------------------------------------------------------------------------

    def _stopncii(self, request: Request, path: str) -> Answer:
        keys = {"v1/FetchHashes": FETCH, "v1/SubmitFeedback": FEEDBACK}
        given = request.headers.get("x-functions-key")
        if request.headers.get("ocp-apim-subscription-key") != SUBSCRIPTION:
            return _json(401, {"error": "subscription"})
        if path not in keys or given != keys[path]:
            return _json(401, {"error": "key"})
        if request.method == "POST":
            self.feedback.append((path, request.body))
            return _json(200, {"count": 1})
        begin = int(request.query.get("startTimestamp", "0"))
        size = min(int(request.query.get("pageSize", "800")), self.page)
        start = int(request.query.get("nextPageToken", "page-0").removeprefix("page-"))
        inside = sorted((r for r in self.records if r.at >= begin), key=lambda r: r.value)
        shown, more = inside[start : start + size], start + size < len(inside)
        answer = {
            "count": len(shown),
            "nextPageToken": f"page-{start + size}" if more else None,
            "nextSetTimestamp": max((r.at for r in self.records), default=begin),
            "hasMoreRecords": more,
            "hashRecords": [_record(record) for record in shown],
        }
        return _json(200, answer)

    # --- Arachnid Shield, v1 -----------------------------------------------------------------

    def _arachnid(self, request: Request, path: str) -> Answer:
        if not _basic(request):
            return _json(401, {"detail": "credentials"})
        if path != "v1/pdq/" or request.method != "POST":
            return _json(404, {"detail": "not here"})
        asked = json.loads(request.body)["hashes"]
        return _json(200, {"scanned_hashes": {spelt: self._near(spelt) for spelt in asked}})

    def _near(self, spelt: str) -> dict[str, Any]:
        pdq = int.from_bytes(base64.b64decode(spelt))
        for value, classification in self.known.items():
            if (pdq ^ int(value, 16)).bit_count() <= NEAR:
                near = {"sha256_hex": hashlib.sha256(value.encode()).hexdigest().upper()}
                detail = {**near, "classification": classification, "timestamp": 0}
                return {
                    "classification": classification,
                    "match_type": "near",
                    "near_match_details": detail,
                }
        nothing = {"match_type": None, "near_match_details": None}
        return {"classification": "no-known-match", **nothing}


def _entry(group: Element, entry: Entry) -> None:
    name = "Video" if entry.video else "Image"
    child = SubElement(group, f"deleted{name}" if entry.deleted else name.lower())
    SubElement(child, "member", id=entry.member).text = "Sandbox member"
    SubElement(child, "timestamp").text = _stamp(entry.at)
    SubElement(child, "id").text = entry.id
    if not entry.deleted:
        SubElement(child, "classification").text = entry.classification
        fingerprints = SubElement(child, "fingerprints")
        for kind, value in entry.fingerprints.items():
            SubElement(fingerprints, kind).text = value


def _record(record: Record) -> dict[str, Any]:
    return {
        "lastModtimestamp": record.at,
        "signalType": record.signal,
        "hashValue": record.value,
        "hashStatus": record.status,
        "caseNumbers": {"case-1": record.status},
        "CSPFeedbacks": [],
    }


def _members(name: str) -> Element:
    root = Element(name, xmlns=NAMESPACE)
    SubElement(root, "member", id="42").text = "Sandbox member"
    return root


def _basic(request: Request) -> bool:
    kind, _, words = request.headers.get("authorization", "").partition(" ")
    try:
        return kind == "Basic" and base64.b64decode(words) == f"{USER}:{WORD}".encode()
    except binascii.Error:
        return False


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(root: Element) -> Answer:
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return Answer(200, body, "application/xml; charset=utf-8")


def _json(status: int, value: object) -> Answer:
    return Answer(status, json.dumps(value).encode(), "application/json")
