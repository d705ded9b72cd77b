"""Pictures that supporters gave to the wall (database ``front``), and what was kept from it."""

import uuid

from django.db import models

from vigie.lib.work import Due

# What a picture is for: the wall's small one, the card itself, and the one networks show.
KINDS = ["small", "card", "wide"]
# A flag: what is written on it is the supporter's own, and nobody has read it yet.
OWN = "own"


class Submission(Due):
    """A card offered with consent, until somebody decided. The public program only writes it.

    ``state``: ``arrived`` (no person may see it: it was not compared with the lists yet), then
    ``waiting`` for a person. ``id`` is of this row alone: what is sent again after it went is
    another. ``page`` repeats when a page is sent twice, and nobody without the key can tell of
    which. ``pdq`` is of the photo alone, ``parts`` those of the pictures on it, if it is a sheet;
    the others are of the file as it came. ``flags``: soft hints for who moderates.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.UUIDField(unique=True, null=True)  # null: given before it was kept
    state = models.CharField(max_length=10, default="arrived")
    campaign = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    name = models.CharField(max_length=30, blank=True)
    alt = models.CharField(max_length=700)
    age = models.CharField(max_length=10)
    consent = models.CharField(max_length=20)
    arrived_hour = models.DateTimeField()
    withdraw_hash = models.BinaryField(max_length=32, db_index=True)
    md5 = models.CharField(max_length=32)
    sha1 = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    pdq = models.CharField(max_length=64, blank=True)
    parts = models.TextField(blank=True)  # with blanks between
    colour = models.CharField(max_length=7)
    flags = models.CharField(max_length=80, blank=True)
    # Last, so that a database can leave them aside when it reads the others.
    small = models.BinaryField()
    card = models.BinaryField()
    wide = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["arrived", "waiting"]), name="submission_state"
            )
        ]
        indexes = [models.Index(fields=["state", "arrived_hour", "id"], name="submission_waiting")]

    def __str__(self) -> str:
        return f"submission {self.id}"

    @property
    def subject(self) -> str:
        return f"submission:{self.id}"


class Card(models.Model):
    """A card that a person approved. ``slug`` is its public name; the wall goes by ``id``.

    ``own``: what is written on it is the supporter's own. ``age``, ``consent``: what they said of
    themselves, and to which words they agreed (`wall.consent`); blank: hung before it was kept.
    ``compared``: the tick of the lists as of which its ``pdq`` was compared; 0 before the first.
    """

    slug = models.CharField(max_length=16, unique=True)
    campaign = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    name = models.CharField(max_length=30, blank=True)
    alt = models.CharField(max_length=700)
    colour = models.CharField(max_length=7)
    # The file of the small picture, so that a page of the wall asks one table only.
    small = models.CharField(max_length=40)
    approved_on = models.DateField()
    withdraw_hash = models.BinaryField(max_length=32, db_index=True)
    pdq = models.CharField(max_length=64, blank=True)
    own = models.BooleanField(default=False)
    age = models.CharField(max_length=10, blank=True)
    consent = models.CharField(max_length=20, blank=True)
    compared = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["campaign", "-id"], name="card_wall"),
            models.Index(fields=["compared"], name="card_compared"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def subject(self) -> str:
        return f"card:{self.slug}"


class CardPicture(models.Model):
    """The bytes of one picture. ``file``: its content's hash and its format; its address."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="pictures")
    kind = models.CharField(max_length=5)
    file = models.CharField(max_length=40, db_index=True)
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["card", "kind"], name="picture_once"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="picture_kind"),
        ]

    def __str__(self) -> str:
        return self.file


class Withdrawal(Due):
    """Somebody used their link: what is left of the card goes. The public program only writes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    withdraw_hash = models.BinaryField(max_length=32)
    took = models.BooleanField(default=False)  # a card that hung went when the link was used

    def __str__(self) -> str:
        return f"withdrawal {self.id}"


class WallCount(models.Model):
    """How many cards hang on a campaign's wall: counted by the worker, read by every page."""

    campaign = models.CharField(max_length=60, unique=True)
    cards = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.campaign}: {self.cards}"


class WallQueue(models.Model):
    """How many cards wait to be looked at (one row): counted by the worker.

    The public program may not read what waits; by this it knows when there is no room for more.
    """

    cards = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.cards} wait"


class Escalation(Due):
    """What should not have been sent (database ``default``): its bytes are gone, this remains.

    ``why``: the list that knew it, or ``person`` when somebody who moderates escalated it.
    ``how``: ``same`` bytes as one that is known, or only ``like`` one; blank where a person said
    so, and where it was not kept. Due until the leads were told by mail.

    One that had hung has the name of its ``card`` and the day it was hung, and of hashes its PDQ
    alone: the others were not kept.
    """

    submission = models.UUIDField(unique=True, null=True)
    card = models.CharField(max_length=16, blank=True)
    hung_on = models.DateField(null=True)
    arrived_hour = models.DateTimeField(null=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=60)
    how = models.CharField(max_length=4, blank=True)
    by = models.CharField(max_length=40)
    md5 = models.CharField(max_length=32, blank=True)
    sha1 = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pdq = models.CharField(max_length=64, blank=True)
    seen_by = models.CharField(max_length=40, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=~models.Q(card=""), name="escalation_card_once"
            ),
            models.CheckConstraint(
                condition=models.Q(how__in=["", "same", "like"]), name="escalation_how"
            ),
        ]

    def __str__(self) -> str:
        return f"escalation {self.pk}"
