"""Somebody leaves: at once they can open nothing. Who comes back is invited anew.

The account of somebody who confirms acts of others is ended by two people, neither of them the
person: else one would be rid of whoever could refuse. Where nobody else is left who could confirm,
one is enough.
"""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.words import in_words
from vigie.people import four_eyes
from vigie.people.four_eyes import CannotBeDone, Kind, SamePerson
from vigie.people.invitations import CONFIRMS
from vigie.people.models import PendingAct
from vigie.people.sessions import end_all
from vigie.staff.models import User
from vigie.staff.permissions import Permission


class NoReason(Exception):
    """The second person has to know why."""


def takes_two(user: User, by: User) -> bool:
    confirming = User.objects.filter(role__in=CONFIRMS, is_active=True)
    return user.role in CONFIRMS and confirming.exclude(pk__in=[user.pk, by.pk]).exists()


def ask_leave(user: User, reason: str, by: User) -> PendingAct | None:
    """None: it is done. Otherwise a second person has to confirm it.

    Raises `SamePerson`, `NoReason`.
    """
    if user == by:
        raise SamePerson
    if not takes_two(user, by):
        leave(user, by)
        return None
    if not in_words(reason):
        raise NoReason
    return four_eyes.ask(KIND, by, reason, about=user.actor, person=user)


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


def _carry_out(act: PendingAct, by: User) -> None:
    user = User.objects.filter(pk=act.person_id or 0).first()
    if user is None or not leave(user, by):
        raise CannotBeDone(gettext("They have left."))


KIND = Kind(
    name="leave",
    words=_("End a colleague’s account"),
    asks=Permission.STAFF_MANAGE,
    confirms=Permission.STAFF_RECOVER,
    template="people/_act_leave.html",
    carry_out=_carry_out,
)
