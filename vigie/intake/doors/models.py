"""Who may send reports by program, and by which door a report came."""

from django.db import models

from vigie.intake.models import Report

API, MAIL = "api", "mail"


class Sender(models.Model):
    """A trusted sender (database ``front``): another hotline, a provider.

    ``key_hash``: SHA-256 of its key, which is 256 random bits and kept nowhere. The public program
    can look a key up and nothing else. A sender is never deleted, only revoked: reports name it.
    """

    name = models.CharField(max_length=80)
    key_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"sender:{self.pk}"


class Arrival(models.Model):
    """By which door a report came, if not by the form. The desk shows it; the public never sees it.

    ``sender``: the number of a `Sender`, which is in the other database; empty for mail, where
    nobody proves who they are.
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="arrival")
    door = models.CharField(max_length=4)
    sender = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(door__in=[API, MAIL]), name="arrival_door")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} by {self.door}"
