"""How many cards a kit brought, and nothing of whose."""

import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F

from vigie.campaign.kits.models import Kit, KitUse
from vigie.lib import clock
from vigie.lib.seal import keyed_hash

MOST = 500  # in one go


def count_use(code: str, once: uuid.UUID) -> None:
    """A card was made by way of this kit. The same page counts once; nobody is told apart."""
    if code and Kit.objects.filter(code=code, active=True).exists():
        use = KitUse(id=_number(code, once), code=code, week=clock.week_of(clock.now()))
        KitUse.objects.bulk_create([use], ignore_conflicts=True)


def _number(code: str, once: uuid.UUID) -> uuid.UUID:
    """Of a page and a kit, under the key: it stands nowhere else, so it leads to no card."""
    hashed = keyed_hash(settings.RECEIPT_KEY, "kit", f"{code}\0{once}")
    return uuid.UUID(bytes=hashed[:16])


def fold_uses() -> int:
    """The worker's part: of the weeks before this one only the sum is kept. How many went."""
    over = KitUse.objects.filter(week__lt=clock.week_of(clock.now()))
    with transaction.atomic(using="front"):
        # By what was read: a use that comes meanwhile is another round's.
        read = list(over.values_list("pk", flat=True)[:MOST])
        uses = KitUse.objects.filter(pk__in=read)
        for code, count in uses.values_list("code").annotate(Count("pk")).order_by():
            Kit.objects.filter(code=code).update(counted=F("counted") + count)
        return uses.delete()[0]
