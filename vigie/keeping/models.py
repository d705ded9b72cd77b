"""How long things are kept, what stops their end, and how much has ended already."""

from django.db import models
from django.db.models import Q

from vigie.intake.models import Report
from vigie.items.models import Item


class KeepingRule(models.Model):
    """For one kind of data: erased so many days after its clock last moved. Data, not code.

    A rule is never changed: loading a policy retires it (``active``) and writes new ones.
    """

    version = models.CharField(max_length=40)
    active = models.BooleanField(default=True)
    kind = models.CharField(max_length=20)
    days = models.PositiveIntegerField()
    authority = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(active=True), name="one_rule_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.days} days"


class Hold(models.Model):
    """Somebody said why a report or an item must stay, whatever the policy says.

    Beside it stands the police's hold on an item (``Item.held``), which stops erasure, too.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="holds")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="holds")
    reason = models.CharField(max_length=500)
    placed_by = models.CharField(max_length=60)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=60, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report=None, item__isnull=False) | Q(report__isnull=False, item=None),
                name="hold_on_one_thing",
            ),
            models.UniqueConstraint(
                fields=["report"], condition=Q(lifted_at=None), name="one_hold_a_report"
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(lifted_at=None), name="one_hold_an_item"
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.reference}"

    @property
    def reference(self) -> str:
        return f"I-{self.item_id}" if self.item_id else f"report {self.report_id}"

    @property
    def subject(self) -> str:
        return f"item:{self.item_id}" if self.item_id else f"report:{self.report_id}"


class Erased(models.Model):
    """How many rows of a kind were erased so far; each batch is a line of the journal."""

    kind = models.CharField(max_length=20, primary_key=True)
    rows = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.rows}"


class TrustedTime(models.Model):
    """One row: when erasing last went round, or a person last confirmed the clock."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at}"
