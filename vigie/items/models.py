"""The noun of the house: an item is one canonical locator on one road."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vigie.intake.models import COURSES, Report
from vigie.items.flow import State
from vigie.items.locators import Kind
from vigie.lib import clock
from vigie.lib.work import Due

STATE_WORDS = {
    State.NEW: _("waiting for the first look"),
    State.TO_ASSESS: _("to assess"),
    State.CONFIRMED: _("confirmed"),
    State.REFERRED: _("referred"),
    State.AUTHORISED: _("removal authorised"),
    State.NOTIFIED: _("host or partner told"),
    State.REMOVED: _("removed"),
    State.CLOSED: _("closed"),
}


MATERIAL = [("new", _("new")), ("part", _("partly known")), ("known", _("all known"))]


class Item(Due):
    """``locator`` is sealed to the worker's key; the hashes are keyed, to search by and not read.

    ``state`` is written by `items.services` alone. ``held``: the police asked for silence;
    nothing leaves, nothing shown changes.
    """

    NOVEL = ("new", "part")  # of ``material``: something that nobody judged

    kind = models.CharField(max_length=12, choices=[(k, k) for k in Kind])
    locator = models.BinaryField()
    locator_hash = models.BinaryField(max_length=32, unique=True)
    domain_hash = models.BinaryField(max_length=32, null=True)
    state = models.CharField(max_length=12, default=State.NEW)
    outcome = models.CharField(max_length=20, blank=True)
    classification = models.CharField(max_length=10, blank=True)
    round = models.PositiveIntegerField(default=1)
    held = models.BooleanField(default=False)
    # When a report last made the worker visit: see `services.visit_once_more`.
    asked_at = models.DateTimeField(null=True, blank=True)
    # When something was last said of it while it was closed: see `tracing.reopening`.
    words_at = models.DateTimeField(null=True, blank=True)
    # Its place in the row of those that wait for a look: see `fairness`.
    turn_at = models.DateTimeField(default=clock.now)
    # Named by reports of this flood alone so far (see `intake.pressure`): grouped in the queue.
    flood = models.UUIDField(null=True, blank=True)
    # Its place in the queue, and the reasons for it: see `ranking`.
    rank = models.BigIntegerField(default=0)
    urgent = models.BooleanField(default=False)  # goes first: of a danger's places, the first few
    danger = models.BooleanField(default=False)  # a reporter says: a child is in danger now
    own = models.BooleanField(default=False)  # a reporter says: I am in the picture
    head_start = models.SmallIntegerField(default=0, db_default=0)  # hours, by a routing rule
    report_count = models.PositiveIntegerField(default=0)  # that ever named it
    # So many letters about it hold words of a reporter, and so many of these somebody has opened.
    words_came = models.PositiveIntegerField(default=0, db_default=0)
    words_opened = models.PositiveIntegerField(default=0, db_default=0)
    # As the newest look found it: where, and how much of it is known (see `tracing.facts`).
    country = models.CharField(max_length=2, blank=True)
    material = models.CharField(max_length=6, blank=True, choices=MATERIAL)
    young = models.BooleanField(default=False)  # what is known of it says: a young child
    # The hour in which a reporter last answered a question; nothing finer is kept.
    answered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in State]), name="item_state_known"
            )
        ]
        indexes = [
            models.Index(fields=["state", "created_at", "id"], name="item_state_created"),
            # The queue and its filters: each a walk along one of these.
            models.Index(fields=["state", "rank", "id"], name="item_queue"),
            models.Index(fields=["state", "country", "rank", "id"], name="item_queue_country"),
            models.Index(fields=["state", "kind", "rank", "id"], name="item_queue_kind"),
            models.Index(fields=["domain_hash", "rank", "id"], name="item_queue_site"),
            models.Index(
                fields=["state", "rank", "id"],
                name="item_queue_danger",
                condition=models.Q(danger=True),
            ),
            models.Index(  # what a liaison sees
                fields=["state", "rank", "id"],
                name="item_queue_confirmed",
                condition=~models.Q(classification=""),
            ),
            models.Index(
                fields=["flood", "state", "rank", "id"],
                name="item_queue_flood",
                condition=models.Q(flood__isnull=False),
            ),
            models.Index(
                fields=["domain_hash"],
                name="item_known_site",
                condition=~models.Q(classification=""),
            ),
            models.Index(
                fields=["domain_hash"],
                name="item_ended_site",
                condition=~models.Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def answered_since(self) -> datetime | None:
        """When a reporter answered, if that came after the last that was done here."""
        came = self.answered_at
        return came if came and came + timedelta(hours=1) > self.changed_at else None

    @property
    def has_unopened(self) -> bool:
        """Words of a reporter that nobody on the desk has opened."""
        return self.words_came > self.words_opened

    @property
    def stands_alone(self) -> bool:
        """Nobody decides it in passing: it says of itself what no picture and no answer shows."""
        return self.danger or self.own

    @property
    def reference(self) -> str:
        return f"I-{self.pk}"

    @property
    def subject(self) -> str:
        return f"item:{self.pk}"

    @property
    def is_erased(self) -> bool:
        """Its address and what was found there have been erased: see `vigie.keeping`."""
        return not len(self.locator)

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[State(self.state)])


class Mention(models.Model):
    """A report speaks of an item. How it was typed stays with the report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="mentions")
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, related_name="mentions", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "item"], name="mention_once")]
        # The reports of an item, read from the index alone: they lie all over a large table.
        indexes = [models.Index(fields=["item", "report"], name="mention_of_item")]

    def __str__(self) -> str:
        return f"{self.report_id} speaks of {self.item_id}"


