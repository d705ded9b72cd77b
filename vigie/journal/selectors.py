"""Who may read what of the journal."""

from django.db.models import Q, QuerySet

from vigie.journal.models import Entry
from vigie.staff.models import User
from vigie.staff.permissions import Permission


def visible_to(user: User) -> QuerySet[Entry]:
    """All of it with ``journal:all:read``; otherwise one's own acts."""
    if user.may(Permission.JOURNAL_READ_ALL):
        return Entry.objects.all()
    return Entry.objects.filter(Q(actor=user.actor))


def trail_of(subject: str) -> QuerySet[Entry]:
    """What happened to one thing, oldest first; callers have fetched it through `visible_to`."""
    return Entry.objects.filter(subject=subject).order_by("seq")
