"""Campaigns, each with its own animal and number (database ``front``: the public program reads)."""

from datetime import date

from django.db import models

from vigie.campaign.content import Content, shipped

SHIPPED_SLUG = "catsforkids-2020"


class Campaign(models.Model):
    """One campaign. ``content``: see `vigie.campaign.content`. No dates: always.

    ``addresses_by`` names who said that the hotline's addresses in it are the organisation's own;
    empty: nothing may be published under it outside the demonstration. A ``draft`` is never public,
    whatever its dates: the public keeps the state that it saw ``before``, if there was one.
    """

    earlier = False  # this is a state that was saved before, not the row as it is

    slug = models.SlugField(max_length=60, unique=True)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    draft = models.BooleanField(default=False)
    content = models.JSONField()
    addresses_by = models.CharField(max_length=40, blank=True)
    # Counts the changes: who saves a page of an older one is told that a colleague was quicker.
    version = models.PositiveIntegerField(default=1)
    # {"content", "starts", "ends" (ISO 8601 or null), "addresses_by", "version"}, of a draft only.
    before = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts=None)
                | models.Q(ends=None)
                | models.Q(ends__gte=models.F("starts")),
                name="campaign_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def subject(self) -> str:
        """How the journal names it."""
        return f"campaign:{self.slug}"

    @property
    def says(self) -> Content:
        return Content.from_data(self.content)

    def as_before(self) -> dict[str, object]:
        """This state, as ``before`` of a draft keeps it."""
        days = {name: d.isoformat() if d else None for name, d in self._days.items()}
        return {
            "content": self.content,
            "addresses_by": self.addresses_by,
            "version": self.version,
            **days,
        }

    @property
    def _days(self) -> dict[str, date | None]:
        return {"starts": self.starts, "ends": self.ends}

    @property
    def public_state(self) -> "Campaign | None":
        """What the public may see of it when its day comes; not to be saved."""
        if not self.draft:
            return self
        if self.before is None:
            return None
        days = {n: date.fromisoformat(d) if (d := self.before[n]) else None for n in self._days}
        state = Campaign(**{**self.before, **days}, slug=self.slug, pk=self.pk)
        state.earlier = True
        return state


class CampaignPhoto(models.Model):
    """The animal on a campaign's own cards (database ``front``); without a row, the cat that ships.

    ``data``: a JPEG of our own making, without metadata. ``x``, ``y``, ``zoom``: as in `Focus`.
    ``earlier``: of the state before a draft, which the public still sees.
    """

    campaign = models.SlugField(max_length=60)
    earlier = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, db_index=True)
    x = models.FloatField()
    y = models.FloatField()
    zoom = models.FloatField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "earlier"], name="one_photo_of_a_state")
        ]

    def __str__(self) -> str:
        return self.campaign


def the_shipped_one() -> Campaign:
    """The campaign of 2020 as it comes, not saved: what runs until somebody changes it."""
    found = Campaign(slug=SHIPPED_SLUG, content=shipped().as_data(), version=0)
    found.earlier = True
    return found
