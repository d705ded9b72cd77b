"""The one way to write a line. Call it inside the transaction of the act itself."""

from django.db import connection, transaction

from vigie.journal.chain import START, Line, canonical
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.lib import clock

# Any number: all writers of the journal queue behind it. PostgreSQL only (SQLite has one writer).
LOCK = 7_878_787_878


def append(verb: Verb, subject: str, by: str, **detail: str | int | float | bool | None) -> None:
    """Write that ``by`` did ``verb`` to ``subject`` (``item:12``), with ids and outcomes only.

    Lines get consecutive numbers: one writer at a time, until its transaction ends.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
        seq, previous = (last[0] + 1, last[1]) if last else (1, START)
        line = Line(seq, clock.now(), by, verb, subject, canonical(detail), previous)
        Entry.objects.create(
            seq=seq,
            at=line.at,
            actor=by,
            verb=verb,
            subject=subject,
            detail=line.detail,
            previous=previous,
            hash=line.digest(),
        )
