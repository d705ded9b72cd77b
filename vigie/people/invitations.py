"""How a colleague comes in: a link that makes one account, once, within some days."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.people import four_eyes
from vigie.people.four_eyes import CannotBeDone, Kind
from vigie.people.letters import write_letter
from vigie.people.models import Invitation, PendingAct, Team
from vigie.staff.models import User
from vigie.staff.permissions import MAY, Permission, Role

DAYS = 7
# Who can be somebody's second person is let in by two: else one would invite their own. So is who
# sees reported addresses: else an administrator, who sees none, would invite themselves.
CONFIRMS = frozenset(role for role in Role if Permission.ACTS_READ in MAY[role])
BY_TWO = CONFIRMS | {role for role in Role if Permission.ITEMS_READ in MAY[role]}


class NotOpen(Exception):
    """The link was used, withdrawn, is too old, or never was."""


class NameTaken(Exception):
    """Somebody here has that name for signing in already."""


class AddressTaken(CannotBeDone):
    """A colleague has this mail address: one mailbox, one account."""

    def __init__(self) -> None:
        super().__init__(gettext("Somebody who works here has this mail address."))


def invite(email: str, role: Role, team: Team | None, language: str, by: User) -> Invitation | None:
    """Write to somebody; None where a second person has to confirm it first.

    Raises `AddressTaken`.
    """
    _refuse_taken(email)
    if role in BY_TWO:
        reason = gettext("A new colleague.")
        what = {"role": role.value, "language": language, "team": team.pk if team else None}
        four_eyes.ask(KIND, by, reason, text=email, what=what)
        return None
    return _invite(email, role, team, language, by)


def _refuse_taken(email: str) -> None:
    wanted = _mailbox(email)
    having = User.objects.filter(is_active=True).exclude(email="")
    if any(_mailbox(one) == wanted for one in having.values_list("email", flat=True)):
        raise AddressTaken


def _mailbox(email: str) -> str:
    """Without what may stand after a plus: most servers put that into the same box."""
    name, _at, domain = email.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def _invite(email: str, role: Role, team: Team | None, language: str, by: User) -> Invitation:
    token, now = secrets.token_urlsafe(32), clock.now()
    with transaction.atomic():
        made = Invitation.objects.create(
            email=email,
            role=role,
            team=team,
            language=language,
            token_hash=_hash(token),
            by=by,
            at=now,
            until=now + timedelta(days=DAYS),
        )
        _write(email, language, token)
        append(Verb.STAFF_INVITED, made.subject, by.actor, role=role.value)
    return made


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _write(email: str, language: str, token: str) -> None:
    link = settings.DESK_URL + reverse("join", "config.desk_urls", [token])
    with override(language):
        subject = gettext("An account at %(name)s") % {"name": settings.ORGANISATION.name(language)}
        text = gettext(
            "You are invited to work at the desk. This link makes your account, once, within "
            "%(days)s days:\n\n%(link)s\n\nYou will choose a name, a password and a second factor. "
            "If you did not expect this letter, leave the link alone and tell us.\n"
        )
        write_letter(email, subject, text % {"days": DAYS, "link": link})


def invited_by(token: str) -> Invitation:
    """The invitation of a link. Raises `NotOpen`."""
    found = Invitation.objects.filter(token_hash=_hash(token)).first()
    if found is None or not found.is_open:
        raise NotOpen
    return found


def accept(token: str, username: str, name: str, password: str) -> User:
    """Make the account. Raises `NotOpen`, `NameTaken`. Nothing works before a second factor."""
    found = invited_by(token)
    # Who signs in is looked for without regard to case.
    if User.objects.filter(username__iexact=username).exists():
        raise NameTaken
    try:
        with transaction.atomic():
            user = User.objects.add(username, password, Role(found.role))
            user.name, user.email, user.language = name, found.email, found.language
            user.save(update_fields=["name", "email", "language"])
            open_ = Invitation.objects.filter(
                pk=found.pk, used_by=None, withdrawn_at=None, until__gt=clock.now()
            )
            if not open_.update(used_by=user):
                raise NotOpen
            if found.team:
                found.team.members.add(user)
            append(Verb.STAFF_JOINED, found.subject, user.actor, role=found.role)
    except IntegrityError:
        raise NameTaken
    return user


def withdraw(number: int, by: User) -> None:
    """Its link opens nothing any more. Raises `NotOpen`."""
    with transaction.atomic():
        open_ = Invitation.objects.filter(pk=number, used_by=None, withdrawn_at=None)
        if not open_.update(withdrawn_at=clock.now()):
            raise NotOpen
        append(Verb.INVITATION_WITHDRAWN, f"invitation:{number}", by.actor)


def _carry_out(act: PendingAct, by: User) -> None:
    _refuse_taken(act.text)
    team = Team.objects.filter(pk=act.what["team"]).first()
    _invite(act.text, Role(act.what["role"]), team, act.what["language"], act.asked_by)


KIND = Kind(
    name="invite",
    words=_("Invite a colleague"),
    asks=Permission.STAFF_MANAGE,
    confirms=Permission.ACTS_READ,
    template="people/_act_invite.html",
    carry_out=_carry_out,
)
