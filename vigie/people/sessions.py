"""Sign-ins that stand, and their end. They are told apart by their times and by a name."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.people.models import KnownSession
from vigie.staff.models import User


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def remember(key: str, user: User) -> None:
    """This sign-in was used in this hour. Those of theirs that ended alone are forgotten."""
    now = clock.now()
    used = {"user": user, "used_hour": hour_of(now)}
    _row, new = KnownSession.objects.update_or_create(
        key=key, defaults=used, create_defaults={**used, "begun_at": now}
    )
    if new:
        KnownSession.objects.filter(user=user).exclude(key__in=_standing()).delete()


def _standing() -> QuerySet[Session, Any]:
    return Session.objects.filter(expire_date__gt=clock.now()).values("session_key")


def sessions_of(user: User) -> list[KnownSession]:
    return list(KnownSession.objects.filter(user=user, key__in=_standing()))


def name_session(key: str, user: User, name: str) -> None:
    KnownSession.objects.filter(key=key, user=user).update(name=name[:40])


def end_one(key: str, user: User) -> bool:
    """End one sign-in of one's own; False if it had ended."""
    with transaction.atomic():
        gone, _each = KnownSession.objects.filter(key=key, user=user).delete()
        if gone:
            Session.objects.filter(pk=key).delete()
            append(Verb.SESSION_ENDED, user.actor, user.actor)
    return bool(gone)


def end_all(user: User, by: User) -> int:
    """Sign somebody out everywhere; how many sign-ins ended. Part of the caller's transaction.

    Every session is opened to see whose it is: one that no list knows must not survive.
    """
    theirs = [
        one.pk
        for one in Session.objects.filter(expire_date__gt=clock.now()).iterator()
        if one.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    Session.objects.filter(pk__in=theirs).delete()
    KnownSession.objects.filter(user=user).delete()
    append(Verb.SESSIONS_ENDED, user.actor, by.actor, sessions=len(theirs))
    return len(theirs)
