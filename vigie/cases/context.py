"""The desk's menu: what this person may open."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vigie.staff.models import User
from vigie.staff.permissions import Permission

MENU = [
    ("queue", _("Queue"), Permission.ITEMS_READ),
    ("letters", _("Letters"), Permission.DISPATCH_READ),
    ("watched", _("Watch"), Permission.WATCH_READ),
    ("newsletter", _("Newsletter"), Permission.NEWSLETTER_EDIT),
    ("figures", _("Figures"), Permission.FIGURES_READ),
    ("failures", _("Failures"), Permission.FAILURES_READ),
    ("journal", _("Journal"), Permission.JOURNAL_READ_OWN),
    ("mandate", _("Mandate"), Permission.MANDATE_RECORD),
    ("people", _("People"), Permission.STAFF_READ),
]


def desk(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"nav": []}
    nav = [(reverse(name), label) for name, label, permission in MENU if user.may(permission)]
    here = request.path
    current = max((url for url, _l in nav if here.startswith(url)), key=len, default="")
    return {"nav": [(url, label, url == current) for url, label in nav]}
