"""What failed and has no row of its own to say so; and that the worker goes round."""

from django.db import models


class LastRound(models.Model):
    """When a lane of the worker last went round: how one sees that it is alive.

    Written now and then, not each round; see `rounds`.
    """

    lane = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.lane} at {self.at}"


class FailedStep(models.Model):
    """A step of the worker's round that failed as a whole; gone when it succeeds again.

    A row that fails keeps its error itself. A step can fail before it has a row: its question, the
    figures, the signing of the journal.
    """

    name = models.CharField(max_length=60, primary_key=True)
    error = models.CharField(max_length=80)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.error}"
