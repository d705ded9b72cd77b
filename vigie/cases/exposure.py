"""What each person looked at today, and whether they are served more (see `budget`)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from vigie.cases.budget import LONGEST, Looked, Standing, standing
from vigie.cases.claims import let_go
from vigie.cases.limits import budget
from vigie.cases.models import NotToday, View
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.staff.models import User

# Of such a look, nothing was shown. (While a picture is asked for it counts: two windows of one
# person do not get past the limit together.)
SHOWN = ("asked", "ok")


class NotServed(Exception):
    """No picture is shown to this person at present; why is in ``standing``."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(str(standing.rest))
        self.standing = standing


def standing_of(user: User) -> Standing:
    """Where they stand at this moment of their day (the organisation's time zone)."""
    now = clock.now()
    looks = looks_since(user, midnight(now))
    today = [
        Looked(at, seconds, classification)
        for at, seconds, classification in looks.values_list(
            "at", "seconds", "item__classification"
        )
    ]
    off = NotToday.objects.filter(by=user, day=timezone.localdate(now)).exists()
    return standing(budget(), today, now, not_today=off)


def looks_since(user: User, moment: datetime) -> QuerySet[View]:
    return View.objects.filter(by=user, at__gte=moment, outcome__in=SHOWN)


def midnight(now: datetime) -> datetime:
    """When their day began."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def served(user: User) -> None:
    """Raises `NotServed`. Within a transaction, in which the look is then written: the person's row
    is locked, so that of two windows the second sees what the first one asked for."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # looks refer to it
    found = standing_of(user)
    if found.rest:
        raise NotServed(found)


def looked(view: View, by: User, seconds: int) -> None:
    """How long a picture was on their screen, as their browser says: once, and no longer ago than
    it was asked for. Theirs alone, in the journal too (`journal.selectors`)."""
    passed = clock.now() - view.at
    most = min(max(passed, timedelta(0)), LONGEST).total_seconds()
    with transaction.atomic():
        told = View.objects.filter(pk=view.pk, by=by, outcome="ok", seconds=None)
        if told.update(seconds=min(max(seconds, 0), round(most))):
            view.refresh_from_db()
            append(Verb.VIEW_ENDED, view.item.subject, by.actor, view=view.pk, seconds=view.seconds)


def rest_today(user: User, rest: bool) -> None:
    """No pictures for the rest of the day, or after all again. Nobody asks why."""
    day = timezone.localdate(clock.now())
    with transaction.atomic():
        if rest:
            _row, changed = NotToday.objects.get_or_create(by=user, day=day)
        else:
            changed = bool(NotToday.objects.filter(by=user, day=day).delete()[0])
        if rest:
            let_go(user)  # what they had in hand is free for a colleague
        if changed:
            append(Verb.REST_CHOSEN, "welfare", user.actor, rest=rest)
