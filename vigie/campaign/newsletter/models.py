"""The newsletter: what the public asks for, who receives it, what is written, what is on its way.

Of the public program only `NewsletterAct` is reachable, and only to insert. Everything else is in
the main database.
"""

import uuid

from django.conf import settings
from django.db import models

from vigie.lib.work import Due


class NewsletterAct(Due):
    """Somebody asked for the newsletter, confirmed, or wants no more (database ``front``).

    What it is and for which address is sealed to the worker: each row looks like every other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = "newsletter act"

    def __str__(self) -> str:
        return f"act {self.id}"


class AppliedAct(models.Model):
    """An act that was applied and may not be gone from ``front`` yet: it changes nothing again."""

    act = models.UUIDField(primary_key=True)
    day = models.DateField()

    def __str__(self) -> str:
        return f"act {self.act}"


class Subscriber(Due):
    """An address that wants the newsletter, sealed. ``due_at``: a mail to send, or to be erased.

    The key says nothing of the order in which people came. ``wanted``: the name of a confirmation
    mail that is to leave. ``asked_language`` becomes ``language`` when the person confirms: nobody
    else can change what they receive. ``refusals``: editions in a row refused as no such mailbox.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    address = models.BinaryField()
    address_hash = models.BinaryField(max_length=32, unique=True)
    confirm_hash = models.BinaryField(max_length=32, unique=True)
    leave_hash = models.BinaryField(max_length=32, unique=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    asked_language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    consent = models.CharField(max_length=12)
    month = models.DateField(null=True)  # of confirmation: its first day
    wanted = models.UUIDField(null=True)
    erase_at = models.DateTimeField(null=True)
    refusals = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "language"], name="subscriber_state_language")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="pending", month=None)
                | models.Q(state="confirmed", month__isnull=False, erase_at=None),
                name="subscriber_confirmed_in_a_month",
            )
        ]

    def __str__(self) -> str:
        return f"subscriber {self.id}"


class EarlierLink(models.Model):
    """A link in letters that were sent before the key was replaced: it works as long as the row.

    ``hash``: SHA-256 of its token.
    """

    class To(models.TextChoices):
        CONFIRM = "confirm"
        LEAVE = "leave"

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="earlier")
    to = models.CharField(max_length=7, choices=To.choices)
    hash = models.BinaryField(max_length=32, unique=True)

    class Meta:
        verbose_name = "earlier link"

    def __str__(self) -> str:
        return f"earlier link of {self.subscriber_id}"


class Quiet(models.Model):
    """A mailbox (its keyed hash) that was sent a confirmation mail: none more until then."""

    mailbox = models.BinaryField(max_length=32, primary_key=True)
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "quiet"

    def __str__(self) -> str:
        return f"quiet until {self.until:%Y-%m-%d}"


class Tally(models.Model):
    """What one day brought, until it is in the journal as one line: there, no act has an hour."""

    day = models.DateField(primary_key=True)
    confirmed = models.PositiveIntegerField(default=0)
    unsubscribed = models.PositiveIntegerField(default=0)
    lapsed = models.PositiveIntegerField(default=0)  # never confirmed, and erased
    unreachable = models.PositiveIntegerField(default=0)  # no such mailbox, again and again

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.day}"


class Edition(models.Model):
    """One issue. Its texts change only while it is a draft; ``version`` counts the changes."""

    class State(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"  # the worker has not made its deliveries yet
        SENDING = "sending"
        SENT = "sent"
        STOPPED = "stopped"

    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    planned = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"E-{self.pk}"

    @property
    def subject(self) -> str:
        """How the journal names it."""
        return f"edition:{self.pk}"


class Text(models.Model):
    """An edition in one language."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "language"], name="one_text_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.language}"

    @property
    def whole(self) -> bool:
        return bool(self.subject and self.body)


class Delivery(Due):
    """An edition on its way to one subscriber. Gone once sent: who received what is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE)

    class Meta:
        verbose_name = "newsletter delivery"
        verbose_name_plural = "newsletter deliveries"
        constraints = [
            models.UniqueConstraint(fields=["edition", "subscriber"], name="one_delivery_a_reader")
        ]

    def __str__(self) -> str:
        return f"delivery {self.id}"


class Proof(Due):
    """A test of an edition, to an address that somebody on the desk typed. Gone once sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    address = models.BinaryField()
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = "newsletter test"

    def __str__(self) -> str:
        return f"test {self.id}"
