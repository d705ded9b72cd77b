"""What needs no person: the same bytes are on a list that two people let confirm.

Equal MD5, SHA-1 or SHA-256 alone; looking alike never confirms. From here on the road is the same
as after a person's decision: the police first, and every gate.

What is said to be a child in danger, or somebody's own picture, waits for a person: no list knows
that.
"""

from functools import reduce
from itertools import islice
from operator import or_

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from vigie.cases.deciding.danger import NOT_ALONE
from vigie.cases.models import CONFIRMING, AssessedPicture, Assessment, Classification
from vigie.items.flow import Move, Stale, State
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.judged import of_bytes
from vigie.matching.lists.lookup import listed, may_confirm, present_tick, spoken_against
from vigie.matching.lists.values import CRYPTOGRAPHIC
from vigie.matching.lists.writing import hold_still
from vigie.matching.models import HashList, ListedHash
from vigie.tracing.models import Look, Media
from vigie.tracing.selectors import latest_look, pictures, values_of

POLICY = "policy"
SERIOUS_FIRST = (Classification.BASELINE, Classification.NATIONAL)
AT_ONCE = 50
MOST_ASKED = 1_000  # of these some may be spoken against: they must not keep the others waiting


def confirm_known() -> int:
    """Confirm what waits for a person and is on a list that may confirm; how many.

    The work list is a query, so a crash loses nothing. What a person decided once, and somebody
    opened again, is for people: only first decisions are made here.
    """
    if not HashList.objects.filter(may_confirm=True, active=True).exists():
        return 0
    first = Item.objects.filter(state=State.TO_ASSESS, assessments=None, opinions=None)
    waiting = first.filter(NOT_ALONE)
    recognised = waiting.filter(Exists(_recognised().filter(look__item=OuterRef("pk"))))
    confirmed = (_confirm(item) for item in recognised.order_by("pk")[:MOST_ASKED])
    return sum(islice(filter(None, confirmed), AT_ONCE))


def what_is_new() -> tuple[int, int]:
    """Only a new look, or a change of the lists or of our judgements, can bring work here."""
    look = Look.objects.aggregate(last=Max("pk"))["last"] or 0
    return look, present_tick()


def _recognised() -> QuerySet[Media]:
    """Pictures whose bytes an entry holds that may confirm: candidates, to be asked again."""
    standing = ListedHash.objects.filter(
        state=ListedHash.State.ACTIVE,
        classification__in=[c.value for c in CONFIRMING],
        list__may_confirm=True,
        list__active=True,
    )
    held = (Q(Exists(standing.filter(kind=k, value=OuterRef(k)))) for k in sorted(CRYPTOGRAPHIC))
    return Media.objects.filter(reduce(or_, held))


def _confirm(item: Item) -> int:
    """1 if it was. Under the clock of the lists: no entry changes between reading and deciding."""
    try:
        with transaction.atomic():
            hold_still()
            now = Item.objects.select_for_update(no_key=True).get(pk=item.pk)  # looks refer to it
            grounds = [
                (media, entry)
                for media in pictures(latest_look(item))
                if (entry := _entry_for(media)) is not None
            ]
            if now.stands_alone or not grounds:
                return 0
            if item.assessments.exists() or item.opinions.exists():
                return 0
            _decide(item, grounds)
    except Stale:
        return 0  # a colleague was quicker
    return 1


def _entry_for(media: Media) -> ListedHash | None:
    """The entry that confirms this picture, if nothing speaks against it.

    Against it speak: a judgement of ours of the same bytes that does not confirm (though another
    does), and an entry of any list, with the same value, that we dispute or whose owner says that
    it is harmless: see `spoken_against`.
    """
    values = {kind: value for kind, value in values_of(media).items() if kind in CRYPTOGRAPHIC}
    found = list(listed(values))
    judged = of_bytes([media.sha256]).get(media.sha256)
    if judged and judged.said - CONFIRMING:
        return None
    if spoken_against(values.items()):
        return None
    order = {kind.value: n for n, kind in enumerate(SERIOUS_FIRST)}
    confirming = [entry for entry in found if may_confirm(entry)]
    return min(confirming, key=lambda entry: order[entry.classification], default=None)


def _decide(item: Item, grounds: list[tuple[Media, ListedHash]]) -> None:
    said = {entry.classification for _, entry in grounds}
    classification = next(kind for kind in SERIOUS_FIRST if kind in said)
    assessment = Assessment.objects.create(
        item=item,
        look=grounds[0][0].look,
        by=None,
        at=clock.now(),
        round=item.round,
        classification=classification,
    )
    AssessedPicture.objects.bulk_create(
        AssessedPicture(
            assessment=assessment,
            media=media,
            sha256=media.sha256,
            pdq=media.pdq,
            seen=False,
            listed=entry,
            distance=0,
        )
        for media, entry in grounds
    )
    for _, entry in grounds:
        append(
            Verb.ITEM_RECOGNISED,
            item.subject,
            POLICY,
            assessment=assessment.pk,
            list=entry.list.subject,
            entry=entry.pk,
            kind=entry.kind,
            classification=entry.classification,
        )
    move_item(item, Move.CONFIRM, POLICY, classification=classification, due_at=None)
