"""What the worker's look found: hashes and evidence. Nothing that was fetched is here."""

from django.db import models

from vigie.items.models import Item
from vigie.lib.fetch import Outcome


class Mandate(models.Model):
    """The operator's word that this system may fetch: the legal basis and the way out.

    Outside the sandbox nothing is fetched until one stands (not withdrawn).
    """

    basis = models.TextField()
    reference = models.CharField(max_length=200)
    egress = models.CharField(max_length=200)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.reference


class Look(models.Model):
    """One visit to an item's address by the worker."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="looks")
    at = models.DateTimeField()
    outcome = models.CharField(
        max_length=20, choices=[(o, o) for o in [*Outcome, "not_fetchable", "no_mandate"]]
    )
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    final_url = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    hops = models.PositiveSmallIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"look at {self.item_id}: {self.outcome}"


class Media(models.Model):
    """One picture or video of a look: its hashes and where it stands (sealed). Never its bytes.

    ``mime``: as its bytes say; ``video/`` alone for a video of which they were too many to read.
    ``parts_missing``: pictures on a sheet that are not among its parts; None: nobody counted.
    """

    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="media")
    position = models.PositiveSmallIntegerField()
    url = models.BinaryField()
    outcome = models.CharField(max_length=20)
    md5 = models.CharField(max_length=32, blank=True, db_index=True)
    sha1 = models.CharField(max_length=40, blank=True, db_index=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    pdq = models.CharField(max_length=64, blank=True, db_index=True)
    quality = models.PositiveSmallIntegerField(default=0)
    mime = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    parts_missing = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["look", "position"], name="media_position_once")
        ]

    def __str__(self) -> str:
        return f"media {self.position} of look {self.look_id}"

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")


class MediaPart(models.Model):
    """One picture of a sheet of pictures (`vigie.matching.engine.grid`): its hash, for matching."""

    media = models.ForeignKey(Media, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    pdq = models.CharField(max_length=64, db_index=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["media", "position"], name="part_position_once")
        ]

    def __str__(self) -> str:
        return f"part {self.position} of media {self.media_id}"


class Hosting(models.Model):
    """Where an address was hosted when looked at, and whom the registry names for abuse.

    ``country``: the registry's; ``country_local``: the local database's. They may differ, and both
    are shown. ``abuse_contact`` comes from the IP network's registration only: never from a
    domain's or a site's, which may be the offender's.
    """

    look = models.OneToOneField(Look, on_delete=models.CASCADE, related_name="hosting")
    ip = models.GenericIPAddressField()
    country = models.CharField(max_length=2, blank=True)
    country_local = models.CharField(max_length=2, blank=True)
    network = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200, blank=True)
    abuse_contact = models.EmailField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.ip} {self.acting_country}"

    @property
    def acting_country(self) -> str:
        """The country whose policy applies: where the machine stands, if the local database says.

        A network can be registered in one country and used in another; whoever may act is where
        the machine is. '' when neither source knows.
        """
        return self.country_local or self.country
