"""What was judged, by its hashes: so that nobody has to look at it again. Never a picture."""

from django.db import models

from vigie.items.models import Item


class JudgedHash(models.Model):
    """One judgement of one picture's bytes. Several may stand: the newest counts first."""

    sha256 = models.CharField(max_length=64, db_index=True)
    pdq = models.CharField(max_length=64, blank=True, db_index=True)
    classification = models.CharField(max_length=20)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="judged_hashes")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.classification}"


class ListedHash(models.Model):
    """One value of a hash list that somebody entrusted to us. Values only, never a picture."""

    list_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=6)
    value = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "value", "list_name"], name="listed_once")
        ]

    def __str__(self) -> str:
        return f"{self.list_name} {self.kind}"
