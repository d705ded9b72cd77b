"""A backup took the database's place: the heads signed since speak of lines that are gone.

Told nobody, that is what a journal looks like whose end was cut off; it would be red for good, and
nobody would notice the next tampering. So the operator says it, once, with a reason: a line of the
journal, and a head signed by the journal's key. `verify` names it ever after, and takes the lost
heads for what they are. Who can only write to the database cannot say it.
"""

from pathlib import Path

from vigie.journal import heads
from vigie.journal.chain import faults
from vigie.journal.models import Entry
from vigie.journal.services import append
from vigie.journal.verbs import Verb

LONGEST = 200  # letters of who and why: a row of the heads stays short


class NotRestored(Exception):
    """What is found is not what a restore leaves; why is in the words. Nothing was written."""


def last_agreed(path: Path, public_pem: bytes) -> tuple[int, int]:
    """Up to which signed line the journal agrees, and the last line that was signed and is lost.

    Raises `NotRestored`: anything else than the end is wrong, or nothing is.
    """
    end = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    found = heads.read_heads(path, public_pem)
    if wrong := [*found.wrong, *faults(heads.lines(), {}), *heads.gone(found, end)]:
        raise NotRestored(f"No restore does this: line {wrong[0].seq}: {wrong[0].what}.")
    now = dict(Entry.objects.filter(seq__in=list(found.hashes)).values_list("seq", "hash"))
    lost = [seq for seq, signed in found.hashes.items() if now.get(seq) != signed]
    if not lost:
        raise NotRestored("The journal agrees with every signed head: there is nothing to say.")
    return max((seq for seq in found.hashes if seq < min(lost)), default=0), max(lost)


def say_restored(
    path: Path, key_pem: bytes, public_pem: bytes, *, after: int, who: str, why: str
) -> None:
    """Write down that a backup ended after this line. Raises `NotRestored`."""
    agreed, until = last_agreed(path, public_pem)
    if after != agreed:
        raise NotRestored(f"The journal agrees with what was signed up to line {agreed}.")
    if not who.strip() or not why.strip():
        raise NotRestored("Say who restored it, and why.")
    append(Verb.JOURNAL_RESTORED, "journal", "command line", after=after, until=until)
    said = {"after": after, "until": until, "who": who[:LONGEST], "why": why[:LONGEST]}
    heads.sign_head(path, key_pem, said)
