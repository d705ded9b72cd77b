"""Routing rules, lanes and routes; runs of the training."""

from django.conf import settings
from django.db import models

from vigie.items.models import Item
from vigie.people.models import Team


class Ruleset(models.Model):
    """Routing rules, as somebody wrote them; never changed. Its number is its version."""

    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)  # somebody saw what it would do

    def __str__(self) -> str:
        return f"rules {self.pk}"

    @property
    def subject(self) -> str:
        return f"rules:{self.pk}"


class RulesetSwitch(models.Model):
    """From then on items are routed by this set; the newest row counts."""

    ruleset = models.ForeignKey(Ruleset, on_delete=models.PROTECT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"on: {self.ruleset_id}"


class Route(models.Model):
    """Where the rules send an item. Beside it what they went by, to see when that has changed."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True)
    ruleset = models.ForeignKey(Ruleset, on_delete=models.PROTECT)
    rule = models.CharField(max_length=60, blank=True)
    lane = models.CharField(max_length=30, blank=True, db_index=True)
    two = models.BooleanField(default=False)
    hand_over_to = models.CharField(max_length=120, blank=True)
    report_count = models.PositiveIntegerField()
    round = models.PositiveIntegerField()
    country = models.CharField(max_length=2, blank=True)
    material = models.CharField(max_length=6, blank=True)
    danger = models.BooleanField()
    own = models.BooleanField()
    in_flood = models.BooleanField(default=False)
    known_site = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.item_id}: {self.rule}"


class Lane(models.Model):
    """A lane that belongs to a team. One without a team has no row, and is everybody's."""

    name = models.CharField(max_length=30, primary_key=True)  # as rules write it
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="lanes")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TrainingRun(models.Model):
    """Somebody went through the exercises of this version: theirs alone, apart from all items."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    at = models.DateTimeField()
    version = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"training {self.pk}"


class TrainingAnswer(models.Model):
    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="answers")
    exercise = models.CharField(max_length=20)
    classification = models.CharField(max_length=20)
    age = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "exercise"], name="exercise_answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.exercise}"
