"""Telling an owner whether we agree with an entry: first here, then through the worker."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.lists.clients import ncmec, stopncii
from vigie.matching.lists.fetching import contract_of
from vigie.matching.lists.models import Feedback, HashList, ListedHash
from vigie.matching.lists.writing import tick

State = ListedHash.State
Says = Feedback.Says
SENT = frozenset({HashList.Source.NCMEC, HashList.Source.STOPNCII})


def give_feedback(entry: ListedHash, says: str, by: str) -> Feedback:
    """Agree or dispute. A disputed entry no longer counts here; the owner hears of it.

    Of a list that came as a file nobody can be told by the program: the feedback stays here.
    """
    told = entry.list.source in SENT and (entry.list.source, entry.kind) != ("ncmec", "sha256")
    with transaction.atomic():
        change = tick()
        state = State.DISPUTED if says == Says.DISPUTE else State.ACTIVE
        standing = ListedHash.objects.filter(pk=entry.pk).exclude(state=State.WITHDRAWN)
        standing.exclude(state=state).update(state=state, change=change)
        given = Feedback.objects.create(
            entry=entry, says=says, by=by, at=clock.now(), due_at=clock.now() if told else None
        )
        append(Verb.FEEDBACK_GIVEN, entry.list.subject, by, entry=entry.pk, says=says)
    return given


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
