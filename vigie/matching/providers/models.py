"""Who may ask what is on our lists, how much they asked, and who seems to probe them."""

import uuid

from django.db import models

from vigie.matching.lists.models import HashList

PER_MINUTE = 6_000  # pictures


class Provider(models.Model):
    """A trusted provider: it keeps pictures of others, and asks before it shows them.

    ``key_hash``: SHA-256 of its key, which is 256 random bits and kept nowhere. ``lists``: those it
    may ask about, and of which it is told the names. Never deleted, only revoked: the journal names
    it.
    """

    name = models.CharField(max_length=80)
    key_hash = models.BinaryField(max_length=32, unique=True)
    lists = models.ManyToManyField(HashList, related_name="providers")
    per_minute = models.PositiveIntegerField(default=PER_MINUTE)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"provider:{self.pk}"


class Asked(models.Model):
    """One request, in counts. The worker adds them up in the journal, and throws them away.

    Its number is made by who writes it: the match program may insert here, and not read.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="asked")
    at = models.DateTimeField()
    pictures = models.PositiveIntegerField()
    found = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "asked"

    def __str__(self) -> str:
        return f"{self.provider_id}: {self.pictures}"


class Probe(models.Model):
    """A provider asked for many variants of a picture, of which some match and some do not, or
    none does by little: as somebody does who looks for what just escapes a list.

    ``variants``: how many; ``found``: how many of them matched; ``pictures``: of how many pictures
    they are. Which, is not kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="probes")
    at = models.DateTimeField()
    variants = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    pictures = models.PositiveIntegerField(default=1)
    told = models.BooleanField(default=False)  # in the journal
    seen_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.provider_id}: {self.variants}"

    @property
    def subject(self) -> str:
        return f"probe:{self.pk}"
