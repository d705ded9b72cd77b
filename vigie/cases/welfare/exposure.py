"""What each person looked at today, and whether they are served more (see `budget`)."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from vigie.cases.claims import hand_on
from vigie.cases.models import SENT, NotToday, View
from vigie.cases.welfare.budget import LONGEST, Budget, Looked, Standing, lasted_at_least, standing
from vigie.cases.welfare.limits import budget
from vigie.items.models import Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.numbers import whole_number
from vigie.lib.prepared import Prepared
from vigie.staff.models import User

# Of such a look, nothing was shown. (While a picture is asked for it counts: two windows of one
# person do not get past the limit together.)
SHOWN = ("asked", *SENT)
LASTED = Coalesce("counted", "seconds")
EVENING = timedelta(hours=12)  # so far back a stretch of looking is followed over midnight


class NotServed(Exception):
    """No picture is shown to this person at present; why is in ``standing``."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(str(standing.rest))
        self.standing = standing


def standing_of(user: User, limits: Budget | None = None) -> Standing:
    """Where they stand at this moment of their day (the organisation's time zone).

    ``limits``: those of now, from a caller that has read them already.
    """
    now = clock.now()
    began = midnight(now)
    looks = _looked(by=user.pk, since=min(began, now - EVENING))
    every = [Looked(*one) for one in looks]
    off = bool(_not_today(by=user.pk, day=timezone.localdate(now)))
    return standing(
        limits or budget(),
        [one for one in every if one.at >= began],
        now,
        not_today=off,
        before=[one for one in every if one.at < began],
    )


_looked = Prepared(lambda by, since: looks_since(by, since).values_list("at", LASTED, "weight"))
_not_today = Prepared(lambda by, day: NotToday.objects.filter(by=by, day=day).values_list("pk"))


def weight_of(classification: str) -> float:
    """What a look at such an item counts for."""
    return budget().weights.get(classification, 1)


def weigh(item: Item, classification: str) -> None:
    """It was decided to be such: all looks at it count for that from now on, and never for less."""
    weight = weight_of(classification)
    View.objects.filter(item=item, weight__lt=weight).update(weight=weight)


def looks_since(user: Any, moment: Any) -> QuerySet[View]:
    return View.objects.filter(by=user, at__gte=moment, outcome__in=SHOWN)


def midnight(now: datetime) -> datetime:
    """When their day began."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def served(user: User) -> None:
    """Raises `NotServed`. Within a transaction, in which the look is then written: the person's row
    is locked, so that of two windows the second sees what the first one asked for."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # looks refer to it
    still_there(user)
    found = standing_of(user)
    if found.rest:
        raise NotServed(found)


def still_there(user: User) -> None:
    """Whoever asks for the next page or still had the last one until now, if nobody said otherwise,
    and the ones before it until the next began. It is counted once: what they do later makes it no
    longer. An end that was told, or counted, too early is not believed (`lasted_at_least`)."""
    now = clock.now()
    looks = _sent_since(user, now - EVENING)
    last = _last_sent.first(by=user.pk, since=now - EVENING)
    if last is None:
        return
    for view in looks.filter(Q(counted=None) | Q(pk=last)).select_related("item"):
        later = looks.filter(at__gt=view.at).order_by("at").values_list("at", flat=True)
        passed = (later.first() or now) - view.at
        told = view.counted if view.seconds is None else view.seconds
        lasted = math.ceil(lasted_at_least(told, passed).total_seconds())
        on_screen = view.outcome == "ok"  # as far as anybody said
        if _longer(view, "counted", lasted) and on_screen and view.counted is view.seconds is None:
            append(Verb.VIEW_UNTOLD, view.item.subject, user.actor, view=view.pk, counted=lasted)


def _sent_since(by: Any, moment: Any) -> QuerySet[View]:
    return View.objects.filter(by=by, outcome__in=SENT, at__gte=moment)


_last_sent = Prepared(
    lambda by, since: _sent_since(by, since).order_by("-at", "-pk").values_list("pk", flat=True)[:1]
)


def _longer(view: View, field: str, seconds: int) -> bool:
    """Keep that it lasted so long, if nothing longer is kept."""
    shorter = Q(**{field: None}) | Q(**{f"{field}__lt": seconds})
    kept = View.objects.filter(shorter, pk=view.pk, outcome__in=SENT)
    return bool(kept.update(**{field: seconds}))


def arrived(by: User, numbers: Iterable[str]) -> None:
    """The browser says that these looks are on the screen: from now on they were seen."""
    known = [number for text in numbers if (number := whole_number(text))]
    View.objects.filter(pk__in=known, by=by, outcome="sent").update(outcome="ok")


def ended(by: User, told: Iterable[str]) -> None:
    """How long these were on the screen, each as "look:seconds": the decision says it itself, for
    what the page says as it is left comes later."""
    for one in told:
        number, _colon, seconds = one.partition(":")
        view = View.objects.filter(pk=whole_number(number) or 0, by=by).first()
        if view:
            looked(view, by, whole_number(seconds) or 0)


def looked(view: View, by: User, seconds: int) -> None:
    """How long a picture was on their screen, as their browser says: no longer ago than it was
    asked for. What was said before may become longer, never shorter; theirs alone, in the journal
    too (`journal.selectors`)."""
    passed = clock.now() - view.at
    most = min(max(passed, timedelta(0)), LONGEST).total_seconds()
    told = min(max(seconds, 0), math.ceil(most))
    with transaction.atomic():
        _longer(view, "counted", told)
        if _longer(view, "seconds", told):
            append(Verb.VIEW_ENDED, view.item.subject, by.actor, view=view.pk, seconds=told)


def rest_today(user: User, rest: bool) -> None:
    """No pictures for the rest of the day, or after all again. Nobody asks why."""
    day = timezone.localdate(clock.now())
    with transaction.atomic():
        if rest:
            _row, changed = NotToday.objects.get_or_create(by=user, day=day)
        else:
            changed = bool(NotToday.objects.filter(by=user, day=day).delete()[0])
        if rest:
            hand_on(user)
        if changed:
            append(Verb.REST_CHOSEN, "welfare", user.actor, rest=rest)
