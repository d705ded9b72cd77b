"""Our own confirmed hashes as a file: VICS 2.0 or CSV. Values, never media.

Of each picture the newest judgement that stands counts, and only if it confirmed, and nobody
differs. VICS has no fields for SHA-256 and PDQ, so they stand among `AlternativeHashes` (whose
names are unverified).
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

from vigie.matching import judged

LAYOUTS = ("vics", "csv")
CONTEXT = "http://github.com/ICMEC/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
ILLEGAL = 1  # VICS's category for both of ours: it has no baseline


@dataclass(frozen=True)
class Confirmed:
    md5: str
    sha1: str
    sha256: str
    pdq: str
    classification: str


COLUMNS = tuple(field.name for field in fields(Confirmed))


def count() -> int:
    """How many entries a file would have now."""
    return judged.confirmed().count()


def confirmed() -> Iterator[Confirmed]:
    """Each confirmed picture once, by its SHA-256."""
    for row in judged.confirmed().order_by("sha256").iterator(chunk_size=2000):
        yield Confirmed(*(getattr(row, column) for column in COLUMNS))


def written(layout: str) -> tuple[bytes, int]:
    """The file in one of `LAYOUTS`, and how many entries it has."""
    rows = list(confirmed())
    return (_vics(rows) if layout == "vics" else _csv(rows)), len(rows)


def _csv(rows: list[Confirmed]) -> bytes:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(COLUMNS)
    write.writerows(astuple(row) for row in rows)
    return out.getvalue().encode()


def _vics(rows: list[Confirmed]) -> bytes:
    media = [
        {
            "MediaID": number,
            "Category": ILLEGAL,
            "MD5": row.md5.upper(),
            "SHA1": row.sha1.upper(),
            "IsPrecategorized": True,
            "AlternativeHashes": [
                {"HashName": name, "HashValue": value}
                for name, value in (("SHA256", row.sha256), ("PDQ", row.pdq))
                if value
            ],
        }
        for number, row in enumerate(rows, 1)
    ]
    return json.dumps({"@odata.context": CONTEXT, "value": media}, indent=1).encode()
