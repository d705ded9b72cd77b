"""Where django-allauth asks us: nobody signs up alone, and passkeys carry our name."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from vigie.lib.box import box
from vigie.staff.models import User


def _at_the_first_codes(request: HttpRequest, user: User) -> bool:
    """Setting up a factor leads to the recovery codes made with it, which nobody has seen yet."""
    match = request.resolver_match
    if match is None or match.url_name != "mfa_view_recovery_codes":
        return False
    made = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return made is not None and not made.wrap().did_view


def _signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    by_password = [one["at"] for one in records if one.get("method") == "password"]
    return bool(by_password) and time.time() - by_password[-1] < REAUTHENTICATION_TIMEOUT


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just typed the password is not asked it again to set up the first factor, and to
        see the recovery codes that come with it."""
        request = context.request
        user = getattr(request, "user", None)
        new = isinstance(user, User) and (
            not is_mfa_enabled(user) or _at_the_first_codes(request, user)
        )
        if new and _signed_in_just_now(request):
            return False
        asked: bool = super().is_reauthentication_required(app=app, **kwargs)
        return asked

    def get_client_ip(self, request: HttpRequest) -> str:
        """Attempts are counted by account; where they come from is not looked at."""
        return "desk"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.ORGANISATION.name("en")}

    def encrypt(self, text: str) -> str:
        """TOTP secrets and recovery codes do not lie open in the database."""
        return box("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return box("second factor").decrypt(encrypted_text.encode()).decode()

    def get_user_display_name(self, user: Any) -> str:
        return user.name if isinstance(user, User) else str(user)
