"""What comes in. The public program writes `Letter` and `ShownReceipt`; it never reads a letter."""

import uuid

from django.db import models

from vigie.lib.work import Due

COURSES = ["received", "in_hand", "closed"]


class Letter(Due):
    """A report as it arrived (database ``front``): two sealed parts, gone once joined.

    ``where`` opens with the worker's key (locators, receipt); ``words`` with the operators' key
    (all that was typed). ``id`` repeats when the same page is sent twice, so that a
    double click is one report.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    where = models.BinaryField()
    words = models.BinaryField()
    received_hour = models.DateTimeField()

    def __str__(self) -> str:
        return f"letter {self.id}"


class ShownReceipt(models.Model):
    """What a receipt shows (database ``front``): the coarse course, and the week it began.

    ``hash``: keyed hash of the words. Nothing here leads to a report.
    """

    hash = models.BinaryField(primary_key=True, max_length=32)
    course = models.CharField(max_length=10, default="received")
    week = models.DateField()
    # Empty unless the organisation's policy permits outcome words (off by default).
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(course__in=COURSES), name="shown_receipt_course"
            )
        ]

    def __str__(self) -> str:
        return self.course


class Report(models.Model):
    """A report after the worker opened its letter. What the person wrote stays sealed.

    ``left_out``: places that it names beyond those that became items; the words hold them all.
    """

    letter_id = models.UUIDField(unique=True)
    received_hour = models.DateTimeField(db_index=True)
    words = models.BinaryField()
    left_out = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"report {self.pk}"
