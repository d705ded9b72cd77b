"""What people do on the desk: decide, end. (Looking: `looking`. Opening again: `reopening`.)"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from vigie.cases.claims import in_hand, let_go
from vigie.cases.deciding import danger, opinions
from vigie.cases.deciding.chosen import chosen_of, in_vain
from vigie.cases.deciding.decision import Decision as Decision
from vigie.cases.deciding.opinions import NotTheirTurn, Turn
from vigie.cases.deciding.schema import says_young, schema
from vigie.cases.deciding.unsaid import NotSeen as NotSeen
from vigie.cases.deciding.unsaid import ReasonNeeded as ReasonNeeded
from vigie.cases.deciding.unsaid import Unsaid, unsaid
from vigie.cases.looks.looking import view_picture as view_picture
from vigie.cases.looks.seen import Sight, Stills, last_seen, sights_of, stills_seen
from vigie.cases.models import (
    CONFIRMING,
    OF_CONTENT,
    Answer,
    AssessedPicture,
    Assessment,
    Classification,
    Opinion,
)
from vigie.cases.welfare.exposure import weigh
from vigie.items import errands
from vigie.items.flow import Move, Stale, State, target
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.words import in_words
from vigie.matching.judged import of_bytes
from vigie.matching.lists.writing import hold_still
from vigie.matching.services import remember
from vigie.staff.models import User
from vigie.staff.permissions import Permission
from vigie.tracing.models import Look
from vigie.tracing.selectors import content_of, known_of, latest_look, pictures


def assess(
    item: Item, by: User, decision: Decision, applied: Assessment | None = None
) -> Assessment | Opinion:
    """Decide. Bound to the look the person had before them, and to the bytes they saw.

    1. A newer look that met something else, or a colleague's decision, meanwhile: `Stale`;
       nothing is written.
    2. Each picture named was seen by this person, here or as the same bytes elsewhere (`seen`), or
       may be decided so without a look (`NotSeen` otherwise); what is kept is the hash of what was
       seen, not of what the worker found.
       What is said of the content and names none takes a reason (`ReasonNeeded`): it is decided
       on words alone. So does what closes the item over pictures that it passes over; and what
       is known as abuse closes no item unseen (`unsaid`). What closes a danger takes one too, and
       that they opened what reporters wrote (`danger`).
    3. Where the policy wants two, the first and a second that differs are kept as opinions
       (`opinions`), and the item goes on waiting. `NotTheirTurn` for whoever cannot add to it.
    4. Otherwise the item moves. What was seen is remembered as judged; what was not seen is not,
       for that would be a judgement along a chain; nor is a video that does not confirm, of which
       some stills alone were seen. Where people judged the same bytes differently,
       a lead who names them settles it, with a reason.

    ``applied``: the decision that this one repeats (`together`). `InOtherHands` where a colleague
    has taken the item up meanwhile; nothing is written.
    """
    in_hand(item, by)
    decision = decision.fitting()
    move = Move.CONFIRM if decision.classification in CONFIRMING else Move.DISMISS
    target(move, State(item.state))
    look = latest_look(item)
    before = item.looks.filter(pk=decision.look_id or 0).first()
    if content_of(look) != content_of(before):
        raise Stale(item.reference)
    with transaction.atomic():
        hold_still()
        now = Item.objects.select_for_update(no_key=True).get(pk=item.pk)  # looks refer to it
        if (now.state, now.round) != (item.state, item.round):
            raise Stale(item.reference)
        if applied and (now.danger or (now.stands_alone and not item.stands_alone)):
            raise Stale(item.reference)  # a report came meanwhile: it is opened by itself
        item.danger, item.words_came = now.danger, now.words_came
        danger.ask(item, by, decision)
        made = _weighed(item, by, look, decision, applied)
        let_go(by, item)
    return made


def _weighed(
    item: Item, by: User, look: Look | None, decision: Decision, applied: Assessment | None
) -> Assessment | Opinion:
    """The decision, if it stands by this; else the opinion that was kept."""
    media = list(pictures(look))
    verdicts = known_of(media)
    shown = list(zip(media, verdicts, strict=True))
    sights = sights_of(item, media, verdicts, by.pk)
    seen, stills = last_seen(sights), stills_seen(sights)
    chosen = chosen_of(item, shown, decision, seen)
    passed = Unsaid()
    if not applied:
        passed = unsaid(shown, decision, chosen, seen, in_vain(item, by), stills)
    found = opinions.standing(item, look, by)
    given = found.opinions
    if given and applied:
        raise Stale(item.reference)  # two people have it in hand: not decided in passing
    if found.anew or (found.turn is Turn.SECOND and opinions.other_bytes(given[0], chosen)):
        opinions.set_aside(item, by)
        found, given = opinions.Standing(Turn.FIRST), ()
    if found.turn in (Turn.WAITS, Turn.LEAD):
        raise NotTheirTurn(found.turn)
    settles = set() if applied else _settles(by, decision, chosen)
    if (found.turn is Turn.SETTLE or settles) and not in_words(decision.reason):
        raise ReasonNeeded("settle")
    passed.ask(decision.reason)
    if found.turn is Turn.SECOND:
        second = opinions.give(item, by, look, decision, chosen, 2, given[0].why)
        both = opinions.agreed(given[0], decision, chosen)
        if both is None:
            return second
        given, (decision, chosen) = (*given, second), both
    elif found.turn is Turn.FIRST and not applied:
        whole, against = not passed.said(), bool(passed.against)
        why = opinions.why_two(item, decision, chosen, whole=whole, against=against)
        if why:
            return opinions.give(item, by, look, decision, chosen, 1, why)
    lay = _Found(look, seen, stills, chosen, passed, settles)
    return _stand(item, by, lay, decision, applied, given)


@dataclass(frozen=True)
class _Found:
    """What lay before the person: the look, what they saw of it, what they decided about, what they
    passed over, and what of it they settle (see `_settles`)."""

    look: Look | None
    seen: dict[str, Sight]
    stills: dict[str, Stills]
    chosen: list[AssessedPicture]
    passed: Unsaid
    settles: set[str]


def _stand(
    item: Item,
    by: User,
    found: _Found,
    decision: Decision,
    applied: Assessment | None,
    given: tuple[Opinion, ...],
) -> Assessment:
    """The decision stands, and the item moves."""
    assessment = _write(item, by, found, decision, applied, given)
    kind = decision.classification
    weigh(item, kind)
    if kind == Classification.OUT_OF_REMIT:
        errands.hand_over(item, decision.hand_over_to, by.actor)
    else:
        errands.call_off(item, by.actor)
    if kind in CONFIRMING:
        move_item(item, Move.CONFIRM, by.actor, classification=kind, due_at=None)
    else:
        move_item(item, Move.DISMISS, by.actor, outcome=kind, due_at=None)
    return assessment


def _write(
    item: Item,
    by: User,
    found: _Found,
    decision: Decision,
    applied: Assessment | None,
    given: tuple[Opinion, ...],
) -> Assessment:
    """The decision with its pictures, what is remembered of them, and the journal's line."""
    chosen, closes = found.chosen, danger.closes_danger(item, decision)
    assessment = Assessment.objects.create(
        item=item,
        look=found.look,
        by=by,
        at=clock.now(),
        round=item.round,
        classification=decision.classification,
        reason=decision.reason,
        hand_over_to=decision.hand_over_to,
        schema=schema().version,
        applied=applied,
        against=len(found.passed.against),
        danger=closes,
        unopened=closes and not danger.has_opened(item, by),
    )
    Answer.objects.bulk_create(
        Answer(assessment=assessment, question=question, code=code)
        for question, codes in decision.answers.items()
        for code in codes
    )
    if says_young(decision.answers):
        Item.objects.filter(pk=item.pk).update(young=True)
    opinions.became(given, assessment)
    for picture in chosen:
        picture.assessment = assessment
    AssessedPicture.objects.bulk_create(chosen)
    judged = [
        _values(picture, found.seen[picture.media.sha256])
        for picture in chosen
        if _was_judged(picture, found, decision)
    ]
    if judged:
        remember(judged, decision.classification, item.pk, found.settles)
    _say(assessment, by, found, decision, given)
    return assessment


