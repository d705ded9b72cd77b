"""The demonstration's accounts. They exist in a demonstration's database only: see `startup`."""

from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vigie.lib.access import public
from vigie.staff.models import User
from vigie.staff.permissions import ROLE_NAMES, Role

PASSWORD = "aurore-demonstration"  # noqa: S105  printed on a page: it protects nothing


@dataclass(frozen=True)
class DemoAccount:
    username: str
    role: Role
    secret: str

    @property
    def role_name(self) -> str:
        return str(ROLE_NAMES[self.role])


ACCOUNTS = [
    DemoAccount("analyst", Role.ANALYST, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    DemoAccount("lead", Role.LEAD, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"),
    DemoAccount("liaison", Role.LIAISON, "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK"),
    DemoAccount("manager", Role.MANAGER, "NB2HI4DTHIXS653XNB2HI4DTHIXS653X"),
    DemoAccount("administrator", Role.ADMINISTRATOR, "OBQXG43XN5ZGIZLEOBQXG43XN5ZGIZLE"),
    DemoAccount("editor", Role.EDITOR, "ONSWG4TFORQXIYLTONSWG4TFORQXIYLT"),
]


def make_accounts() -> None:
    """Create the accounts with their second factor. Refuses outside a demonstration."""
    if not settings.DEMO:
        raise RuntimeError("demonstration accounts cannot exist outside the demonstration")
    for account in ACCOUNTS:
        if not User.objects.filter(username=account.username).exists():
            user = User.objects.add(account.username, PASSWORD, account.role, demo=True)
            user.email = f"{account.username}@aurore.test"
            user.save(update_fields=["email"])
            TOTP.activate(user, account.secret)


def code_of(secret: str) -> str:
    """The six digits an authenticator would show now."""
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


@public
@require_GET
def demo_accounts(request: HttpRequest) -> HttpResponse:
    """Name, password and present code of each demo account: nothing to install to try the desk."""
    if not settings.DEMO:
        raise Http404
    accounts = [{"account": a, "password": PASSWORD, "code": code_of(a.secret)} for a in ACCOUNTS]
    return render(request, "staff/demo_accounts.html", {"accounts": accounts})
