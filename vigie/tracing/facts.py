"""What the newest look says about an item's place in the queue (`items.ranking`)."""

from django.db import transaction

from vigie.items.models import Item
from vigie.items.ranking import place
from vigie.matching.verdicts import Verdict
from vigie.tracing.models import Media
from vigie.tracing.selectors import known_of, large, latest_hosting, latest_look, pictures

BASELINE = "baseline"  # by its definition the child has not reached puberty


def note_facts(item: Item) -> None:
    """Keep them with the item: the country, how much is known, whether a young child is.

    As known at this moment: what is judged or listed later changes the page of the item, and its
    place at the next look.
    """
    hosting, shown = latest_hosting(item), list(large(pictures(latest_look(item))))
    known = dict(zip((media.pk for media in shown), known_of(shown), strict=True))
    facts = {
        "country": hosting.acting_country if hosting else "",
        "material": _material(shown, known),
        "young": item.young or any(_says_young(verdict) for verdict in known.values()),
    }
    with transaction.atomic():
        Item.objects.filter(pk=item.pk).update(**facts)
        place(Item.objects.filter(pk=item.pk))


def _material(shown: list[Media], known: dict[int, Verdict]) -> str:
    if not shown:
        return ""
    recognised = sum(bool(known[media.pk]) for media in shown)
    return "known" if recognised == len(shown) else "part" if recognised else "new"


def _says_young(verdict: Verdict) -> bool:
    listed = any(one.entry.classification == BASELINE for one in verdict.listed)
    judged = verdict.judged is not None and BASELINE in verdict.judged.row.said
    return listed or judged
