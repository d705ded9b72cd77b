"""Joining, teams, sessions, letters to colleagues, and what takes two people."""

import hashlib
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vigie.lib import clock
from vigie.lib.visible import visible
from vigie.lib.work import Due
from vigie.staff.permissions import ROLE_NAMES, Role


class Team(models.Model):
    """A name for people who work together. Somebody may be in none, or in several."""

    name = models.CharField(max_length=60, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams")

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return visible(self.name)

    @property
    def subject(self) -> str:
        return f"team:{self.pk}"


class Invitation(models.Model):
    """A link that makes one account, once. Only the hash of its token is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=20)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True)
    language = models.CharField(max_length=2)
    token_hash = models.BinaryField(max_length=32, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    used_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitation"
    )

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def subject(self) -> str:
        return f"invitation:{self.pk}"

    @property
    def role_name(self) -> str:
        return str(ROLE_NAMES[Role(self.role)])

    @property
    def is_open(self) -> bool:
        return self.used_by_id is None and self.withdrawn_at is None and self.until > clock.now()


class StaffLetter(Due):
    """A letter to a colleague that has not left yet; what has left is deleted.

    ``sealed``: recipient, subject and text (see `letters`), to the worker's key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = "letter to a colleague"

    def __str__(self) -> str:
        return f"letter {self.pk}"


class KnownSession(models.Model):
    """One sign-in that may still stand. No address and no browser: a time, and a name if given.

    ``key``: of Django's own table. ``used_hour``: the last time it was used, to the hour.
    """

    key = models.CharField(max_length=40, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=40, blank=True)
    begun_at = models.DateTimeField()
    used_hour = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-used_hour", "-begun_at"]

    def __str__(self) -> str:
        return self.name or f"{self.begun_at:%Y-%m-%d %H:%M}"

    @property
    def mark(self) -> str:
        """Names it in a form: the key itself opens the desk and belongs in no page."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]


class PendingAct(models.Model):
    """What one asks and another has to confirm, before it ends. See `four_eyes`.

    ``what``: small values that its kind alone knows; ``text``: the whole of a policy. ``person``:
    whom it concerns, who can neither ask for it nor confirm it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=60, blank=True)  # list:3
    what = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    answered_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)  # of an export: when its file was taken

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")),
                name="four_eyes_are_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | ~Q(state="approved", answered_by=None),
                name="approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(person=None)
                | (~Q(asked_by=F("person")) & (Q(answered_by=None) | ~Q(answered_by=F("person")))),
                name="nobody_acts_for_themselves",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["until"], condition=Q(state="waiting"), name="pending_act_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"

    @property
    def subject(self) -> str:
        return f"act:{self.pk}"
