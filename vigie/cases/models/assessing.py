"""What people decide about an item, and every time a picture was looked at."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vigie.items.flow import State
from vigie.items.models import Item
from vigie.matching.models import JudgedHash, ListedHash
from vigie.tracing.models import Look, Media


class Classification(models.TextChoices):
    """Baseline and national: INHOPE/INTERPOL. The rest ends the road here."""

    BASELINE = "baseline", _("Child sexual abuse material, international baseline")
    NATIONAL = "national", _("Child sexual abuse material, national law")
    OTHER_ILLEGAL = "other_illegal", _("Other illegal content")
    NOT_ILLEGAL = "not_illegal", _("Not illegal")
    CANNOT_ASSESS = "cannot_assess", _("Cannot be assessed")
    OUT_OF_REMIT = "out_of_remit", _("Out of our remit, to hand over")


CONFIRMING = frozenset({Classification.BASELINE, Classification.NATIONAL})
# Of a look: a still left for the browser, whether or not it came onto the screen (``ok``: it did).
SENT = ("sent", "ok")
# They say what is to be seen: of an item with pictures, about which of them has to be said too.
OF_CONTENT = CONFIRMING | {Classification.OTHER_ILLEGAL, Classification.NOT_ILLEGAL}


class Assessment(models.Model):
    """One decision: who, when, on which look. Never overwritten; a later one stands beside it.

    ``by`` None: by policy, for a trusted list holds the same bytes; see `by_policy`.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="assessments")
    look = models.ForeignKey(Look, on_delete=models.PROTECT, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()
    round = models.PositiveIntegerField()
    classification = models.CharField(max_length=20, choices=Classification.choices)
    reason = models.TextField(blank=True)
    hand_over_to = models.CharField(max_length=120, blank=True)
    # The version of the schema that its answers are in; it is never written in another.
    schema = models.CharField(max_length=10, blank=True)
    # The decision that this one repeats, for its item belongs to that one's: see `together`.
    applied = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="applied_to"
    )
    # So many of its pictures are known or listed as abuse, and it closes the item all the same.
    against = models.PositiveSmallIntegerField(default=0)
    # It closes what was said to be a child in danger; and who decided had not opened the words.
    danger = models.BooleanField(default=False, db_default=False)
    unopened = models.BooleanField(default=False, db_default=False)
    # A person opened its item again, and it stands no more. All else of it stays as written.
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_back_why = models.CharField(max_length=200, blank=True)  # '' for one's own slip

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(
                fields=["item"],
                name="assessment_taken_back",
                condition=models.Q(taken_back_at__isnull=False),
            ),
            models.Index(
                fields=["at"], name="assessment_against", condition=models.Q(against__gt=0)
            ),
            models.Index(fields=["at"], name="assessment_danger", condition=models.Q(danger=True)),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.classification}"

    @property
    def kind(self) -> Classification:
        return Classification(self.classification)

    @property
    def stands(self) -> bool:
        """It is the last of its item, which was not opened again since."""
        if self.taken_back_at:
            return False
        last = self.item.assessments.values_list("pk", flat=True).first()
        return last == self.pk and self.item.state not in (State.NEW, State.TO_ASSESS)

    @property
    def answered(self) -> dict[str, tuple[str, ...]]:
        """By question of its schema: the codes of what was answered."""
        return _by_question(self.answers.all())


def _by_question(answers: Iterable["Answer | OpinionAnswer"]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for answer in answers:
        found[answer.question] = (*found.get(answer.question, ()), answer.code)
    return found


class Answer(models.Model):
    """An answer beyond the classification, in the codes of the assessment's schema."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=20)
    code = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question", "code"], name="answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.code}"


class AssessedPicture(models.Model):
    """A picture the decision is about, by the hash of the bytes that were seen (or known).
    ``seen_in``: the item at whose address its person saw them, if it is another.

    Where nobody looked (``seen`` False): the ``judgement`` or the ``listed`` entry it rests on,
    ``distance`` bits from this picture, and its hashes. They are never those of unjudged bytes.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="pictures")
    media = models.ForeignKey(Media, on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64, blank=True)
    pdq = models.CharField(max_length=64, blank=True)
    seen = models.BooleanField()
    outlines = models.BooleanField(default=False)  # seen, and never otherwise
    seen_in = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    judgement = models.ForeignKey(JudgedHash, on_delete=models.PROTECT, null=True)
    listed = models.ForeignKey(ListedHash, on_delete=models.PROTECT, null=True)
    distance = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class Opinion(models.Model):
    """One of two independent assessments of an item; no decision yet. See `opinions`.

    ``assessment``: the decision that came of it. ``set_aside_at``: the content changed before
    there was one. ``why`` there have to be two; it tells of the first, and is shown to nobody
    who may be the second.
    """

    class Why(models.TextChoices):
        SHARE = "share"  # drawn by the item's number
        DECISION = "decision"
        RULE = "rule"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="opinions")
    look = models.ForeignKey(Look, on_delete=models.PROTECT, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    place = models.PositiveSmallIntegerField()  # 1 or 2
    why = models.CharField(max_length=10, choices=Why.choices)
    classification = models.CharField(max_length=20, choices=Classification.choices)
    reason = models.TextField(blank=True)
    hand_over_to = models.CharField(max_length=120, blank=True)
    schema = models.CharField(max_length=10, blank=True)
    set_aside_at = models.DateTimeField(null=True)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, null=True, related_name="opinions"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", one],
                condition=models.Q(set_aside_at=None, assessment=None),
                name=f"opinion_once_by_{one}",
            )
            for one in ("place", "by")
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: opinion {self.place}"

    @property
    def answered(self) -> dict[str, tuple[str, ...]]:
        return _by_question(self.answers.all())


class OpinionAnswer(models.Model):
    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=20)
    code = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.question}: {self.code}"


class OpinionPicture(models.Model):
    """``found``: as the worker found it. ``sha256``: of the bytes that this person saw, or knew."""

    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="pictures")
    found = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.sha256[:12]


class View(models.Model):
    """A still was asked for: by whom, when, and the hashes of the bytes that were shown.

    ``outcome``: ``asked``; then as of `viewer.Still`, with ``sent`` until the browser has it on the
    screen. A look that is not ``ok`` is nobody's ground for a decision.
    ``reason``: why, where one has to be given (see `looking`). ``weight``: what it counts for in
    its person's day; what was decided afterwards may make it heavier, nothing makes it lighter.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="views")
    media = models.ForeignKey(Media, on_delete=models.PROTECT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    md5 = models.CharField(max_length=32, blank=True)
    sha1 = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    seconds = models.PositiveSmallIntegerField(null=True)  # on the screen, as the browser said
    counted = models.PositiveSmallIntegerField(null=True)  # and towards the limits: see `exposure`
    weight = models.FloatField(default=1)
    large = models.BooleanField(default=False)
    outlines = models.BooleanField(default=False)  # nothing else of it was sent
    still = models.PositiveSmallIntegerField(default=0)  # of a video, from 1; 0: of a picture
    of = models.PositiveSmallIntegerField(default=0)  # so many stills has the video; 0: not known
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["by", "at"], name="view_by_at"),
            models.Index(fields=["by", "sha256"], name="view_by_bytes"),
        ]

    def __str__(self) -> str:
        return f"view of {self.media_id}: {self.outcome}"


class Claim(models.Model):
    """Somebody has this item in hand until then. See `claims`."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item_id}: {self.by_id}"


class SavedView(models.Model):
    """A filter of the queue that somebody keeps under a name. ``query``: as `listing.Filter`."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["by", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name
