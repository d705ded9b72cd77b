"""Somebody leaves: at once they can open nothing. Who comes back is invited anew."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.people.four_eyes import SamePerson
from vigie.people.sessions import end_all
from vigie.staff.models import User


def leave(user: User, by: User) -> bool:
    """Switch an account off; False if it was. Raises `SamePerson`: somebody must stay.

    What they had in hand is free: a claim of somebody who left does not count (`cases.claims`).
    What they had asked a second person for can no longer be confirmed (`four_eyes`).
    """
    if user == by:
        raise SamePerson
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            return False
        user.refresh_from_db()
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user).delete()
        user.teams.clear()
        ended = end_all(user, by)
        append(Verb.STAFF_LEFT, user.actor, by.actor, sessions=ended)
    return True
