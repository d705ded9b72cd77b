"""A mail, as a report: ARF (RFC 5965), XARF 4, or plain words. Pure.

What is kept: the text, and of ARF and XARF what names the place. What is not: every header of a
plain mail but its subject, which the person wrote. Of ARF and XARF, which machines of organisations
send, the address to ask back is kept, sealed with the words. Nobody is answered by program.
"""

import json
import re
from typing import Any

from vigie.intake.doors.letters import Brought
from vigie.intake.doors.mail.pages import words_of
from vigie.intake.doors.mail.parts import Parts, without_files
from vigie.intake.doors.models import MAIL

# Of ARF: where it is, and what it is. Recipients and routes are dropped (Original-Rcpt-To, …).
ADDRESS, DOMAIN = "reported-uri", "reported-domain"
TOLD = ("feedback-type", DOMAIN, "arrival-date", "received-date", "incidents", "source-ip")
# Of XARF 4, `evidence` stays behind: it may hold the media itself.
XARF_TOLD = (
    *("type", "classification", "report_id", "timestamp", "source_identifier", "description"),
    *("detection_method", "media_type", "verified_at", "verification_method", "hash_values"),
)
LONGEST = 2_000  # letters of one field
_gaps = re.compile(r"\n(?:[ \t]*\n){2,}")
WITHOUT_WORDS = "A mail without words"  # all such are one item


def read_mail(parts: Parts) -> Brought:
    """The report that a mail makes, whatever it holds."""
    xarf = [found for text in (*parts.json, *parts.texts) if (found := _xarf(text))]
    arf = [pair for text in parts.feedback for pair in _fields(text)]
    words = _words(parts, bool(xarf))
    places = [str(one.get("url") or one.get("source_identifier") or "") for one in xarf]
    places += _places_of_arf(arf)
    machine = bool(xarf or arf)
    said = [("subject", parts.subject), *_told_by_xarf(xarf)]
    said += [(name, value) for name, value in arf if name in TOLD]
    where = "\n".join([one for one in dict.fromkeys(places) if one] or [parts.subject, words])
    where = where.strip() or "\n".join(value for _, value in said if value) or WITHOUT_WORDS
    return Brought(
        door=MAIL,
        where=where,
        comment=words if machine and any(places) else "",
        contact="\n".join(_contacts(parts, xarf)) if machine else "",
        said=tuple((name, value[:LONGEST]) for name, value in said if value),
    )


def _words(parts: Parts, xarf: bool) -> str:
    """The plain text; of a mail that has only a page, the page's words and where its links lead."""
    texts = [text for text in parts.texts if not (xarf and _xarf(text))]
    # JSON that is no XARF 4 (an earlier one, another's): a person can read it, and its addresses.
    texts += [without_files(text) for text in parts.json if not _xarf(text)]
    joined = "\n\n".join(texts or [words_of(page) for page in parts.pages])
    return _gaps.sub("\n\n", joined.replace("\r\n", "\n")).strip()


def _places_of_arf(fields: list[tuple[str, str]]) -> list[str]:
    """Its addresses; the domain alone only where no address is given."""
    addresses = [value for name, value in fields if name == ADDRESS]
    places = [one for one in addresses if not one.lower().startswith("mailto:")]
    return places or [value for name, value in fields if name == DOMAIN]


def _fields(text: str) -> list[tuple[str, str]]:
    """``Name: value`` lines, folded ones joined, names in lower case."""
    unfolded = text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
    pairs = (line.partition(":") for line in unfolded.splitlines())
    return [(name.strip().lower(), value.strip()) for name, _, value in pairs if value.strip()]


def _xarf(text: str) -> dict[str, Any] | None:
    """A XARF 4 report, if this text is one."""
    if "xarf_version" not in text:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and "xarf_version" in found else None


def _told_by_xarf(reports: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (name, _in_words(value))
        for report in reports
        for name in XARF_TOLD
        if (value := report.get(name))
    ]


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name} {one}" for name, one in value.items())
    return value if isinstance(value, str) else json.dumps(value)


def _contacts(parts: Parts, reports: list[dict[str, Any]]) -> list[str]:
    """Whom to ask about a report that a machine sent; who they say they are is not proven."""
    found = [parts.sender]
    for report in reports:
        reporter = report.get("reporter")
        if isinstance(reporter, dict):
            found += [f"{reporter.get('org', '')} {reporter.get('contact', '')}".strip()]
    return [one[:LONGEST] for one in dict.fromkeys(found) if one]
