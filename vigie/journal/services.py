"""The one way to write a line. Call it inside the transaction of the act itself, last of all.

Last, because on PostgreSQL whoever writes here makes all other writers wait until its transaction
ends: it must not then wait for a row that one of them has.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from vigie.journal.chain import START, Line, canonical
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.prepared import Prepared

# Any number: all writers of the journal queue behind it. PostgreSQL only (SQLite has one writer).
LOCK = 7_878_787_878
Detail = str | int | float | bool | None


_last: Prepared[tuple[int, str]] = Prepared(
    lambda: Entry.objects.order_by("-seq").values_list("seq", "hash")[:1]
)


def append(verb: Verb, subject: str, by: str, **detail: Detail) -> None:
    """Write that ``by`` did ``verb`` to ``subject`` (``item:12``), with ids and outcomes only.

    Lines get consecutive numbers: one writer at a time, until its transaction ends.
    """
    append_each(verb, [subject], by, **detail)


def append_each(verb: Verb, subjects: Iterable[str], by: str, **detail: Detail) -> None:
    """The same line for each of several subjects, in their order, in one go."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        before, previous = _last.first() or (0, START)
        at, words = clock.now(), canonical(detail)
        entries = []
        for seq, subject in enumerate(subjects, start=before + 1):
            line = Line(seq, at, by, verb, subject, words, previous)
            previous = line.digest()
            entries.append(
                Entry(
                    seq=seq,
                    at=at,
                    actor=by,
                    verb=verb,
                    subject=subject,
                    detail=words,
                    previous=line.previous,
                    hash=previous,
                )
            )
        Entry.objects.bulk_create(entries)
