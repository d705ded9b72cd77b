"""Making and revoking the keys of trusted senders (desk and command line)."""

from django.db import transaction

from vigie.intake.doors.keys import hash_of, new_key
from vigie.intake.doors.models import Sender
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock


class AlreadyRevoked(Exception):
    """There is no such sender any more, or there never was."""


def add_sender(name: str, by: str) -> tuple[Sender, str]:
    """A new trusted sender and its key, which is shown this once and kept nowhere.

    The journal is written first of the two databases: a crash between them leaves a line too many
    there, never a key that nobody knows of.
    """
    key = new_key()
    with transaction.atomic(using="front"):
        sender = Sender.objects.create(name=name, key_hash=hash_of(key), made_at=clock.now())
        append(Verb.SENDER_ADDED, sender.subject, by)
    return sender, key


def revoke_sender(number: int, by: str) -> None:
    """Its key opens nothing from now on. What it sent stays. Raises `AlreadyRevoked`."""
    with transaction.atomic(using="front"):
        valid = Sender.objects.filter(pk=number, revoked_at=None)
        if valid.update(revoked_at=clock.now()) != 1:
            raise AlreadyRevoked(number)
        append(Verb.SENDER_REVOKED, f"sender:{number}", by)
