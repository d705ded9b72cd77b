"""A decision that is sent twice: the second time it is recognised, and nothing went wrong."""

from vigie.cases.deciding.decision import Decision
from vigie.cases.deciding.opinions import pending
from vigie.cases.models import Assessment, Opinion
from vigie.items.models import Item
from vigie.staff.models import User
from vigie.tracing.models import Media


def kept_already(item: Item, by: User, decision: Decision) -> Assessment | Opinion | None:
    """What this person gave in this round of the item, if it says the very same; else None."""
    now = Item.objects.get(pk=item.pk)  # as it is after the first time
    last = now.assessments.filter(round=now.round).first()
    given = pending().filter(item=item, by=by).first()
    if last and not given and last.stands:
        given = last.opinions.filter(by=by).first()
    if given:
        found = set(given.pictures.values_list("found", flat=True))
        same = _same(given, decision) and found == _hashes(item, decision)
        return (given.assessment or given) if same else None
    if last is None or last.by_id != by.pk or not last.stands:
        return None
    shown = set(last.pictures.values_list("media__sha256", flat=True))
    return last if _same(last, decision) and shown == _hashes(item, decision) else None


def _same(kept: Assessment | Opinion, decision: Decision) -> bool:
    said = (kept.classification, kept.reason, kept.hand_over_to)
    answers = {question: set(codes) for question, codes in kept.answered.items()}
    asked = {question: set(codes) for question, codes in decision.answers.items() if codes}
    wanted = (decision.classification, decision.reason, decision.hand_over_to)
    return said == wanted and answers == asked


def _hashes(item: Item, decision: Decision) -> set[str]:
    media = Media.objects.filter(look__item=item, pk__in=decision.picture_ids)
    return set(media.values_list("sha256", flat=True))
