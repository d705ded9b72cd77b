"""What hangs, and is to hang no longer: taken off, its name taken away, or known meanwhile."""

from django.db import transaction
from django.db.models import Q

from vigie.campaign.wall.escalating import set_card_aside
from vigie.campaign.wall.models import Card
from vigie.campaign.wall.ports import Hashes, KnownPictures
from vigie.campaign.wall.services import Stale, recount
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.staff.models import User

AT_ONCE = 500


def take_off(slug: str, by: User) -> None:
    """The card and its pictures are gone, as when its supporter takes it back. Raises `Stale`.

    Whoever calls counts the wall anew.
    """
    with transaction.atomic(), transaction.atomic(using="front"):
        _rows, of = Card.objects.filter(slug=slug).delete()
        if of.get(Card._meta.label) != 1:
            raise Stale
        append(Verb.CARD_TAKEN_OFF, f"card:{slug}", by.actor)


def take_name(slug: str, by: User) -> None:
    """It hangs on, without the cat's name. The pictures never had it. Raises `Stale`."""
    with transaction.atomic(), transaction.atomic(using="front"):
        if Card.objects.filter(slug=slug).exclude(name="").update(name="") != 1:
            raise Stale
        append(Verb.CARD_NAME_TAKEN, f"card:{slug}", by.actor)


def compare_hung(known: KnownPictures, tick: int) -> int:
    """Compare cards that hang with lists that changed since; how many were compared.

    ``tick``: of the lists, read before they are asked. What is known is set aside, as it would
    have been while it waited. The work list is a query, so a crash loses nothing.
    """
    late = Card.objects.filter(Q(compared__lt=tick) | Q(compared__gt=tick))
    cards = list(late.order_by("compared", "pk")[:AT_ONCE])
    if not cards:
        return 0
    told = [card for card in cards if card.pdq]  # without one it cannot be compared
    hits = known([Hashes(pdq=card.pdq) for card in told])
    for card, hit in zip(told, hits, strict=True):
        if hit:
            set_card_aside(card, hit, "worker")
    Card.objects.filter(pk__in=[card.pk for card in cards]).update(compared=tick)
    if any(hits):
        recount()
    return len(cards)


def newest_card() -> int:
    return Card.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
