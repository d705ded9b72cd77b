"""What each person chose for their own looking. Theirs alone: no page shows it to anybody else."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vigie.cases.manner import Manner


class Wish(models.Model):
    """How somebody wants stills to be shown to them; see `manner`.

    ``calm_every`` 0: as often as the organisation says. ``calmed_at``: when they last had a quiet
    screen before them.
    """

    class Blur(models.TextChoices):
        LIGHT = "light", _("light")
        MIDDLE = "middle", _("middle")
        STRONG = "strong", _("strong")

    by = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    blur = models.CharField(max_length=6, choices=Blur.choices, default=Blur.LIGHT)
    grey = models.BooleanField(default=False)
    small = models.BooleanField(default=False)
    negative = models.BooleanField(default=False)
    calm_every = models.PositiveSmallIntegerField(default=0)
    calmed_at = models.DateTimeField(null=True)
    used_on = models.DateField()  # the last day on which it was chosen, or a quiet screen came

    def __str__(self) -> str:
        return f"wish of {self.by_id}"

    @property
    def manner(self) -> Manner:
        return Manner(self.blur, self.grey, self.small, self.negative, self.calm_every)


CHOSEN = ("blur", "grey", "small", "negative", "calm_every")
