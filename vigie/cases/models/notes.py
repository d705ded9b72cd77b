"""What colleagues write to each other about an item, and so about its site."""

from django.conf import settings
from django.db import models

from vigie.items.models import Item


class Note(models.Model):
    """A hand-over note. ``text`` is sealed to the worker's key: it may name places and people.

    Never changed; it goes with the item's address (`vigie.keeping`).
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.BinaryField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"
