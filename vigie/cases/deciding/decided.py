"""What was decided about an item, and the opinions of two, in the words of their schemas."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from vigie.cases.deciding.avoided import with_views
from vigie.cases.deciding.opinions import Standing, Turn
from vigie.cases.deciding.schema import Vocabulary, Words, schema
from vigie.cases.models import OF_CONTENT, Assessment, Opinion
from vigie.items.models import Item
from vigie.lib.prepared import Prepared
from vigie.staff.models import User
from vigie.tracing.selectors import pictures


@dataclass(frozen=True)
class Decided:
    """A decision, in the words of its own version of the schema, and what others would say."""

    assessment: Assessment
    answers: list[tuple[Words, list[Words]]]
    elsewhere: list[tuple[Vocabulary, dict[str, object]]]
    applied: int  # items that were decided with it
    on_words: bool  # it says what is to be seen, of an item with pictures, and names none
    opinions: list["Given"]


def decisions_of(item: Item) -> list[Decided]:
    """All decisions about an item, the last first."""
    if not _any(item=item.pk):  # as of most that are opened: spares the long question
        return []
    found = item.assessments.select_related("by", "applied__item").prefetch_related(
        "answers",
        "opinions__by",
        "opinions__answers",
        "pictures__media",
        "pictures__seen_in",
        "pictures__judgement",
        "pictures__listed__list",
    )
    return [_decided(one) for one in with_views(found.annotate(with_it=Count("applied_to")))]


_any = Prepared(lambda item: Assessment.objects.filter(item=item).order_by().values_list("pk")[:1])


def _decided(one: Any) -> Decided:
    words, answers = schema(one.schema), one.answered
    elsewhere = words.said_elsewhere(one.classification, answers) if answers else []
    given = _in_words(one.opinions.all())
    unnamed = one.classification in OF_CONTENT and one.pictured and not one.pictures.all()
    return Decided(one, words.in_words(answers), elsewhere, one.with_it, unnamed, given)


@dataclass(frozen=True)
class Given:
    """One of two assessments, in the words of its own version of the schema."""

    opinion: Opinion
    answers: list[tuple[Words, list[Words]]]
    about: list[int]  # the numbers of its pictures


def opinions_shown(found: Standing, user: User) -> list[Given]:
    """Whoever settles what two say sees both; everybody else their own, and nothing else."""
    seen = [one for one in found.opinions if found.turn is Turn.SETTLE or one.by_id == user.pk]
    return _in_words(seen)


def _in_words(given: Iterable[Opinion]) -> list[Given]:
    return [Given(one, schema(one.schema).in_words(one.answered), _about(one)) for one in given]


def _about(opinion: Opinion) -> list[int]:
    found = opinion.pictures.values("found")
    shown = pictures(opinion.look).filter(sha256__in=found)
    return list(shown.order_by("position").values_list("position", flat=True))
