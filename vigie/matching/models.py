"""What was judged, by its hashes: so that nobody has to look at it again. Never a picture."""

from django.db import models

from vigie.items.models import Item
from vigie.matching.lists.models import (
    ChangeClock,
    Export,
    Feedback,
    HashList,
    ListedHash,
    SetAside,
    WithdrawnEntry,
)

__all__ = [
    "ChangeClock",
    "Export",
    "Feedback",
    "HashList",
    "JudgedHash",
    "ListedHash",
    "SetAside",
    "WithdrawnEntry",
]


class JudgedHash(models.Model):
    """One judgement of one picture's bytes. Several may stand: the newest counts first; but see
    `judged`, where they say different things.

    Of bytes that a person here has seen, never of what was only like them: so nothing is judged
    along a chain. ``undone_at``: the decision is open again. ``change``: as of `ListedHash`.
    ``settles``: a lead made it, who saw that earlier ones differ: against it, these count no more.
    MD5 and SHA-1 are for others, who know nothing else; what is the same here, SHA-256 says.
    """

    md5 = models.CharField(max_length=32, blank=True)
    sha1 = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    pdq = models.CharField(max_length=64, blank=True, db_index=True)
    classification = models.CharField(max_length=20)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="judged_hashes")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    settles = models.BooleanField(default=False)
    change = models.PositiveBigIntegerField(default=0, db_index=True)

    # Of rows that `judged` gave. What another judgement says against it; "" if none does.
    otherwise = ""
    newest = True  # of its bytes

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.classification}"

    @property
    def said(self) -> set[str]:
        """All that people say of these bytes: more than one thing where they differ."""
        return {self.classification, self.otherwise} - {""}
