"""A lost password or second factor: two people agree that it is taken away, and it is set anew.

The person is told by mail when it is asked and when it is done; neither of the two is the person.
"""

from enum import StrEnum
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.visible import visible
from vigie.people import four_eyes
from vigie.people.four_eyes import CannotBeDone, Kind
from vigie.people.letters import write_letter
from vigie.people.models import PendingAct
from vigie.people.sessions import end_all
from vigie.staff.models import User
from vigie.staff.permissions import Permission


class Lost(StrEnum):
    FACTOR = "factor"
    PASSWORD = "password"  # noqa: S105  a word
    BOTH = "both"


LOST_WORDS = {
    Lost.FACTOR: _("the second factor"),
    Lost.PASSWORD: _("the password"),
    Lost.BOTH: _("password and second factor"),
}


class NoAddress(Exception):
    """The person could not be told: no mail address is known for them."""


def ask_recovery(user: User, lost: Lost, reason: str, by: User) -> PendingAct:
    """Raises `NoAddress`, `CannotBeDone` for who has left, `four_eyes.SamePerson`."""
    if not user.is_active:
        raise CannotBeDone(gettext("They have left."))
    if not user.email:
        raise NoAddress
    with transaction.atomic():
        act = four_eyes.ask(KIND, by, reason, about=user.actor, person=user, what={"lost": lost})
        with override(user.language):
            _tell(
                user,
                gettext(
                    "%(who)s asks that this be taken away and set anew: %(lost)s. A second "
                    "colleague has to confirm it. If you did not ask for this, say so at once.\n"
                )
                % {"who": visible(by.name), "lost": LOST_WORDS[lost]},
            )
    return act


def _tell(user: User, text: str) -> None:
    write_letter(user.email, gettext("Your account at the desk"), text)


def _carry_out(act: PendingAct, by: User) -> None:
    lost, locked = act.what["lost"], User.objects.select_for_update(no_key=True)
    user = locked.filter(pk=act.person_id or 0, is_active=True).first()
    if user is None:
        raise CannotBeDone(gettext("They have left."))
    if lost != Lost.PASSWORD:
        Authenticator.objects.filter(user=user).delete()
    with override(user.language):
        text = gettext("Two colleagues have agreed; this was taken away: %(lost)s.\n")
        text = text % {"lost": LOST_WORDS[Lost(lost)]}
        if lost == Lost.FACTOR:
            text += gettext("Sign in with your password and set up a second factor.\n")
        else:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            text += gettext("This link lets you choose a new password, once, within 3 days:\n")
            text += f"\n{link_of(user)}\n\n"
        text += gettext("If you did not ask for this, say so at once.\n")
        _tell(user, text)
    end_all(user, by)
    append(Verb.STAFF_RECOVERED, user.actor, by.actor, lost=lost)


def link_of(user: User) -> str:
    token = default_token_generator.make_token(user)
    return settings.DESK_URL + reverse("choose_password", "config.desk_urls", [user.pk, token])


def of_link(pk: int, token: str) -> User | None:
    """Whose link this is, while it opens something: once, and for `PASSWORD_RESET_TIMEOUT`.

    Only for who has no password: a link is made for nobody else.
    """
    user = User.objects.filter(pk=pk, is_active=True).first()
    good = user and default_token_generator.check_token(user, token)
    return user if user and good and not user.has_usable_password() else None


def choose_password(pk: int, token: str, password: str) -> bool:
    """Of two who come with one link, one chooses."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).filter(pk=pk).first()
        user = of_link(pk, token)
        if user is None:
            return False
        user.set_password(password)
        user.save(update_fields=["password"])
        append(Verb.PASSWORD_CHOSEN, user.actor, user.actor)
    return True


def _shown(act: PendingAct) -> dict[str, Any]:
    return {"lost": LOST_WORDS[Lost(act.what["lost"])]}


KIND = Kind(
    name="recover",
    words=_("Set somebody’s account anew"),
    asks=Permission.STAFF_RECOVER,
    confirms=Permission.STAFF_RECOVER,
    template="people/_act_recover.html",
    carry_out=_carry_out,
    shown=_shown,
)
