"""What each key is for, how old it is, and what happens without it: for `vigie keys`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vigie.journal.heads import PEM
from vigie.lib import clock
from vigie.lib.keys import PLACES, bare_lines

YEAR = 365
LOCKED = "operators.age"


@dataclass(frozen=True)
class About:
    file: str
    does: str
    lost: str
    how: str
    days: int = YEAR  # after which it is to be replaced; sooner when somebody who had it leaves


KEYS = [
    About(
        "worker.key",
        "opens places, addresses of pictures, subscribers, and the inbox (desk, worker)",
        "no locator and no waiting letter opens any more; a copy offline is the only help",
        "vigie keys rotate worker; vigie keys reseal worker; vigie keys retire worker",
    ),
    About(
        LOCKED,
        "opens what reporters wrote; locked with the team's passphrase (desk)",
        "without it, or its passphrase, nothing that reporters wrote is read again",
        "vigie keys rotate operators; … reseal operators; … retire operators. Whenever somebody "
        "who knows the passphrase leaves",
    ),
    About(
        "journal.key",
        "signs the journal's heads (worker)",
        "nothing is lost: make a new one; what was signed is checked with journal.pub",
        "vigie keys rotate journal; then give journal.pub to whoever audits",
    ),
    About(
        "index.key",
        "keyed hashes to find places and subscribers by, tokens in letters (desk, worker)",
        "known places are no longer recognised, and links in letters that were sent are dead",
        "vigie keys rotate index; vigie keys reindex index; vigie keys retire index. Who has it "
        "and a copy of the database can test whether a given address is in it, and read nothing",
    ),
    About(
        "partners.toml",
        "addresses and credentials of the partners whose hash lists are fetched (worker)",
        "lists are no longer fetched; ask the partners for new credentials",
        "by hand, with what the partner gives you; mode 600",
    ),
    About(
        "hotline.asc",
        "signs what goes to the police and partners (worker)",
        "packs cannot be signed; make a new one and bring hotline.pub.asc to them by hand",
        "by hand: vigie keys init in another folder, take its hotline.asc and hotline.pub.asc, "
        "give the second to the police and partners, and then put both in place",
    ),
]
# In the public program's environment, and in no folder of keys.
RECEIPTS = (
    "VIGIE_RECEIPT_KEY  keyed hash of receipts (public program). Lost: no receipt shows anything. "
    "vigie keys rotate receipts says what to set; VIGIE_RECEIPT_KEYS_BEFORE keeps old ones alive"
)


def explain(folder: Path) -> Iterator[str]:
    for about in KEYS:
        path = folder / about.file
        if not path.exists():
            yield f"{about.file}  not in this folder. It {about.does}"
            continue
        age = (clock.now() - datetime.fromtimestamp(path.stat().st_mtime, UTC)).days
        old = about.days and age >= about.days
        due = "  IT IS TIME TO REPLACE IT" if old else ""
        yield f"{about.file}  {age} days old{_old_ones(path)}{due}"
        yield f"  does    {about.does}"
        yield f"  lost    {about.lost}"
        yield f"  replace {about.how}"
    yield RECEIPTS


def _old_ones(path: Path) -> str:
    """How many older keys are kept beside the present one, where that can be seen."""
    if path.name == "journal.key" and (public := path.with_name("journal.pub")).exists():
        count = len(PEM.findall(public.read_bytes())) - 1
    elif path.name in ("worker.key", "index.key"):
        kept = [line for line in bare_lines(path) if not line.startswith(PLACES)]
        count = len(kept) - 1
    else:
        return ""
    return f", {count} older still kept" if count else ""
