"""How far two people who assess the same item say the same, question by question."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vigie.cases.deciding.kappa import ENOUGH, Kappa, Pair, kappa
from vigie.cases.deciding.schema import schema
from vigie.cases.models import OF_CONTENT, Classification, Opinion
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

Both = tuple[Opinion, Opinion]


@dataclass(frozen=True)
class Line:
    """One question. ``kappa``: None where there are too few pairs, or it is not defined."""

    question: str
    pairs: int
    alike: int
    kappa: Kappa | None
    one_only: int = 0  # only one of both answered it

    @property
    def too_few(self) -> bool:
        return self.pairs < ENOUGH


@requires(Permission.AGREEMENT_READ)
@require_GET
def agreement(request: StaffRequest) -> HttpResponse:
    """Per question, of all pairs and of those that were drawn; and what is assessed twice."""
    both = pairs_of(Opinion.objects.filter(schema=schema().version, set_aside_at=None))
    context = {
        "policy": settings.ORGANISATION.second,
        "decisions": [Classification(c).label for c in settings.ORGANISATION.second.decisions],
        "every": lines_of(both),
        "drawn": lines_of([pair for pair in both if pair[0].why == Opinion.Why.SHARE]),
        "set_aside": Opinion.objects.exclude(set_aside_at=None).count(),
        "waiting": Opinion.objects.filter(assessment=None, set_aside_at=None, place=1).count(),
        "enough": ENOUGH,
        "version": schema().version,
    }
    return render(request, "cases/agreement.html", context)


def pairs_of(opinions: QuerySet[Opinion]) -> list[Both]:
    """(first, second) of each item that two people assessed; what waits for its second is no pair.

    A second is written once there is a first, and both are set aside together: by the order of
    their numbers they follow each other.
    """
    found, first = [], {}
    for one in opinions.prefetch_related("answers", "pictures").order_by("pk"):
        if one.place == 1:
            first[one.item_id] = one
        elif one.item_id in first:
            found.append((first.pop(one.item_id), one))
    return found


def lines_of(both: list[Both]) -> list[Line]:
    lines = [_line(_("Assessment"), [_said(a, b) for a, b in both])]
    for question in schema().questions:
        asked = [
            (a.answered.get(question.code, ()), b.answered.get(question.code, ()))
            for a, b in both
            if {a.classification, b.classification} <= question.only_with
        ]
        told = [(_one(a), _one(b)) for a, b in asked if a and b]
        one_only = sum(bool(a) != bool(b) for a, b in asked)
        lines.append(_line(str(question.label), told, one_only))
    return lines


def _said(first: Opinion, second: Opinion) -> Pair:
    """Two that name different pictures speak of different things, whatever they say of them."""
    one, other = ({p.sha256 for p in given.pictures.all()} for given in (first, second))
    apart = first.classification in OF_CONTENT and (one or other) and not one & other
    elsewhere = f"{second.classification} elsewhere" if apart else second.classification
    return first.classification, elsewhere


def _one(codes: Iterable[str]) -> str:
    """Of a question with several answers the whole of them is one answer."""
    return " ".join(sorted(codes))


def _line(question: str, told: list[Pair], one_only: int = 0) -> Line:
    found = kappa(told) if len(told) >= ENOUGH else None
    return Line(question, len(told), sum(a == b for a, b in told), found, one_only)
