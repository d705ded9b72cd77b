"""The kinds of data that end: which rows are due, as a query, and what erasing one means.

The journal is not among them: it holds ids and outcomes only, and is kept. Subscribers stay until
they leave; unconfirmed ones, and cards that nobody has approved, end by the campaign's own rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vigie.campaign.wall.models import Card, Escalation
from vigie.campaign.wall.services import recount
from vigie.cases.models import Assessment, Note, Opinion, OpinionPicture, View, Wish
from vigie.dispatch.models import Notice
from vigie.intake.models import Addition, Report, ShownQuestion, ShownReceipt
from vigie.items.flow import ENDED
from vigie.items.models import Item, Mention, Question, ReceiptCourse
from vigie.keeping.models import Hold
from vigie.lib.clock import week_of
from vigie.people.models import KnownSession
from vigie.tracing.models import Hosting, Look, Media, MediaPart
from vigie.tracing.selectors import VALUES

OVER = [state.value for state in ENDED]
_STANDING = Hold.objects.filter(lifted_at=None)


@dataclass(frozen=True)
class Kind:
    """``due``: rows whose clock stood still since before the moment, and which nothing holds.

    ``erase`` is part of the caller's transaction. ``afterwards``: in the front database, once that
    transaction stands; safe to do twice, and done again when it was not reached. ``usual``: days
    that hold where a policy (an older one, say) says nothing of it; None: then it stays.
    """

    name: str
    words: Promise
    clock: Promise
    due: Callable[[datetime], QuerySet[Any]]
    erase: Callable[[Sequence[Any]], None]
    afterwards: Callable[[Sequence[Any]], None] = lambda keys: None
    usual: int | None = None


def _item_kept(item: str) -> Q:
    """The police, or a person with a reason, hold the item in this column; or a report of it."""
    held = Item.objects.filter(pk=OuterRef(item), held=True)
    by_report = Mention.objects.filter(
        item=OuterRef(item), report__in=_STANDING.exclude(report=None).values("report")
    )
    by_item = _STANDING.filter(item=OuterRef(item))
    return Q(Exists(held)) | Q(Exists(by_item)) | Q(Exists(by_report))


def _report_kept() -> Q:
    """The report is held, or speaks of an item that is held or still on the road."""
    speaks = Mention.objects.filter(report=OuterRef("pk"))
    held = Q(item__held=True) | Q(item__in=_STANDING.exclude(item=None).values("item"))
    on_the_road = speaks.exclude(item__state__in=OVER)
    own = _STANDING.filter(report=OuterRef("pk"))
    return Q(Exists(own)) | Q(Exists(speaks.filter(held))) | Q(Exists(on_the_road))


def _words_due(before: datetime) -> "QuerySet[Report]":
    there = (
        ~Q(words=b"")
        | Exists(Addition.objects.filter(report=OuterRef("pk")))
        | Exists(Question.objects.filter(report=OuterRef("pk")))
    )
    return Report.objects.filter(there, last_word_at__lt=before).exclude(_report_kept())


def _erase_words(reports: Sequence[int]) -> None:
    # That they are in the picture themselves is part of what they said.
    Report.objects.filter(pk__in=reports).update(words=b"", own=False)
    Addition.objects.filter(report__in=reports).delete()
    Question.objects.filter(report__in=reports).delete()


def _receipts_due(before: datetime) -> "QuerySet[ShownReceipt]":
    """Closed ones, held or not: a code that outlives the others would tell of the hold."""
    return ShownReceipt.objects.filter(course="closed", week__lt=week_of(before))


def _erase_receipts(hashes: Sequence[bytes]) -> None:
    ReceiptCourse.objects.filter(hash__in=hashes).delete()


def _erase_shown(hashes: Sequence[bytes]) -> None:
    ShownQuestion.objects.filter(receipt__in=hashes).delete()
    ShownReceipt.objects.filter(hash__in=hashes).delete()


def _items_due(before: datetime) -> "QuerySet[Item]":
    late = Mention.objects.filter(item=OuterRef("pk"), report__last_word_at__gte=before)
    old = {"created_at__lt": before, "changed_at__lt": before}  # the first has an index
    ended = Item.objects.filter(state__in=OVER, lease_until=None, **old)
    return ended.filter(~Exists(late)).exclude(locator=b"").exclude(_item_kept("pk"))


def _erase_items(items: Sequence[int]) -> None:
    """The place and the evidence. States, dates, decisions and judged hashes stay."""
    looks = Look.objects.filter(item__in=items)
    Hosting.objects.filter(look__item__in=items).delete()
    MediaPart.objects.filter(media__look__item__in=items).delete()
    Media.objects.filter(look__item__in=items).update(**dict.fromkeys(VALUES, ""), url=b"")
    looks.update(final_url=None, sha256="")
    for kind in (Assessment, Opinion):
        kind.objects.filter(item__in=items).update(reason="", hand_over_to="")
    Assessment.objects.filter(item__in=items).update(taken_back_why="")
    OpinionPicture.objects.filter(opinion__item__in=items).delete()
    Note.objects.filter(item__in=items).delete()
    for pk in items:
        # Reported again it is a new item: nothing says that it was known.
        gone = {"locator": b"", "domain_hash": None, "due_at": None, "country": ""}
        Item.objects.filter(pk=pk).update(**gone, locator_hash=f"erased {pk}".encode())


def _notices_due(before: datetime) -> "QuerySet[Notice]":
    over = [Notice.Step.SENT, Notice.Step.WITHDRAWN]
    sent = Notice.objects.filter(step__in=over, sent_at__lt=before)
    there = sent.exclude(recipient="", found_in="").filter(item__state__in=OVER)
    return there.exclude(_item_kept("item"))


def _erase_notices(notices: Sequence[int]) -> None:
    Notice.objects.filter(pk__in=notices).update(recipient="", found_in="")


def _views_due(before: datetime) -> "QuerySet[View]":
    """Not of what is still on the road: a decision rests on what its analyst has seen."""
    found = View.objects.filter(at__lt=before, item__state__in=OVER)
    return found.exclude(_item_kept("item"))


def _erase_views(views: Sequence[int]) -> None:
    View.objects.filter(pk__in=views).delete()


def _wishes_due(before: datetime) -> "QuerySet[Wish]":
    return Wish.objects.filter(by__is_active=False, used_on__lt=before.date())


def _erase_wishes(people: Sequence[int]) -> None:
    Wish.objects.filter(pk__in=people).delete()


def _sessions_due(before: datetime) -> "QuerySet[Session]":
    return Session.objects.filter(expire_date__lt=before)


def _erase_sessions(sessions: Sequence[str]) -> None:
    Session.objects.filter(pk__in=sessions).delete()
    KnownSession.objects.filter(pk__in=sessions).delete()


def _cards_due(before: datetime) -> "QuerySet[Card]":
    return Card.objects.filter(approved_on__lt=before.date())


def _erase_cards(cards: Sequence[int]) -> None:
    Card.objects.filter(pk__in=cards).delete()
    recount()


def _escalations_due(before: datetime) -> "QuerySet[Escalation]":
    return Escalation.objects.filter(at__lt=before).exclude(told_at=None)


def _erase_escalations(escalations: Sequence[int]) -> None:
    Escalation.objects.filter(pk__in=escalations).delete()


KINDS = [
    Kind(
        "words",
        _("What reporters wrote, and questions to them"),
        _("the reporter’s last message; not while an item of it is on the road"),
        _words_due,
        _erase_words,
    ),
    Kind(
        "receipts",
        _("Codes, and what they show"),
        _("the week in which the code began to show the last step"),
        _receipts_due,
        _erase_receipts,
        _erase_shown,
    ),
    Kind(
        "items",
        _("Addresses, what was found there, and notes about them"),
        _("the item’s end, or a later message about it"),
        _items_due,
        _erase_items,
    ),
    Kind(
        "notices",
        _("To whom notices were sent"),
        _("the day it was sent; not while the item is on the road"),
        _notices_due,
        _erase_notices,
    ),
    Kind(
        "views",
        _("Who looked at which still"),
        _("the look; not while the item is on the road"),
        _views_due,
        _erase_views,
    ),
    Kind(
        "wishes",
        _("How somebody who left wanted stills to be shown"),
        _("the last day it was used"),
        _wishes_due,
        _erase_wishes,
        usual=30,
    ),
    Kind(
        "cards",
        _("Cards on the wall"),
        _("the day a person approved the card; its supporter may take it off at any time"),
        _cards_due,
        lambda cards: None,
        _erase_cards,
    ),
    Kind(
        "escalations",
        _("Hashes of pictures set aside, before the wall or off it"),
        _("the hour it was set aside; not before the leads were told"),
        _escalations_due,
        _erase_escalations,
    ),
    Kind(
        "sessions", _("Ended sign-ins"), _("the end of the session"), _sessions_due, _erase_sessions
    ),
]
BY_NAME = {kind.name: kind for kind in KINDS}
