"""Who opened what reporters wrote about an item."""

from django.conf import settings
from django.db import models

from vigie.items.models import Item


class WordsOpened(models.Model):
    """This person last opened the words then; so many letters with words had come: ``came``.

    Counted, and not compared by time: of a letter the hour alone is kept.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="words_opened_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    came = models.PositiveIntegerField()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["item", "by"], name="words_opened_once")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.by_id}"
