"""What the desk's own database says at the end of the day, and the people of the day.

A process of its own, with the settings of the worker: the rest of the day sees the hotline from
outside only. ``people N``: so many analysts, each with a session; ``decided``: one line an item.
"""

import json
import sys
import time

import django

django.setup()

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from vigie.cases.deciding.avoided import with_views  # noqa: E402
from vigie.cases.models import Assessment  # noqa: E402
from vigie.items import keys  # noqa: E402
from vigie.items.models import Item  # noqa: E402
from vigie.staff.demo import PASSWORD  # noqa: E402
from vigie.staff.models import User  # noqa: E402
from vigie.staff.permissions import Role  # noqa: E402


def people(number: int) -> None:
    """Colleagues of the analyst, who signed in with both factors a moment ago: their sessions."""
    if not settings.DEMO:
        raise SystemExit("only in a demonstration")
    for n in range(1, number + 1):
        user = User.objects.filter(username=f"analyst-{n}").first()
        if user is None:
            user = User.objects.add(f"analyst-{n}", PASSWORD, Role.ANALYST, demo=True)
            TOTP.activate(user, generate_totp_secret())
        print(json.dumps({"name": user.username, "session": _session(user)}))


def _session(user: User) -> str:
    made = SessionStore()
    made[SESSION_KEY] = str(user.pk)
    made[BACKEND_SESSION_KEY] = "vigie.staff.backends.StaffBackend"
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    proof = {"method": "password", "at": time.time(), "reauthenticated": True}
    made["account_authentication_methods"] = [proof]
    made["account_authentication_methods_user"] = str(user.pk)
    made.save()
    return str(made.session_key)


def decided() -> None:
    """Each item: its address, its state, its last decision, and whether anybody had looked."""
    latest = with_views(Assessment.objects.order_by("pk"))
    by_item = {one.item_id: one for one in latest.iterator(chunk_size=500)}
    for item in Item.objects.order_by("pk").iterator(chunk_size=500):
        last = by_item.get(item.pk)
        line = {
            "reference": item.reference,
            "address": keys.shown(item.locator),
            "state": str(item.state),
            "classification": last.classification if last else "",
            "pictured": bool(last and last.pictured),
            "viewed": bool(last and last.viewed),
            "named": bool(last and last.named),
            "by_policy": bool(last and last.by_id is None),
            "together": bool(last and last.applied_id),
        }
        print(json.dumps(line))


if __name__ == "__main__":
    if sys.argv[1] == "people":
        people(int(sys.argv[2]))
    else:
        decided()
