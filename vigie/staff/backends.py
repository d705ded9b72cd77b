"""Name and password; the second factor follows (django-allauth)."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from vigie.lib.prepared import Prepared
from vigie.staff.models import User


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Accepts a demonstration account in the demonstration only."""

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and (not user.is_demo or not settings.PRODUCTION)

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        # The library sets aside whom we refuse, and would go on to the second factor with them.
        self.unstash_authenticated_user()
        return user if user and self.user_can_authenticate(user) else None

    def get_user(self, user_id: int) -> User | None:
        user = _by_number.first(number=user_id)
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user: Any, permission: str, thing: Any = None) -> bool:
        return False


def has_factor(user: User) -> bool:
    """A second factor: an app or a key. (Recovery codes stand in for one; they are none.)"""
    known = getattr(user, "has_factor", None)  # of whom was read as `_by_number` does
    return bool(is_mfa_enabled(user, FACTORS) if known is None else known)


FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_of_them = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
_by_number = Prepared(
    lambda number: User.objects.filter(pk=number).annotate(has_factor=Exists(_of_them))
)
