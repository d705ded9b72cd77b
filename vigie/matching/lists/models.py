"""Hash lists that others entrust to us, what may be done with a match, and what left of our own.

Values only, never a picture.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vigie.lib.work import Due
from vigie.people.models import PendingAct

FURTHEST = 31  # bits of 256 in which two PDQ may differ and still be proposed as the same picture


class HashList(Due):
    """One list: whose it is, how far it was read, and what its matches may do.

    ``checkpoint`` says how far a reading got; its reader alone knows the keys (see `fetching` and
    `loading`). Credentials are not here: they are in the worker's key directory.
    """

    class Source(models.TextChoices):
        FILE = "file", _("files")
        NCMEC = "ncmec", "NCMEC"
        STOPNCII = "stopncii", "StopNCII"

    name = models.CharField(max_length=60, unique=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.FILE)
    owner = models.CharField(max_length=120, blank=True)
    checkpoint = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True)  # the last time it was read to its end
    # May an equal MD5, SHA-1 or SHA-256 confirm without a person? The organisation's policy.
    may_confirm = models.BooleanField(default=False)
    # May a person decide what it recognises, near matches too, without looking at the picture?
    unseen = models.BooleanField(default=False)
    threshold = models.PositiveSmallIntegerField(default=FURTHEST)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = "hash list"
        constraints = [
            models.CheckConstraint(condition=Q(threshold__lte=FURTHEST), name="threshold_in_bits")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"list:{self.pk}"


class Kind(models.TextChoices):
    MD5 = "md5", "MD5"
    SHA1 = "sha1", "SHA-1"
    SHA256 = "sha256", "SHA-256"
    PDQ = "pdq", "PDQ"
    PHOTODNA = "photodna", "PhotoDNA"


class Meaning(models.TextChoices):
    """Our word for what an owner says of an entry; `vocabulary` maps theirs to these."""

    BASELINE = "baseline", _("international baseline")
    NATIONAL = "national", _("national law")
    OTHER = "other", _("harmful, of another kind")
    HARMLESS = "harmless", _("not illegal")
    UNKNOWN = "", _("not said")


class ListedHash(models.Model):
    """One value of one entry of a list.

    ``change`` is the tick of `ChangeClock` at which the row last changed in a way that an index
    has to know of. ``given_at`` is the owner's time of the entry, where they say it.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        DISPUTED = "disputed", _("disputed by us")
        WITHDRAWN = "withdrawn", _("withdrawn by its owner")

    list = models.ForeignKey(HashList, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=288)
    external_id = models.CharField(max_length=120, blank=True)
    member = models.CharField(max_length=60, blank=True)
    given = models.CharField(max_length=60, blank=True)
    classification = models.CharField(max_length=10, blank=True, choices=Meaning.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    given_at = models.DateTimeField(null=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    change = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value", "list", "member", "external_id"], name="listed_once"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "change"], name="listed_by_change"),
            models.Index(fields=["list", "external_id"], name="listed_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.list_id} {self.kind} {self.pk}"


class WithdrawnEntry(models.Model):
    """An owner took an entry back. Kept, because its earlier version may arrive after this."""

    list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="withdrawn")
    member = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list", "external_id", "member"], name="withdrawn_entry_once"
            )
        ]
        verbose_name_plural = "withdrawn entries"

    def __str__(self) -> str:
        return f"{self.list_id} {self.external_id}"


class ChangeClock(models.Model):
    """One row, one number. Whoever changes entries moves it first, and so keeps others waiting:

    what has a lower tick was committed earlier, and no reader can miss a late one.
    """

    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last)


class SetAside(models.Model):
    """A row of a list that could not be read: where it stands and why. Not what it says."""

    list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="set_aside")
    where = models.CharField(max_length=120)  # a file's name, or a partner's window
    line = models.PositiveBigIntegerField()  # from 1; for a partner the position in the window
    reason = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "where", "line"], name="set_aside_once")
        ]
        verbose_name_plural = "set aside"

    def __str__(self) -> str:
        return f"{self.list_id}: line {self.line}, {self.reason}"


class Export(models.Model):
    """A file of our own hashes, made on approval. Sealed, taken once, and gone after a while."""

    act = models.OneToOneField(PendingAct, on_delete=models.CASCADE, related_name="export")
    content = models.BinaryField(null=True)  # null once it was taken, or too late
    entries = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    until = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"export {self.act_id}"


class Feedback(Due):
    """What we tell an entry's owner: we agree, or we do not. Due until it was sent.

    ``act``: where it takes two people. It counts once both have said so (`in_force`).
    """

    class Says(models.TextChoices):
        AGREE = "agree", _("We agree")
        DISPUTE = "dispute", _("We dispute it")

    entry = models.ForeignKey(ListedHash, on_delete=models.PROTECT, related_name="feedback")
    says = models.CharField(max_length=7, choices=Says.choices)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    act = models.ForeignKey(PendingAct, on_delete=models.PROTECT, related_name="+", null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "feedback on a hash"

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.says}"
