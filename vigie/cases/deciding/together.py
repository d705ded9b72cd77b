"""What belongs to a decided item and still waits: one piece of work. Judged once, applied to all.

Nothing is applied along a chain: each item is compared with what a person judged, by the same
grounds as on its own page (`grounds`), and asked once more when it is decided.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from vigie.cases.claims import InOtherHands, holders
from vigie.cases.deciding.opinions import untouched
from vigie.cases.deciding.services import Decision, NotSeen, assess
from vigie.cases.looks.grounds import ground_of
from vigie.cases.models import CONFIRMING, Assessment
from vigie.cases.row_words import look_words
from vigie.items import keys
from vigie.items.flow import IllegalMove, Stale, State
from vigie.items.models import Item
from vigie.lib.fetch import Outcome
from vigie.matching.lists.writing import hold_still
from vigie.staff.models import User
from vigie.tracing.models import Look, Media, MediaPart
from vigie.tracing.selectors import known_of, latest_looks, pictures_of_each

NEAR_ITEMS = 5_000  # so many of what waits, from the head of the queue, are compared for likeness
AT_ONCE = 50  # items on one page, decided in one request


class Bond(StrEnum):
    PICTURE = "picture"  # the same, or near to the judged one
    PAGE = "page"  # of the same site or flood: the same page, byte for byte
    GONE = "gone"  # of the same site or flood: nothing is there, with the same answer


@dataclass(frozen=True)
class Fellow:
    """``about``: its pictures that may be decided so without a look. ``fits``: it can be applied.

    Where not: a person has to look at it, a colleague has it in hand, or a child is said to be in
    danger: that is opened by itself. ``ready``: ticked in advance; where it is somebody's own
    picture, or is closed with words that nobody opened, a person ticks it.
    """

    item: Item
    locator: str
    look: Look | None
    bond: Bond
    shown: list[Media]
    about: frozenset[int]
    fits: bool
    in_hand: str
    closing: bool

    @property
    def apart(self) -> bool:
        """To be opened first. To close it, somebody has to know what was written."""
        return self.item.stands_alone or (self.closing and self.item.has_unopened)

    @property
    def ready(self) -> bool:
        return self.fits and not self.apart

    @property
    def met(self) -> str:
        return look_words(self.look, self.shown, len(self.about))


def fellows(source: Assessment, by: User) -> list[Fellow]:
    """Items that wait and belong to this decision's item, in the order of the queue.

    `AT_ONCE` at most: when these are decided, the next are shown. ``by``: who would decide them.
    """
    alike = _alike(source) if source.pictures.exists() else set()
    around = [] if alike else list(_around(source)[:AT_ONCE])
    waiting = untouched(Item.objects.filter(state=State.TO_ASSESS).exclude(pk=source.item_id))
    found = list(waiting.filter(pk__in=alike).order_by("rank", "pk")[:AT_ONCE]) or around
    looks, closing = latest_looks(found), source.classification not in CONFIRMING
    shown = pictures_of_each(looks)
    verdicts = iter(known_of([media for media_of in shown for media in media_of]))
    held = holders(found, besides=by)
    made = []
    for item, look, media_of in zip(found, looks, shown, strict=True):
        known = [(media, ground_of(media, next(verdicts))) for media in media_of]
        about = {m.pk for m, g in known if g and g.classification == source.classification}
        if bond := _bond(source, look, media_of, alike=item.pk in alike):
            free = item.pk not in held and not item.danger
            fits = free and _fits(source, bond, len(media_of), len(about))
            where, hand = keys.shown(item.locator), held.get(item.pk, "")
            some = frozenset(about)
            made.append(Fellow(item, where, look, bond, media_of, some, fits, hand, closing))
    return made


def _fits(source: Assessment, bond: Bond, pictures: int, about: int) -> bool:
    """To confirm, one picture is enough; to close, all have to be known so."""
    if bond is not Bond.PICTURE:
        return True
    return about > 0 if source.classification in CONFIRMING else about == pictures > 0


def _bond(source: Assessment, look: Look | None, shown: list[Media], *, alike: bool) -> Bond | None:
    if alike:
        return Bond.PICTURE
    if shown or look is None or source.look is None or source.pictures.exists():
        return None
    answers = [(one.outcome, one.status) for one in (look, source.look)]
    if answers[0] != answers[1]:
        return None
    if answers[0] == (Outcome.OK, 200):
        return Bond.PAGE if look.sha256 and look.sha256 == source.look.sha256 else None
    return Bond.GONE if source.classification not in CONFIRMING else None


def _around(source: Assessment) -> QuerySet[Item]:
    """What waits of the same site or flood."""
    item = source.item
    same = Q(domain_hash=item.domain_hash) if item.domain_hash else Q(pk=None)
    if item.flood:
        same |= Q(flood=item.flood)
    waiting = Item.objects.filter(same, state=State.TO_ASSESS).exclude(pk=item.pk)
    return untouched(waiting).order_by("rank", "pk")


def _alike(source: Assessment) -> set[int]:
    """Items of which a look met bytes that were judged here, or a picture near to these."""
    judged = _judged(source)
    waiting = Item.objects.filter(state=State.TO_ASSESS)
    same = Media.objects.filter(sha256__in=[sha256 for sha256, _ in judged if sha256])
    found = set(same.filter(look__item__in=waiting).values_list("look__item", flat=True))
    head = list(waiting.order_by("rank", "pk").values_list("pk", flat=True)[:NEAR_ITEMS])
    values = [int(pdq, 16) for _, pdq in judged if pdq]
    for item, pdq in _pdqs(head) if values else ():
        if item not in found and _near(int(pdq, 16), values):
            found.add(item)
    return found


def _judged(source: Assessment) -> list[tuple[str, str]]:
    """(sha256, pdq) of what a person judged and this decision is about."""
    pictures = source.pictures.select_related("judgement")
    rows = [p.judgement or p for p in pictures if p.seen or p.judgement]
    return [(row.sha256, row.pdq) for row in rows]


def _pdqs(items: list[int]) -> Iterable[tuple[int, str]]:
    media = Media.objects.filter(look__item__in=items).exclude(pdq="")
    yield from media.values_list("look__item", "pdq")
    parts = MediaPart.objects.filter(media__look__item__in=items)
    yield from parts.values_list("media__look__item", "pdq")


def _near(value: int, judged: list[int]) -> bool:
    distance = settings.ORGANISATION.matching.own_distance
    return any((value ^ one).bit_count() <= distance for one in judged)


@dataclass(frozen=True)
class Applied:
    done: int
    left: int  # changed meanwhile, or in a colleague's hands


def apply(
    source: Assessment, chosen: Collection[int], by: User, by_hand: Collection[int] = ()
) -> Applied:
    """Decide these as ``source`` was decided: each a decision of its own, that says so.

    Of what is asked for, only what `fellows` calls ready at this moment (of what was ticked
    ``by_hand``, what fits); nothing more from the moment that ``source`` is taken back.
    """
    done = 0
    standing = Assessment.objects.select_related("item")
    found = fellows(source, by)
    wanted = [f for f in found if f.ready and f.item.pk in chosen]
    wanted += [f for f in found if f.fits and not f.ready and f.item.pk in by_hand]
    for fellow in wanted:
        decision = Decision(
            classification=source.kind,
            look_id=fellow.look.pk if fellow.look else None,
            reason=source.reason,
            hand_over_to=source.hand_over_to,
            picture_ids=fellow.about,
            answers=source.answered,
        )
        try:
            with transaction.atomic():
                hold_still()  # nobody takes it back meanwhile
                if not standing.get(pk=source.pk).stands:
                    break
                assess(fellow.item, by, decision, applied=source)
            done += 1
        except (Stale, IllegalMove, InOtherHands, NotSeen):
            continue
    return Applied(done, len({*chosen, *by_hand}) - done)
