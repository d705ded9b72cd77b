"""Campaigns, each with its own animal and number (database ``front``: the public program reads)."""

from django.db import models

from vigie.campaign.content import Content, shipped


class Campaign(models.Model):
    """One campaign. ``content``: see `vigie.campaign.content`. No dates: always.

    ``addresses_by`` names who said that the hotline's addresses in it are the organisation's own;
    empty: nothing may be published under it outside the demonstration. A ``draft`` is never public,
    whatever its dates.
    """

    slug = models.SlugField(max_length=60, unique=True)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    draft = models.BooleanField(default=False)
    content = models.JSONField()
    addresses_by = models.CharField(max_length=40, blank=True)
    # Counts the changes: who saves a page of an older one is told that a colleague was quicker.
    version = models.PositiveIntegerField(default=1)

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


class CampaignPhoto(models.Model):
    """The animal on a campaign's own cards (database ``front``); without a row, the cat that ships.

    ``data``: a JPEG of our own making, without metadata. ``x``, ``y``, ``zoom``: as in `Focus`.
    """

    campaign = models.SlugField(max_length=60, unique=True)
    digest = models.CharField(max_length=64, db_index=True)
    x = models.FloatField()
    y = models.FloatField()
    zoom = models.FloatField()
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.campaign


def the_shipped_one() -> Campaign:
    """The campaign of 2020 as it comes, not saved: what runs until somebody changes it."""
    return Campaign(slug="catsforkids-2020", content=shipped().as_data(), version=0)
