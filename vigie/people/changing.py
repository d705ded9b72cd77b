"""A colleague gets another role or mail address. They are told, at the old address and the new.

Where the present or the new role confirms acts of others, or sees reported addresses, it takes two
people, none of them the person: else one would make their own second person, or unmake somebody
else's.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.people import four_eyes
from vigie.people.four_eyes import CannotBeDone, Kind, SamePerson
from vigie.people.invitations import BY_TWO
from vigie.people.letters import write_letter
from vigie.people.models import PendingAct
from vigie.people.sessions import end_all
from vigie.staff.models import User
from vigie.staff.permissions import ROLE_NAMES, Permission, Role


class NothingChanges(Exception):
    """They have this role and this address."""


def takes_two(user: User, role: Role) -> bool:
    return bool({role, Role(user.role)} & BY_TWO)


def change(user: User, role: Role, email: str, reason: str, by: User) -> PendingAct | None:
    """None: it is done. Otherwise a second person has to confirm it.

    Raises `NothingChanges`, `SamePerson`, `CannotBeDone` for who has left, and where another change
    of theirs waits: of two, the one that is confirmed first would make the other untrue.
    """
    if user == by:
        raise SamePerson
    if not user.is_active:
        raise CannotBeDone(gettext("They have left."))
    if (role, email) == (user.role, user.email):
        raise NothingChanges
    if not takes_two(user, role):
        with transaction.atomic():
            _change(user.pk, user.role, role, email, by)
        return None
    mail = email != user.email
    what = {"was": user.role, "role": role.value, "mail": mail}
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if four_eyes.waiting().filter(kind=KIND.name, person=user).exists():
            raise CannotBeDone(gettext("Another change of theirs waits for a second person."))
        text = email if mail else ""
        act = four_eyes.ask(KIND, by, reason, about=user.actor, person=user, text=text, what=what)
        with override(user.language):
            asked = gettext(
                "%(who)s asks for a change of your account at the desk; a second colleague has to "
                "confirm it.\n\n%(what)s\n\nIf you do not know of this, say so at once.\n"
            )
            said = {"who": by.name or by.username, "what": _said(user, role, mail)}
            _tell({user.email, email}, asked % said)
    return act


def _change(pk: int, was: str, role: Role, email: str, by: User) -> None:
    """Part of the caller's transaction. ``email`` '': as it is."""
    user = User.objects.select_for_update(no_key=True).filter(pk=pk, is_active=True).first()
    if user is None:
        raise CannotBeDone(gettext("They have left."))
    if user.role != was:
        raise CannotBeDone(gettext("Their role changed meanwhile."))
    old = user.email
    mail = bool(email) and email != old
    with override(user.language):
        done = gettext(
            "Your account at the desk was changed, and every session of yours has ended.\n\n"
            "%(what)s\n\nSign in again. If you do not know of this, say so at once.\n"
        )
        _tell({old, email}, done % {"what": _said(user, role, mail)})
    user.role, user.email = role, email or old
    user.save(update_fields=["role", "email"])
    end_all(user, by)
    append(Verb.STAFF_CHANGED, user.actor, by.actor, was=was, role=role.value, mail=mail)


def _said(user: User, role: Role, mail: bool) -> str:
    """What changes, in the language that is set; no address."""
    lines = []
    if role != user.role:
        roles = {"old": ROLE_NAMES[Role(user.role)], "new": ROLE_NAMES[role]}
        lines.append(gettext("Role: %(old)s → %(new)s") % roles)
    if mail:
        lines.append(gettext("The mail address is another one."))
    return "\n".join(lines)


def _tell(addresses: set[str], text: str) -> None:
    for address in sorted(addresses - {""}):
        write_letter(address, gettext("Your account at the desk"), text)


def _carry_out(act: PendingAct, by: User) -> None:
    _change(act.person_id or 0, act.what["was"], Role(act.what["role"]), act.text, by)
    PendingAct.objects.filter(pk=act.pk).update(text="")  # an address is kept in one place


def _shown(act: PendingAct) -> dict[str, Any]:
    was, role = act.what["was"], act.what["role"]
    return {
        "was": ROLE_NAMES[Role(was)] if was != role else "",
        "role": ROLE_NAMES[Role(role)],
        "email": act.text,
    }


KIND = Kind(
    name="account",
    words=_("Change a colleague’s role or mail address"),
    asks=Permission.STAFF_MANAGE,
    confirms=Permission.STAFF_RECOVER,
    template="people/_act_account.html",
    carry_out=_carry_out,
    shown=_shown,
)
