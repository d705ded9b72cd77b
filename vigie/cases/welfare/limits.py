"""What the organisation demands of looking: how much in a day, and how stills are shown.

Two people set it on the desk (`limiting`); until they do, the organisation's file counts.
"""

from django.conf import settings

from vigie.cases.models.welfare import Limits
from vigie.cases.welfare.budget import Budget
from vigie.cases.welfare.manner import Manner


def present() -> Limits | None:
    """What was set on the desk; None: the file counts."""
    return Limits.objects.prefetch_related("weights").order_by("-pk").first()


def budget() -> Budget:
    found = present()
    return found.budget if found else settings.ORGANISATION.budget


def demanded() -> Manner:
    found = present()
    return found.manner if found else settings.ORGANISATION.manner
