"""What the pages about people show."""

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, QuerySet

from vigie.people.models import Invitation, Team
from vigie.staff.models import User


def people() -> QuerySet[User]:
    """Those who work here first; each with ``factor``: whether a second factor is set up."""
    factor = Exists(Authenticator.objects.filter(user=OuterRef("pk")))
    found = User.objects.annotate(factor=factor).prefetch_related("teams")
    return found.order_by("-is_active", "name", "username")


def has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user).exists())


def invitation_of(user: User) -> Invitation | None:
    return Invitation.objects.select_related("by").filter(used_by=user).first()


def invitations() -> Sequence[Invitation]:
    """Those that no account came of, newest first."""
    unused = Invitation.objects.filter(used_by=None).select_related("by", "team")
    return list(unused[:50])


def teams() -> QuerySet[Team]:
    return Team.objects.annotate(size=Count("members"))
