"""What the organisation demands of looking: how much in a day, and how stills are shown."""

from django.conf import settings

from vigie.cases.budget import Budget
from vigie.cases.manner import Manner


def budget() -> Budget:
    found: Budget = settings.ORGANISATION.budget
    return found


def demanded() -> Manner:
    found: Manner = settings.ORGANISATION.manner
    return found
