"""Name and password; the second factor follows (django-allauth)."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

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
        user = User.objects.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user: Any, permission: str, thing: Any = None) -> bool:
        return False