class ReceiptCourse(Due):
    """The course of one receipt: what it shows, and the tick at which it may show the next step.

    The ticks are drawn when the letter is opened, alike for every report, before anything is known
    of what it reports. ``due_at`` is the next of them.
    """

    hash = models.BinaryField(max_length=32, unique=True)
    course = models.CharField(max_length=10, default="received")
    # Questions are sealed to it: only the words of the receipt open them. See `questions`.
    recipient = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(course__in=COURSES), name="course_known")
        ]

    def __str__(self) -> str:
        return self.course


class ReceiptReport(models.Model):
    """Which reports a receipt stands for (one, or several sent with the same words)."""

    receipt = models.ForeignKey(ReceiptCourse, on_delete=models.CASCADE, related_name="links")
    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="receipt_link")

    def __str__(self) -> str:
        return f"{self.receipt_id} for {self.report_id}"


class Question(Due):
    """A question to whoever has the receipt of a report, asked by a person on the desk.

    ``words``: the text for the team, sealed to the operators; ``shown``: the text for the receipt.
    Due until the worker has put it where the receipt's page can find it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="questions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    words = models.BinaryField()
    shown = models.BinaryField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"question {self.pk}"


class Errand(models.Model):
    """What a person takes to others by word of mouth; it stands until it is written down as done.

    ``to``: whom the decision names. ``on``, ``whom``: as the person wrote it down. ``void_at``: the
    decision was taken back then. ``behind``: of a flood, or of a report that names many places.
    """

    class Why(models.TextChoices):
        HAND_OVER = "hand_over"  # out of our remit: another service takes it over
        DANGER = "danger"  # reported with a child in danger when it was on its way already

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="errands")
    why = models.CharField(max_length=10, choices=Why.choices)
    round = models.PositiveIntegerField()
    to = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    behind = models.BooleanField(default=False)
    on = models.DateTimeField(null=True)
    whom = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    done_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "why"],
                condition=models.Q(done_at=None, void_at=None),
                name="errand_open_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["behind", "why", "at"],
                name="errand_open",
                condition=models.Q(done_at=None, void_at=None),
            ),
            models.Index(fields=["done_at"], name="errand_done"),
        ]

    def __str__(self) -> str:
        return f"{self.why} of {self.item_id}"


class Alarm(Due):
    """A reporter says that a child is in danger now: due until the people on call were told."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="alarm")
    told_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"alarm of {self.report_id}"
