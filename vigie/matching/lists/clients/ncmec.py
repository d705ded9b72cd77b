"""NCMEC's hash sharing API, v2: XML over HTTP with Basic authentication.

``GET v2/entries?from=&to=`` gives what changed between two moments (UTC), by pages that are *not*
in time order: only when ``paging/next`` is empty is the window known. Shapes after the public
client of python-threatexchange and the excerpts of NCMEC's own documentation that it quotes; the
documentation itself is not public: *unverified* against the service.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from vigie.lib.partner import Partner, PartnerFailed
from vigie.matching.lists.values import (
    Bad,
    BadRow,
    Entry,
    moment,
    name,
    plain,
    to_keep,
)

VOCABULARY = "ncmec"
NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
KINDS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdna": "photodna", "pdq": "pdq"}
TYPES = {"md5": "MD5", "sha1": "SHA1", "photodna": "PDNA", "pdq": "PDQ"}
ENTRIES = {"image": False, "video": False, "deletedimage": True, "deletedvideo": True}
FIRST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """``next`` is where the window goes on; empty when it is drained."""

    rows: list[Entry | Bad]
    next: str


def page_of(partner: Partner, begin: datetime, end: datetime, next_page: str = "") -> Page:
    """One page of what changed between two moments. Raises `PartnerFailed`."""
    if next_page:
        return read_page(partner.get(next_page))
    return read_page(partner.get("v2/entries", **{"from": stamp(begin), "to": stamp(end)}))


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_page(body: bytes) -> Page:
    """Raises `PartnerFailed` for what is no answer at all; a bad entry is a `Bad` among others."""
    root = _xml(body)
    if _name(root) != "queryresult":
        raise PartnerFailed("answered something else")
    entries = (e for group in root if _name(group) in ("images", "videos") for e in group)
    rows = [_row(entry) for entry in entries]
    paging = _child(root, "paging")
    following = _text(_child(paging, "next")) if paging is not None else ""
    return Page(rows, following)


def _xml(body: bytes) -> Element:
    """No entities, no outside references: an answer has no business with either."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        raise PartnerFailed("answered no XML, or XML that is not read") from None
    return root


def _row(entry: Element) -> Entry | Bad:
    try:
        return read_entry(entry)
    except BadRow as bad:
        return Bad(bad.reason)


def read_entry(entry: Element) -> Entry:
    """One ``image``, ``video`` or a deletion of one. Raises `BadRow`.

    Fingerprints of kinds that we do not carry are passed over, even if there are no others; one
    with a wrong value spoils the entry, because its owner should hear of it.
    """
    withdrawn = ENTRIES.get(_name(entry))
    if withdrawn is None:
        raise BadRow("not an entry")
    member = _child(entry, "member")
    external_id = name(_text(_child(entry, "id")), 120)
    if not external_id or member is None or not member.get("id"):
        raise BadRow("no id")
    values = () if withdrawn else tuple(sorted(set(_values(entry))))
    if not withdrawn and _is_empty(_child(entry, "fingerprints")):
        raise BadRow("no value")
    return Entry(
        values=values,
        external_id=external_id,
        member=name(member.get("id"), 60),
        given=plain(_text(_child(entry, "classification")), 60),
        at=moment(_text(_child(entry, "timestamp"))),
        withdrawn=withdrawn,
        whole=True,
    )


def _is_empty(element: Element | None) -> bool:
    return element is None or not len(element)


def _values(entry: Element) -> Iterator[tuple[str, str]]:
    fingerprints = _child(entry, "fingerprints")
    for fingerprint in fingerprints if fingerprints is not None else ():
        kind = KINDS.get(_name(fingerprint))
        if kind and (text := _text(fingerprint)):
            yield kind, to_keep(kind, text)


def send_feedback(
    partner: Partner, member: str, external_id: str, kind: str, agree: bool, reason: str = ""
) -> None:
    """Say whether we agree with one value of an entry. Raises `PartnerFailed`.

    To disagree takes one of NCMEC's reasons: the one named ``reason``, or the only one there is.
    """
    root = Element("feedbackSubmission", xmlns=NAMESPACE)
    if agree:
        SubElement(root, "affirmative")
    else:
        reasons = SubElement(SubElement(root, "negative"), "reasonIds")
        SubElement(reasons, "guid").text = _reason(partner, TYPES[kind], reason)
    where = "/".join(quote(part, safe="") for part in (member, external_id, TYPES[kind]))
    partner.send(
        "PUT",
        f"v2/entries/{where}/feedback",
        content=tostring(root),
        headers={"Content-Type": "application/xml; charset=utf-8"},
    )


def _reason(partner: Partner, kind: str, wanted: str) -> str:
    root = _xml(partner.get(f"v2/feedback/{kind}/reasons"))
    reasons = {e.get("name", ""): e.get("guid", "") for e in root.iter() if _name(e) == "reason"}
    if wanted in reasons:
        return reasons[wanted]
    if len(reasons) == 1:
        return next(iter(reasons.values()))
    raise PartnerFailed("wants one of several reasons")


def _name(element: Element) -> str:
    """Without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


def _child(element: Element, wanted: str) -> Element | None:
    return next((child for child in element if _name(child) == wanted), None)


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
