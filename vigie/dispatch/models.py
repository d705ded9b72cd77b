"""What leaves the house, and the policy by which it does. A letter has its row first."""

from django.db import models

from vigie.items.flow import State
from vigie.items.models import Item
from vigie.lib.work import Due


class Rule(models.Model):
    """The jurisdiction policy for one country of hosting ('' for all others). Data, not code.

    ``told``: who hears of it first. ``gate``: whose authorisation a notice waits for ('' nobody's).
    ``contact``: who contacts the host. ``authority``: what the rule rests on, in words.
    A rule is never changed: loading a policy retires it (``active``) and writes new ones.
    """

    TOLD = [("police", "police"), ("partner", "partner")]
    CONTACT = [(c, c) for c in ("police", "hotline", "partner", "nobody")]

    version = models.CharField(max_length=40)
    active = models.BooleanField(default=True)
    country = models.CharField(max_length=2, blank=True)
    told = models.CharField(max_length=10, choices=TOLD)
    gate = models.CharField(max_length=40, blank=True)
    contact = models.CharField(max_length=10, choices=CONTACT)
    authority = models.TextField()
    police_mailbox = models.EmailField(blank=True)
    police_key = models.CharField(max_length=60, blank=True)
    partner_mailbox = models.EmailField(blank=True)
    partner_key = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country"], condition=models.Q(active=True), name="one_rule_a_country"
            )
        ]

    def __str__(self) -> str:
        return f"{self.country or '*'}: {self.told}, {self.gate or 'no gate'}, {self.contact}"


class Referral(Due):
    """An item told to the police (or the partner): one a round. ``due_at``: to be sent."""

    class Step(models.TextChoices):
        PLANNED = "planned"
        SENT = "sent"
        ACKNOWLEDGED = "acknowledged"
        AUTHORISED = "authorised"
        REFUSED = "refused"
        DROPPED = "dropped"  # never left: the decision was taken back before
        WITHDRAWING = "withdrawing"  # whoever has it is about to be told that it no longer stands
        WITHDRAWN = "withdrawn"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="referrals")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT)
    round = models.PositiveIntegerField()
    country = models.CharField(max_length=2, blank=True)
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.PLANNED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    authorisation = models.CharField(max_length=120, blank=True)
    references_before = models.TextField(blank=True)  # of the authorisation: see `correcting`
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "round"], name="one_referral_a_round")
        ]
        indexes = [models.Index(fields=["step", "sent_at"], name="referral_step_sent")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"R-{self.pk}"

    @property
    def is_current(self) -> bool:
        """Of the item's present round: what was answered in an earlier one opens nothing now."""
        return self.round == self.item.round

    @property
    def is_withdrawn(self) -> bool:
        """Whoever got it has been told, or is being told, that it no longer stands."""
        return self.step in (self.Step.WITHDRAWING, self.Step.WITHDRAWN)

    @property
    def gate_is_open(self) -> bool:
        """Nobody has to authorise, or who has to has done so: for this referral, in this round."""
        return self.is_current and (not self.rule.gate or self.step == self.Step.AUTHORISED)

    @property
    def awaits_authorisation(self) -> bool:
        answerable = (self.Step.SENT, self.Step.ACKNOWLEDGED, self.Step.REFUSED)
        return self.is_current and bool(self.rule.gate) and self.step in answerable

    @property
    def police_may_contact(self) -> bool:
        """By the rule the police write to the host, and nothing stands in their way any more."""
        waiting = State(self.item.state) in (State.REFERRED, State.AUTHORISED)
        return waiting and self.rule.contact == "police" and self.gate_is_open


class Notice(Due):
    """A notice to the host, or the item passed to the partner hotline: one a round."""

    class Kind(models.TextChoices):
        HOST = "host"
        PARTNER = "partner"

    class Step(models.TextChoices):
        WAITING = "waiting"  # for a lead: the contact was never written to before
        NO_CONTACT = "no_contact"  # the registry names nobody
        READY = "ready"
        SENT = "sent"
        DROPPED = "dropped"  # never left: its round is over
        WITHDRAWING = "withdrawing"  # whoever has it is about to be told that it no longer stands
        WITHDRAWN = "withdrawn"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="notices")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="notices")
    round = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    recipient = models.EmailField(blank=True)
    # Where a lead found the recipient, when the registry named none.
    found_in = models.CharField(max_length=300, blank=True)
    step = models.CharField(max_length=12, choices=Step.choices)
    report_id = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["item", "round"], name="one_notice_a_round")]
        indexes = [models.Index(fields=["step", "created_at"], name="notice_step_created")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"N-{self.pk}"


class Contact(models.Model):
    """An abuse contact that a lead has approved. The first notice to any other waits."""

    address = models.EmailField(unique=True)
    approved_by = models.CharField(max_length=60)
    approved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address
