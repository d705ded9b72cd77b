"""Looks at what was referred: is it still there?"""

from django.db import models

from vigie.items.models import Item


class Check(models.Model):
    """One look: what was asked, what was answered, and what that means."""

    class Verdict(models.TextChoices):
        GONE = "gone"  # 404, 410 or a host's removal page, everywhere we looked
        THERE = "there"  # a judged picture, or the page, is still served
        UNCLEAR = "unclear"  # time-outs, refusals, log-in walls: says nothing

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="checks")
    # The item's, when it was looked at: what was gone in an earlier round says nothing of this one.
    round = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    page = models.CharField(max_length=20)
    pictures_gone = models.PositiveSmallIntegerField(default=0)
    pictures_asked = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.verdict}"
