"""Keys of trusted providers (desk and command line), and what the worker writes of their asking."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Min, Sum

from vigie.intake.doors.keys import hash_of, new_key
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.lists.models import HashList
from vigie.matching.providers.models import PER_MINUTE, Asked, Probe, Provider

TOLD_AFTER = timedelta(minutes=10)  # one line for all that a provider asked in that time
MOST_AT_ONCE = 500  # rows, so that a statement stays short


class AlreadyRevoked(Exception):
    """There is no such provider any more, or there never was."""


def add_provider(
    name: str, lists: Sequence[HashList], by: str, per_minute: int = PER_MINUTE
) -> tuple[Provider, str]:
    """A new trusted provider and its key, which is shown this once and kept nowhere."""
    key = new_key()
    with transaction.atomic():
        provider = Provider.objects.create(
            name=name, key_hash=hash_of(key), per_minute=per_minute, made_at=clock.now()
        )
        provider.lists.set(lists)
        scope = " ".join(str(one.pk) for one in lists)
        append(Verb.PROVIDER_ADDED, provider.subject, by, lists=scope, per_minute=per_minute)
    return provider, key


def revoke_provider(number: int, by: str) -> None:
    """Its key opens nothing from now on. Raises `AlreadyRevoked`."""
    with transaction.atomic():
        valid = Provider.objects.filter(pk=number, revoked_at=None)
        if valid.update(revoked_at=clock.now()) != 1:
            raise AlreadyRevoked(number)
        append(Verb.PROVIDER_REVOKED, f"provider:{number}", by)


def see_probe(probe: Probe, by: str) -> bool:
    """Somebody has read the alarm; False if a colleague did before."""
    with transaction.atomic():
        if Probe.objects.filter(pk=probe.pk, seen_at=None).update(seen_at=clock.now()) != 1:
            return False
        append(Verb.PROBE_SEEN, probe.subject, by, provider=probe.provider_id)
    return True


def tell_journal() -> int:
    """The worker's part: what providers asked, a line for each of them now and then; and alarms.

    Rows and line change in one transaction: a crash between them counts nothing twice.
    """
    return _tell_asked() + _tell_probes()


def _tell_asked() -> int:
    waiting = Asked.objects.values("provider").annotate(first=Min("at")).order_by("provider")
    due = waiting.filter(first__lt=clock.now() - TOLD_AFTER).values_list("provider", flat=True)
    return sum(_tell_of(provider) for provider in list(due))


def _tell_of(provider: int) -> bool:
    """One line for up to MOST_AT_ONCE requests; False where another worker was quicker."""
    own = Asked.objects.filter(provider=provider).order_by("at").values_list("pk", flat=True)
    rows = Asked.objects.filter(pk__in=list(own[:MOST_AT_ONCE]))
    subject = f"provider:{provider}"
    with transaction.atomic():
        told = rows.aggregate(
            requests=Count("pk"), pictures=Sum("pictures"), found=Sum("found"), since=Min("at")
        )
        gone, _ = rows.delete()
        if not gone or gone != told["requests"]:
            transaction.set_rollback(True)
            return False
        told["since"] = told["since"].isoformat(timespec="minutes")
        append(Verb.MATCHES_ASKED, subject, subject, **told)
    return True


def _tell_probes() -> int:
    told = 0
    for probe in Probe.objects.filter(told=False):
        with transaction.atomic():
            if Probe.objects.filter(pk=probe.pk, told=False).update(told=True) == 1:
                counts = {name: getattr(probe, name) for name in ("variants", "found", "pictures")}
                provider = f"provider:{probe.provider_id}"
                append(Verb.LISTS_PROBED, probe.subject, provider, provider=provider, **counts)
                told += 1
    return told