def _was_judged(picture: AssessedPicture, found: _Found, decision: Decision) -> bool:
    """Was it seen, and so much of it? What a video is not, some of its stills do not tell."""
    if not picture.seen or decision.classification in CONFIRMING or not picture.media.is_video:
        return picture.seen
    stills = found.stills.get(picture.media.sha256)
    return bool(stills and stills.whole and stills.sha256 == picture.sha256)


def _settles(by: User, decision: Decision, chosen: Sequence[AssessedPicture]) -> set[str]:
    """The bytes that people judged differently, and a lead says what they show (`judged`)."""
    if not by.may(Permission.REOPEN) or decision.classification not in OF_CONTENT:
        return set()
    before = of_bytes(picture.sha256 for picture in chosen if picture.seen)
    return {sha256 for sha256, row in before.items() if row.otherwise}


def _say(
    made: Assessment, by: User, found: _Found, decision: Decision, given: tuple[Opinion, ...]
) -> None:
    """The journal's line: numbers, never what a picture shows."""
    unseen = sum(not picture.seen for picture in found.chosen)
    outlines = sum(picture.outlines for picture in found.chosen)
    elsewhere = sum(picture.seen_in_id is not None for picture in found.chosen)
    settled = sum(
        picture.sha256 in found.settles and _was_judged(picture, found, decision)
        for picture in found.chosen
    )
    append(
        Verb.ITEM_ASSESSED,
        made.item.subject,
        by.actor,
        assessment=made.pk,
        classification=str(decision.classification),
        pictures=len(found.chosen),
        **({"applied": made.applied_id} if made.applied_id else {}),
        **({"on_words": True} if found.passed.on_words else {}),
        **found.passed.said(),
        **({"danger": True} if made.danger else {}),
        **({"unopened": True} if made.unopened else {}),
        **({"unseen": unseen} if unseen else {}),
        **({"outlines": outlines} if outlines else {}),
        **({"elsewhere": elsewhere} if elsewhere else {}),
        **({"settled": settled} if settled else {}),
        **opinions.said(given),
    )


def _values(picture: AssessedPicture, seen: Sight) -> dict[str, str]:
    return {"md5": seen.md5, "sha1": seen.sha1, "sha256": picture.sha256, "pdq": picture.pdq}


def conclude(item: Item, by: User) -> Item:
    """A lead ends what cannot be watched, or was left to others."""
    return move_item(item, Move.CONCLUDE, by.actor, outcome="left_to_others", due_at=None)
