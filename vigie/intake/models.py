"""What comes in. The public program writes `Letter` and `ShownReceipt`; it never reads a letter."""

import uuid

from django.db import models

from vigie.lib.work import Due

COURSES = ["received", "in_hand", "closed"]


class Letter(Due):
    """A report as it arrived (database ``front``): two sealed parts, gone once joined.

    ``where`` opens with the worker's key (locators, receipt, danger; for what is added later, the
    letter it adds to); ``words`` with the operators' key (all that was typed). ``id`` repeats when
    the same page is sent twice, so that a double click is one report.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    where = models.BinaryField()
    words = models.BinaryField()
    received_hour = models.DateTimeField()
    # One number for all that came in the same flood (see `pressure`): opened after all others.
    flood = models.UUIDField(null=True, blank=True)

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


class ShownQuestion(models.Model):
    """A question that a receipt shows (database ``front``), sealed to the receipt itself.

    ``receipt``: the keyed hash of its words. The public program cannot open it without them.
    """

    id = models.UUIDField(primary_key=True)
    receipt = models.BinaryField(max_length=32, db_index=True)
    sealed = models.BinaryField()
    week = models.DateField()

    def __str__(self) -> str:
        return f"question {self.id}"


class Report(models.Model):
    """A report after the worker opened its letter. What the person wrote stays sealed.

    ``left_out``: places that it names beyond those that became items; the words hold them all.
    ``danger``: its reporter says that a child is in danger now. ``own``: they say that they are in
    the picture themselves. ``flood``: of its letter. ``last_word_at``: the hour of the newest thing
    they sent.
    """

    letter_id = models.UUIDField(unique=True)
    received_hour = models.DateTimeField(db_index=True)
    words = models.BinaryField()
    left_out = models.PositiveIntegerField(default=0)
    danger = models.BooleanField(default=False, db_index=True)
    own = models.BooleanField(default=False)
    flood = models.UUIDField(null=True, blank=True, db_index=True)
    last_word_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="report_left_out", condition=models.Q(left_out__gt=0))
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"report {self.pk}"

    @property
    def subject(self) -> str:
        return f"report:{self.pk}"

    @property
    def is_erased(self) -> bool:
        """What the person wrote has been erased: see `vigie.keeping`."""
        return not len(self.words)


class Addition(models.Model):
    """What a reporter added later: another page, or the answer to a question. It stays sealed.

    ``letter_id``: of the letter that brought it. ``question``: the one that it answers.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="additions")
    letter_id = models.UUIDField(unique=True)
    received_hour = models.DateTimeField()
    words = models.BinaryField()
    question = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["received_hour", "pk"]

    def __str__(self) -> str:
        return f"addition {self.pk}"
