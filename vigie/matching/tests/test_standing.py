"""Which judgement of the same bytes stands: asked of few, and asked of all."""

from itertools import product
from random import Random

import pytest
from django.utils import timezone

from tests.factories import an_item
from vigie.matching import judged
from vigie.matching.models import JudgedHash

pytestmark = pytest.mark.django_db(databases="__all__")


def test_few_are_told_what_all_are_told():
    item, now = an_item("http://judged.test/"), timezone.now()
    kinds = list(product(["baseline", "national", "not_illegal"], [False, True], [None, now]))
    drawn = Random(7)
    for n in range(300):
        for said, settles, undone in drawn.choices(kinds, k=drawn.randint(1, 5)):
            JudgedHash.objects.create(
                sha256=f"{n:064}", classification=said, settles=settles, undone_at=undone,
                item=item, at=now,
            )  # fmt: skip
    every = {row.pk: (row.classification, row.otherwise) for row in judged.standing()}
    assert len(every) > 200 and {other for _said, other in every.values()} > {"", "baseline"}
    few = judged.of_bytes(f"{n:064}" for n in range(300)).values()
    assert {row.pk: (row.classification, row.otherwise) for row in few} == every
    numbers = set(JudgedHash.objects.values_list("pk", flat=True))
    by_number = judged.of_numbers(numbers).items()
    assert {pk: (row.classification, row.otherwise) for pk, row in by_number} == every
    some = set(list(every)[:3])
    assert judged.of_numbers(some).keys() == some
