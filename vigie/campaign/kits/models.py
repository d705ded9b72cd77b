"""Ready-made material for those who carry the campaign: ambassadors, the organisation."""

import uuid

from django.db import models

# The sizes in which a card of the wall is kept, and how the wall calls them.
OF_THE_WALL = {"1080x1080": "card", "1200x630": "wide"}


class Kit(models.Model):
    """An ambassador's page (database ``front``). ``code`` is its address, hard to guess.

    ``counted``: the cards made through it in weeks that are over.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    campaign = models.CharField(max_length=60)
    active = models.BooleanField(default=True)
    counted = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class KitUse(models.Model):
    """A card was made by way of a kit, in this week. Nothing of who made it, nor of which card.

    The public program only inserts. ``id`` is the same for a page sent twice, so that it counts
    once. When the week is over only the sum stays: `counting.fold_uses`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=40, db_index=True)
    week = models.DateField()

    def __str__(self) -> str:
        return f"{self.code} {self.week}"


class Post(models.Model):
    """A post of the organisation's own account (database ``default``), with its picture.

    ``card`` is the slug of a card on the wall; empty: the campaign's own animal.
    """

    on = models.DateField(db_index=True)
    campaign = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    size = models.CharField(max_length=10)
    card = models.CharField(max_length=16, blank=True)
    caption = models.TextField(max_length=2000)
    alt = models.TextField(max_length=700)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.language}"

    @property
    def picture_size(self) -> str:
        """Of the wall, a card is there in two sizes; another one was asked for in vain."""
        return self.size if not self.card or self.size in OF_THE_WALL else "1080x1080"
