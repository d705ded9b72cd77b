"""Two independent assessments of one item: whose turn it is, and what comes of both.

1. The first becomes an opinion; the item goes on waiting. Nothing tells what it said: no page, no
   line of the journal, nothing that is known of a picture.
2. Another person assesses it, bound to the same content. If that changed, both begin anew.
3. They agree: the second's decision stands, about the pictures that both judged. They differ: a
   lead decides, who sees both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from vigie.cases.deciding.danger import closes_danger
from vigie.cases.deciding.decision import Decision
from vigie.cases.deciding.schema import says_young, schema
from vigie.cases.models import (
    CONFIRMING,
    OF_CONTENT,
    AssessedPicture,
    Assessment,
    Opinion,
    OpinionAnswer,
    OpinionPicture,
    Route,
)
from vigie.cases.routes.routing import outcome_now
from vigie.items.models import Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.prepared import Prepared
from vigie.staff.models import User
from vigie.staff.permissions import Permission, Role
from vigie.tracing.models import Look
from vigie.tracing.selectors import content_of


class Turn(StrEnum):
    """What somebody may do with an item that waits for a decision."""

    FIRST = "first"
    SECOND = "second"
    WAITS = "waits"  # theirs is the first: a colleague has to assess it
    LEAD = "lead"  # two differ, and a lead decides
    SETTLE = "settle"  # two differ, and this person decides


class NotTheirTurn(Exception):
    """This person cannot decide here at present; why is in ``turn``."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(str(turn))
        self.turn = turn


@dataclass(frozen=True)
class Standing:
    """``anew``: there was a first assessment, of content that is no longer there."""

    turn: Turn
    opinions: tuple[Opinion, ...] = ()
    anew: bool = False


def pending() -> QuerySet[Opinion]:
    """Opinions of which no decision came yet."""
    return Opinion.objects.filter(assessment=None, set_aside_at=None)


def of_item() -> QuerySet[Opinion]:
    """The same, within a query of items."""
    return pending().filter(item=OuterRef("pk"))


def untouched(items: QuerySet[Item]) -> QuerySet[Item]:
    """Items that nobody has given an opinion on."""
    return items.exclude(Exists(of_item()))


def standing(item: Item, look: Look | None, by: User) -> Standing:
    """Whose turn it is, as this person finds it."""
    given = tuple(_given(item=item.pk))
    if not given:
        return Standing(Turn.FIRST)
    if any(content_of(one.look) != content_of(look) for one in given):
        return Standing(Turn.FIRST, given, anew=True)
    authors = {one.by_id for one in given}
    if len(given) == 1:
        return Standing(Turn.WAITS if by.pk in authors else Turn.SECOND, given)
    return Standing(Turn.SETTLE if _may_settle(by, authors) else Turn.LEAD, given)


_given = Prepared(lambda item: pending().filter(item=item))


def _may_settle(by: User, authors: set[int]) -> bool:
    """A lead who gave neither; one who did only where there is no other lead at all."""
    if not by.may(Permission.REOPEN):
        return False
    others = User.objects.filter(role=Role.LEAD, is_active=True).exclude(pk__in=authors)
    return by.pk not in authors or not others.exists()


def why_two(
    item: Item,
    decision: Decision,
    chosen: list[AssessedPicture],
    *,
    whole: bool = True,
    against: bool = False,
) -> str:
    """Why this decision needs a second person; '' if it does not.

    What is decided ``against`` what is known or listed as abuse does, and what closes a danger,
    wherever the policy asks for two of anything. What rests on known pictures alone, and passes
    over no other (``whole``), is not asked twice: what made them known was. The rules are asked
    anew: since the worker routed the item, if it did, something may have become known.
    """
    policy = settings.ORGANISATION.second
    grave = (against or closes_danger(item, decision)) and (policy.decisions or policy.share)
    if whole and chosen and not grave and not any(picture.seen for picture in chosen):
        return ""
    if policy.drawn(item.pk, item.round):
        return Opinion.Why.SHARE
    if grave or decision.classification in policy.decisions:
        return Opinion.Why.DECISION
    asked = Route.objects.filter(item=item, two=True).exists() or outcome_now(item).two
    return Opinion.Why.RULE if asked else ""


def give(
    item: Item,
    by: User,
    look: Look | None,
    decision: Decision,
    chosen: list[AssessedPicture],
    place: int,
    why: str,
) -> Opinion:
    """Keep an opinion. The journal says that there is one, and not what it says."""
    made = Opinion.objects.create(
        item=item,
        look=look,
        by=by,
        at=clock.now(),
        place=place,
        why=why,
        classification=decision.classification,
        reason=decision.reason,
        hand_over_to=decision.hand_over_to,
        schema=schema().version,
    )
    OpinionAnswer.objects.bulk_create(
        OpinionAnswer(opinion=made, question=question, code=code)
        for question, codes in decision.answers.items()
        for code in codes
    )
    OpinionPicture.objects.bulk_create(
        OpinionPicture(opinion=made, found=picture.media.sha256, sha256=picture.sha256)
        for picture in chosen
    )
    append(Verb.OPINION_GIVEN, item.subject, by.actor, opinion=made.pk)
    return made


def set_aside(item: Item, by: User) -> None:
    """The content changed: what was said of it is kept, and counts no more."""
    gone = pending().filter(item=item).update(set_aside_at=clock.now())
    if gone:
        append(Verb.OPINIONS_SET_ASIDE, item.subject, by.actor, count=gone)


def other_bytes(first: Opinion, chosen: list[AssessedPicture]) -> bool:
    """Were the two shown different bytes at the place of one picture?"""
    before = _bytes_of(first)
    return any(
        before.get(picture.media.sha256, picture.sha256) != picture.sha256 for picture in chosen
    )


def agreed(
    first: Opinion, decision: Decision, chosen: list[AssessedPicture]
) -> tuple[Decision, list[AssessedPicture]] | None:
    """What both say, about the pictures that both judged; None where they differ."""
    before = _bytes_of(first)
    both = [one for one in chosen if before.get(one.media.sha256) == one.sha256]
    alike = first.classification == decision.classification
    apart = decision.classification in OF_CONTENT and (before or chosen) and not both
    answers = first.answered
    same = all(
        set(answers.get(q, ())) == set(decision.answers.get(q, ()))
        for q in settings.ORGANISATION.second.agree_on
    )
    if not alike or apart or not same:
        return None
    return replace(decision, picture_ids=frozenset(one.media.pk for one in both)), both


def became(given: tuple[Opinion, ...], assessment: Assessment) -> None:
    """Both are kept with the decision that came of them."""
    Opinion.objects.filter(pk__in=[one.pk for one in given]).update(assessment=assessment)
    if any(says_young(one.answered) for one in given if one.classification in CONFIRMING):
        Item.objects.filter(pk=assessment.item_id).update(young=True)


def said(given: tuple[Opinion, ...]) -> Mapping[str, str]:
    """For the journal, once there is a decision: what each had said."""
    return {f"opinion_{one.place}": one.classification for one in given}


def _bytes_of(opinion: Opinion) -> dict[str, str]:
    return dict(opinion.pictures.values_list("found", "sha256"))
