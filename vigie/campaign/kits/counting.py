"""How many cards a kit brought, and nothing of whose."""

import uuid

from vigie.campaign.kits.models import Kit, KitUse
from vigie.lib import clock


def count_use(code: str, once: uuid.UUID) -> None:
    """A card was made by way of this kit. The same page counts once; nobody is told apart."""
    if code and Kit.objects.filter(code=code, active=True).exists():
        use = KitUse(id=once, code=code, week=clock.week_of(clock.now()))
        KitUse.objects.bulk_create([use], ignore_conflicts=True)
