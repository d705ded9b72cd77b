"""The worker sends: an approved edition becomes deliveries, each delivery one letter."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from vigie.campaign.newsletter import letters
from vigie.campaign.newsletter.editions import State, count_one
from vigie.campaign.newsletter.models import Delivery, Edition, Proof, Subscriber
from vigie.campaign.newsletter.subscribing import erase
from vigie.campaign.newsletter.tallies import WORKER
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.mail import Courier, no_such_mailbox, refused_for_good

CHUNK = 1000
# As many editions in a row that find no such mailbox; one alone may be a server's mistake.
TIMES_UNREACHABLE = 3
KEPT_PROOF = timedelta(days=1)


def plan_deliveries() -> int:
    """A delivery for each confirmed subscriber of each approved edition, all of them or none."""
    planned = 0
    for pk in list(Edition.objects.filter(state=State.APPROVED).values_list("pk", flat=True)):
        with transaction.atomic():
            approved = Edition.objects.filter(pk=pk, state=State.APPROVED)
            if approved.update(state=State.SENDING) != 1:
                continue  # another worker plans it, or somebody stopped it
            made = sum(len(Delivery.objects.bulk_create(chunk)) for chunk in _deliveries(pk))
            Edition.objects.filter(pk=pk).update(planned=made)
        planned += made
    return planned


def _deliveries(edition: int) -> Iterator[list[Delivery]]:
    moment = clock.now()
    confirmed = Subscriber.objects.filter(state=Subscriber.State.CONFIRMED)
    readers = confirmed.values_list("pk", flat=True).iterator(CHUNK)
    while chunk := list(islice(readers, CHUNK)):
        yield [Delivery(edition_id=edition, subscriber_id=pk, due_at=moment) for pk in chunk]


def deliver(delivery: Delivery, by: Courier) -> None:
    """Send one letter, then forget that it was to be sent. After a crash: the same Message-ID."""
    message = letters.edition(delivery)
    try:
        by.send(message, letters.sender(), letters.recipient(message))
    except smtplib.SMTPRecipientsRefused as error:
        if not refused_for_good(error):
            raise
        _refused(delivery, no_such_mailbox(error))
    else:
        _sent(delivery)


def _sent(delivery: Delivery) -> None:
    with transaction.atomic():
        if _take_off(delivery):
            count_one(delivery.edition_id, "sent")
            reached = Subscriber.objects.filter(pk=delivery.subscriber_id, refusals__gt=0)
            reached.update(refusals=0)


def _refused(delivery: Delivery, no_mailbox: bool) -> None:
    """The server will never take it: no further try, and it is counted."""
    with transaction.atomic():
        if not _take_off(delivery):
            return
        count_one(delivery.edition_id, "refused")
        subscriber = (
            Subscriber.objects.select_for_update().filter(pk=delivery.subscriber_id).first()
        )
        if subscriber is None or not no_mailbox:
            return
        if subscriber.refusals + 1 >= TIMES_UNREACHABLE:
            erase(subscriber, "unreachable")
        else:
            Subscriber.objects.filter(pk=subscriber.pk).update(refusals=F("refusals") + 1)


def _take_off(delivery: Delivery) -> bool:
    """False when it was gone already: sent by another worker, stopped, or its reader left."""
    gone, _ = Delivery.objects.filter(pk=delivery.pk).delete()
    return gone == 1


def end_editions() -> int:
    """Nothing of it is left to send: the edition is sent."""
    left = Delivery.objects.filter(edition=OuterRef("pk"))
    ended = 0
    for edition in Edition.objects.filter(~Exists(left), state=State.SENDING):
        with transaction.atomic():
            sending = Edition.objects.filter(pk=edition.pk, state=State.SENDING)
            if sending.update(state=State.SENT, ended_at=clock.now()) != 1:
                continue
            counts = sending_counts(edition.pk)
            append(Verb.EDITION_SENT, edition.subject, WORKER, **counts)
        ended += 1
    return ended


def sending_counts(edition: int) -> dict[str, int]:
    """As they stand, read after the last letter."""
    found = Edition.objects.get(pk=edition)
    return {"planned": found.planned, "sent": found.sent, "refused": found.refused}


def send_proof(proof: Proof, by: Courier) -> datetime | None:
    """Send a test and forget its address; after a day of failures it is forgotten anyway."""
    if proof.asked_at + KEPT_PROOF > clock.now():
        message = letters.proof(proof)
        by.send(message, letters.sender(), letters.recipient(message))
    proof.delete()
    return None
