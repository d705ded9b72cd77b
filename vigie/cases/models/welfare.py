"""What each person chose for their own looking, or not today; and the limits set for all."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vigie.cases.welfare.budget import Budget
from vigie.cases.welfare.manner import Manner
from vigie.people.models import PendingAct


class Blur(models.TextChoices):
    """In the order of `manner.BLURS`."""

    LIGHT = "light", _("light")
    MIDDLE = "middle", _("middle")
    STRONG = "strong", _("strong")


class Wish(models.Model):
    """How somebody wants stills to be shown to them; see `manner`.

    ``calm_every`` 0: as often as the organisation says. ``calmed_at``: when they last had a quiet
    screen before them.
    """

    by = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    blur = models.CharField(max_length=6, choices=Blur.choices, default=Blur.LIGHT)
    grey = models.BooleanField(default=False)
    small = models.BooleanField(default=False)
    negative = models.BooleanField(default=False)
    outlines = models.BooleanField(default=False)
    calm_every = models.PositiveSmallIntegerField(default=0)
    calmed_at = models.DateTimeField(null=True)
    used_on = models.DateField()  # the last day on which it was chosen, or a quiet screen came

    def __str__(self) -> str:
        return f"wish of {self.by_id}"

    @property
    def manner(self) -> Manner:
        return Manner(**{name: getattr(self, name) for name in CHOSEN})


CHOSEN = ("blur", "grey", "small", "negative", "outlines", "calm_every")


class NotToday(models.Model):
    """Somebody wants no pictures for the rest of this day. Nobody asks why."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "day"], name="not_today_once")]

    def __str__(self) -> str:
        return f"{self.by_id}: {self.day}"


class Limits(models.Model):
    """The limits of looking from ``at`` on, as two people set them; the newest row counts.

    While there is none, the organisation's file counts (`budget`, `manner`).
    """

    act = models.OneToOneField(PendingAct, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    pictures_a_day = models.PositiveIntegerField()
    minutes_a_day = models.PositiveIntegerField()
    stretch_minutes = models.PositiveIntegerField()
    break_minutes = models.PositiveIntegerField()
    warn_percent = models.PositiveSmallIntegerField()
    blur = models.CharField(max_length=6, choices=Blur.choices)
    grey = models.BooleanField()
    small = models.BooleanField()
    calm_every = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "limits"

    def __str__(self) -> str:
        return f"limits {self.pk}"

    @property
    def budget(self) -> Budget:
        return Budget(
            self.pictures_a_day,
            self.minutes_a_day,
            self.stretch_minutes,
            self.break_minutes,
            self.warn_percent / 100,
            {row.classification: row.weight for row in self.weights.all()},
        )

    @property
    def manner(self) -> Manner:
        return Manner(self.blur, self.grey, self.small, calm_every=self.calm_every)


class Weight(models.Model):
    """How much a picture counts once its item is decided so; whatever has no row counts once."""

    limits = models.ForeignKey(Limits, on_delete=models.CASCADE, related_name="weights")
    classification = models.CharField(max_length=20)
    weight = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["limits", "classification"], name="weight_once")
        ]

    def __str__(self) -> str:
        return f"{self.classification}: {self.weight}"
