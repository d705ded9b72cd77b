"""XARF v4: the machine-readable half of a notice (https://xarf.org, JSON Schema 2020-12).

"National" has no value in XARF; the classification is left at the nearest (`B2` would say more
than was decided), so national material is sent as ``baseline`` only when it is: otherwise the
notice carries no XARF part and the human text stands alone.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

CLASSIFICATIONS = {"baseline": "baseline"}


def xarf_report(
    *,
    report_id: UUID,
    url: str,
    ip: str,
    classification: str,
    sha256: list[str],
    organisation: dict[str, str],
    moment: datetime,
) -> dict[str, Any] | None:
    """A ``content``/``csam`` report, or None when XARF has no word for the classification.

    ``organisation``: org, contact, domain. Media never goes into ``evidence``.
    """
    if classification not in CLASSIFICATIONS:
        return None
    report: dict[str, Any] = {
        "xarf_version": "4.0.0",
        "report_id": str(report_id),
        "timestamp": moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "reporter": organisation,
        "sender": organisation,
        "source_identifier": ip or url,
        "category": "content",
        "type": "csam",
        "classification": CLASSIFICATIONS[classification],
        "detection_method": "manual_review",
        "url": url,
    }
    if sha256:
        report["hash_values"] = {"sha256": sha256[0]}
    return report
