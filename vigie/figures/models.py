"""The figures as published: a copy for the public program, which can count nothing itself."""

from django.db import models


class PublishedFigures(models.Model):
    """One publication (database ``front``). ``values``: see `figures.selectors.Figures`."""

    week = models.DateTimeField(unique=True)
    values = models.JSONField()

    class Meta:
        ordering = ["-week"]

    def __str__(self) -> str:
        return f"figures of {self.week:%Y-%m-%d}"
