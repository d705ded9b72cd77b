"""What is said of a place that no longer waits for us reaches a person all the same.

Nothing of it shows outside: the page, the receipt and the visits are those of a place never named.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from vigie.items import errands
from vigie.items.flow import State
from vigie.items.locators import Kind
from vigie.items.models import Item
from vigie.journal.services import append_each
from vigie.journal.verbs import Verb
from vigie.lib import clock

WORKER = "worker"
FLOOD_LATER = timedelta(days=1)  # places of a flood are looked at after what came in a day


def in_danger(named: Sequence[int], first: Sequence[int]) -> list[Item]:
    """A report says so of these places (which the caller has locked). Their trail says it too.

    Of what is on its way a person tells the police (`errands`). Of what is closed the ``first``
    are returned, to be opened again at once; the others are opened one by one, as for new words.
    """
    places = Item.objects.filter(pk__in=named)
    append_each(Verb.ITEM_IN_DANGER, [f"item:{pk}" for pk in named], WORKER)
    errands.ask_for_calls(places, first)
    closed = places.filter(state=State.CLOSED).exclude(locator=b"")
    wake(closed.exclude(pk__in=first))
    return list(closed.filter(pk__in=first).order_by("pk"))


def spoken_of(known: Sequence[Item], flood: UUID | None, *, said: bool) -> None:
    """These were named once more. ``said``: with words, or with the reporter in the picture.

    What no visit can answer for (an account, an app, a description) takes a person either way.
    ``known``: as they were before this report.
    """
    if flood:
        # What nobody else names stands in the line of its flood when it is opened again.
        asleep = [item.pk for item in known if item.state == State.CLOSED and not item.due_at]
        Item.objects.filter(pk__in=asleep).update(flood=flood)
    speaks = Q() if said else ~Q(kind=Kind.WEB)
    wake(Item.objects.filter(speaks, pk__in=[item.pk for item in known]), flood)


def wake(items: QuerySet[Item], flood: UUID | None = None) -> None:
    """Something new was said of these. Those that are closed the worker opens again, after a rest,
    where no look answers it: see `vigie.tracing.reopening`. A flood takes its slow lane there."""
    moment = clock.now()
    pks = items.filter(state=State.CLOSED).exclude(locator=b"").values_list("pk", flat=True)
    closed = Item.objects.filter(pk__in=list(pks), state=State.CLOSED)
    later = FLOOD_LATER if flood else timedelta()
    closed.filter(due_at=None).update(turn_at=moment + later)
    closed.update(words_at=moment, due_at=moment)
