"""The desk's menu: what this person may open."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vigie.items import errands
from vigie.items.models import Errand
from vigie.lib.prepared import Prepared
from vigie.matching.providers.models import Probe
from vigie.staff.models import User
from vigie.staff.permissions import Permission

MENU = [
    ("overview", _("Overview"), Permission.OVERVIEW_READ),
    ("queue", _("Queue"), Permission.ITEMS_READ),
    ("care", _("Rest"), Permission.MEDIA_VIEW),
    ("training", _("Training"), Permission.ASSESS),
    ("letters", _("Letters"), Permission.DISPATCH_READ),
    ("watched", _("Watch"), Permission.WATCH_READ),
    ("hash_lists", _("Hash lists"), Permission.LISTS_READ),
    ("providers", _("Providers"), Permission.LISTS_READ),
    ("newsletter", _("Newsletter"), Permission.NEWSLETTER_EDIT),
    ("acts", _("To confirm"), Permission.ACTS_READ),
    ("rules", _("Rules"), Permission.RULES_READ),
    ("figures", _("Figures"), Permission.FIGURES_READ),
    ("failures", _("Failures"), Permission.FAILURES_READ),
    ("journal", _("Journal"), Permission.JOURNAL_READ_OWN),
    ("retention", _("Retention"), Permission.RETENTION_READ),
    ("mandate", _("Mandate"), Permission.MANDATE_RECORD),
    ("senders", _("Trusted senders"), Permission.SENDERS_MANAGE),
    ("people", _("People"), Permission.STAFF_READ),
    ("moderate", _("Wall"), Permission.WALL_MODERATE),
    ("campaigns", _("Campaign"), Permission.CAMPAIGN_EDIT),
]
# What these entries are called while there is something that cannot wait.
URGENT = {"letters": _("Letters: call now"), "providers": _("Providers: alarm")}
MANY = 8  # entries that stand side by side; beyond, what is not of every day is behind "More"
EVERY_DAY = {"overview", "queue", "care", "letters", "watched", "acts", "newsletter", "moderate"}
# Within the campaign: what stands at its side.
CAMPAIGN = [
    ("campaigns", _("Campaigns"), Permission.CAMPAIGN_EDIT),
    ("moderate", _("The wall"), Permission.WALL_MODERATE),
    ("hung", _("Cards that hang"), Permission.WALL_MODERATE),
    ("escalations", _("Set aside"), Permission.ESCALATION_READ),
    ("kits", _("Ambassadors"), Permission.CAMPAIGN_EDIT),
    ("posts", _("Own posts"), Permission.CAMPAIGN_EDIT),
]


def desk(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"nav": [], "behind": [], "side": []}
    if getattr(request, "setting_up", False):  # the second factor: until then nothing opens
        return {"nav": [], "behind": [], "side": [], "setting_up": True}
    urgent = {"providers": _alarmed, "letters": _must_call}
    menu = [
        (name, URGENT[name] if name in urgent and urgent[name](user) else label, may)
        for name, label, may in MENU
    ]
    links = _links(menu, user, request.path)
    daily = {reverse(name) for name in EVERY_DAY}
    shown = [one for one in links if one[0] in daily or one[2]] if len(links) > MANY else links
    return {
        "nav": shown,
        "care_address": reverse("care"),
        "behind": [one for one in links if one not in shown],
        "side": _links(CAMPAIGN, user, request.path),
    }


def _alarmed(user: User) -> bool:
    """Does a provider seem to probe our lists, and may this person know?"""
    return user.may(Permission.LISTS_READ) and Probe.objects.filter(seen_at=None).exists()


def _must_call(user: User) -> bool:
    """Does a child in danger wait for somebody to tell the police, and may this person?"""
    return user.may(Permission.ERRAND_WRITE) and bool(_calls())


_calls = Prepared(lambda: errands.waiting().filter(why=Errand.Why.DANGER).values_list("pk")[:1])


def _links(entries: list[Any], user: User, here: str) -> list[tuple[str, str, bool]]:
    """(address, label, whether it is the present one) of what this person may open."""
    found = [(reverse(name), label) for name, label, permission in entries if user.may(permission)]
    current = max((url for url, _l in found if here.startswith(url)), key=len, default="")
    return [(url, label, url == current) for url, label in found]
