"""The journal: one line an act, each bound to the line before it. Never changed, never removed."""

from django.db import models


class Entry(models.Model):
    """A line. ``hash`` covers every other column and the hash before it (see `chain`)."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    verb = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=60, db_index=True)
    # Canonical JSON text, ids and outcomes only: text, so that no database reorders what is hashed.
    detail = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject}"
