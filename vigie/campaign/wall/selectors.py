"""What hangs on the wall, and what waits for a person."""

from collections.abc import Sequence

from django.db.models import QuerySet

from vigie.campaign.wall.models import Card, CardPicture, Submission, WallCount

PAGE = 24
AT_A_TIME = 50


def wall(campaign: str, before: int | None = None, count: int = PAGE) -> list[Card]:
    """The newest cards; of those older than ``before`` if given. One more than ``count`` if any.

    By key, not by offset: the last page of a million is as fast as the first.
    """
    rows = Card.objects.filter(campaign=campaign).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    shown = ("slug", "language", "name", "alt", "colour", "small", "approved_on")
    return list(rows.only(*shown)[: count + 1])


def hung(before: int | None = None) -> list[Card]:
    """What hangs on all walls, the newest first, by key as `wall`; one more than `AT_A_TIME`."""
    rows = Card.objects.order_by("-id")
    return list((rows if before is None else rows.filter(id__lt=before))[: AT_A_TIME + 1])


def slug_in(address: str) -> str:
    """A card's name: the last part of its address, or the name alone. What is none finds none."""
    path = address.strip().partition("?")[0].partition("#")[0]
    return path.rstrip("/").rpartition("/")[2]


def wide_files(cards: Sequence[Card]) -> dict[int, str]:
    """The file of the picture that networks show, by the card's number."""
    files = CardPicture.objects.filter(card__in=cards, kind="wide")
    return dict(files.values_list("card_id", "file"))


def cards_on(campaign: str) -> int:
    row = WallCount.objects.filter(campaign=campaign).first()
    return row.cards if row else 0


def walls_with_cards() -> list[str]:
    """The campaigns of which cards hang, the newest wall first."""
    rows = WallCount.objects.filter(cards__gt=0).order_by("-id")
    return list(rows.values_list("campaign", flat=True))


def waiting() -> "QuerySet[Submission]":
    """What a person may decide on, the oldest first; the pictures' bytes stay where they are."""
    rows = Submission.objects.filter(state="waiting").order_by("arrived_hour", "id")
    return rows.defer("page", "parts", "small", "card", "wide")
