"""Whether and how the worker may go out: the sandbox, or the operator's recorded mandate."""

import functools
import os

from django.conf import settings
from django.db import transaction

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.fetch import Egress
from vigie.tracing.models import Mandate


@functools.cache
def egress() -> Egress:
    return Egress.from_environ(os.environ)


def may_fetch() -> bool:
    """Off until the operator has recorded the legal mandate and the route; the sandbox is free."""
    return settings.SANDBOX or Mandate.objects.filter(withdrawn_at=None).exists()


def record_mandate(basis: str, reference: str, route: str, by: str) -> Mandate:
    """Write down why this system may fetch, and by which way it goes out. Opens fetching."""
    with transaction.atomic():
        mandate = Mandate.objects.create(
            basis=basis,
            reference=reference,
            egress=route,
            recorded_by=by,
            recorded_at=clock.now(),
        )
        append(Verb.MANDATE_RECORDED, f"mandate:{mandate.pk}", by)
    return mandate


def withdraw_mandates(by: str) -> None:
    """Close fetching, at once."""
    with transaction.atomic():
        for mandate in Mandate.objects.filter(withdrawn_at=None):
            Mandate.objects.filter(pk=mandate.pk).update(withdrawn_at=clock.now())
            append(Verb.MANDATE_WITHDRAWN, f"mandate:{mandate.pk}", by)
