"""What the organisation demands of looking: how much in a day, and how stills are shown.

Two people set it on the desk (`limiting`); until they do, the organisation's file counts.
"""

from django.conf import settings

from vigie.cases.models.welfare import Limits
from vigie.cases.welfare.budget import Budget
from vigie.cases.welfare.manner import Manner
from vigie.lib.prepared import Prepared


def present() -> Limits | None:
    """What was set on the desk; None: the file counts."""
    return _newest.first()


_newest = Prepared(lambda: Limits.objects.order_by("-pk")[:1])


def in_force() -> tuple[Budget, Manner]:
    """Both, by one question."""
    found = present() or settings.ORGANISATION
    return found.budget, found.manner


def budget() -> Budget:
    return in_force()[0]


def demanded() -> Manner:
    return in_force()[1]
