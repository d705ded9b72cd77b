"""Telling an owner whether we agree with an entry: first here, then through the worker."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.lists.clients import ncmec, stopncii
from vigie.matching.lists.fetching import contract_of
from vigie.matching.lists.models import Feedback, HashList, ListedHash
from vigie.matching.lists.writing import tick
from vigie.people.models import PendingAct

State = ListedHash.State
Says = Feedback.Says
SENT = frozenset({HashList.Source.NCMEC, HashList.Source.STOPNCII})


def give_feedback(entry: ListedHash, says: str, by: str, act: PendingAct | None = None) -> bool:
    """Agree or dispute: the entry, with all its values. What is disputed no longer counts here.
    On the desk that takes two people (`disputing`); ``act`` is theirs.

    True if the program tells its owner; of a list that came as a file it can tell nobody.
    """
    with transaction.atomic():
        change, now = tick(), clock.now()
        values = list(values_of(entry))
        state = State.DISPUTED if says == Says.DISPUTE else State.ACTIVE
        standing = ListedHash.objects.filter(pk__in=[row.pk for row in values])
        standing = standing.exclude(state=State.WITHDRAWN).exclude(state=state)
        standing.update(state=state, change=change)
        given = [Feedback(entry=row, says=says, by=by, at=now, act=act) for row in values]
        for row in given:
            row.due_at = now if _is_sent(entry.list.source, row.entry.kind) else None
        Feedback.objects.bulk_create(given)
        of, count = entry.list.subject, len(values)
        append(Verb.FEEDBACK_GIVEN, of, by, entry=entry.pk, values=count, says=says)
    return any(row.due_at for row in given)


def _is_sent(source: str, kind: str) -> bool:
    return source in SENT and (source, kind) != ("ncmec", "sha256")


def values_of(entry: ListedHash) -> QuerySet[ListedHash]:
    """This value, and those that its owner gave together with it the last time.

    Not all under its number: files may begin their numbers anew, and an entry that was corrected
    has values that it had no more.
    """
    now = ListedHash.objects.get(pk=entry.pk)
    found = Q(pk=now.pk)
    if now.external_id:
        same = ("list_id", "member", "external_id", "last_seen")
        gone = Q(state=State.WITHDRAWN)
        beside = Q(**{name: getattr(now, name) for name in same})
        found |= beside & (gone if now.state == State.WITHDRAWN else ~gone)
    return ListedHash.objects.filter(found)


def others_count(entry: ListedHash) -> bool:
    """Does another value under its number still count, that came at another time?"""
    if not entry.external_id:
        return False
    same = {name: getattr(entry, name) for name in ("list_id", "member", "external_id")}
    counting = ListedHash.objects.filter(**same, state=State.ACTIVE)
    return counting.exclude(pk__in=values_of(entry).values("pk")).exists()


def send_feedback(row: Feedback) -> None:
    """Under a lease: tell the owner. A repeat says the same again, which changes nothing."""
    entry = row.entry
    contract = contract_of(entry.list.name)
    agree = row.says == Says.AGREE
    with contract.connect(settings.LEASE_SECONDS / 3, key="feedback_key") as partner:
        if contract.protocol == "ncmec":
            reason = contract.secrets.get("dispute_reason", "")
            ncmec.send_feedback(partner, entry.member, entry.external_id, entry.kind, agree, reason)
        else:
            stopncii.send_feedback(partner, entry.value, agree)
    with transaction.atomic():
        sent: datetime = clock.now()
        if Feedback.objects.filter(pk=row.pk, sent_at=None).update(sent_at=sent):
            append(Verb.FEEDBACK_SENT, entry.list.subject, "worker", entry=entry.pk, says=row.says)
