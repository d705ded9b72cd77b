"""The worker's part: it opens what people asked for, and keeps the list as they want it."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from vigie.campaign.newsletter import consent, rekeying, tokens
from vigie.campaign.newsletter.addresses import Address, parse
from vigie.campaign.newsletter.models import (
    AppliedAct,
    EarlierLink,
    NewsletterAct,
    Quiet,
    Subscriber,
)
from vigie.campaign.newsletter.tallies import count
from vigie.lib import clock

State = Subscriber.State
KEPT_PENDING = timedelta(days=7)
QUIET = timedelta(days=1)
# Shorter than the quiet after a mail: so the mails of the last hour can be counted (`confirming`).
QUIET_BEFORE = timedelta(hours=22)
Said = dict[str, str]


def apply_act(act: NewsletterAct) -> None:
    """Do what an act says, and take it out of the front database. Safe to do twice.

    1. What it changes and its number are written together: a number known already changes nothing.
    2. The act goes; there is no common transaction, so a crash in between repeats step 1.
    3. Then the number can go, too.
    """
    number = act.pk
    said: Said = json.loads(tokens.keys().opened(act.sealed))
    with transaction.atomic():
        _, new = AppliedAct.objects.get_or_create(
            act=number, defaults={"day": timezone.localdate()}
        )
        if new:
            ACTS[said["kind"]](said)
        tokens.refuse_stale()
    act.delete()
    AppliedAct.objects.filter(act=number).delete()


def _subscribe(said: Said) -> None:
    """A confirmation mail for the known and the new alike, but once a day for each mailbox."""
    address, language = parse(said["address"]), said["language"]
    known_words = said["consent"] in consent.WORDS
    if address is None or language not in dict(settings.LANGUAGES) or not known_words:
        return  # not from our form
    moment = clock.now()
    asked = {"asked_language": language, "language": language, "consent": said["consent"]}
    if _may_be_written_to(address, moment):
        _want_confirmation(address, asked, moment)
    # Until somebody confirms, the last one to ask chooses.
    pending = Subscriber.objects.filter(address_hash__in=tokens.address_hashes(address))
    pending.filter(state=State.PENDING).update(**asked)


def _may_be_written_to(address: Address, moment: datetime) -> bool:
    """Whoever types another's address, with however many plus signs, must not flood them."""
    present, *older = tokens.mailbox_hashes(address)
    until = moment + QUIET_BEFORE
    if Quiet.objects.filter(mailbox__in=older, until__gt=moment).exists():
        return False
    if Quiet.objects.filter(mailbox=present, until__lte=moment).update(until=until):
        return True
    _, new = Quiet.objects.get_or_create(mailbox=present, defaults={"until": until})
    return new


def quieten(address: Address, until: datetime) -> None:
    present = tokens.mailbox_hashes(address)[0]
    Quiet.objects.update_or_create(mailbox=present, defaults={"until": until})


def _want_confirmation(address: Address, asked: Said, moment: datetime) -> None:
    ends = erased_at(moment)
    subscriber = _known(address) or _new(address, asked, ends)
    row = Subscriber.objects.filter(pk=subscriber.pk)
    row.filter(state=State.PENDING).update(erase_at=ends)
    # Whatever step has the row loses its lease: else its end would take back what is due now.
    row.update(due_at=moment, lease_by="", lease_until=None, asked_language=asked["asked_language"])
    row.filter(wanted=None).update(wanted=uuid.uuid4())


def _known(address: Address) -> Subscriber | None:
    """Locked: it must not lapse before it is changed."""
    rows = Subscriber.objects.select_for_update()
    return rows.filter(address_hash__in=tokens.address_hashes(address)).first()


def _new(address: Address, asked: Said, ends: datetime) -> Subscriber:
    """Locked, as above, if another worker was quicker."""
    key, hashed = uuid.uuid4(), tokens.address_hash(address)
    new = {
        **asked,
        "id": key,
        "address": tokens.keys().sealed(str(address)),
        "confirm_hash": tokens.token_hash(tokens.confirm_token(key)),
        "leave_hash": tokens.token_hash(tokens.leave_token(hashed)),
        "erase_at": ends,
    }
    rows = Subscriber.objects.select_for_update()
    subscriber, made = rows.get_or_create(address_hash=hashed, defaults=new)
    if made:  # letters of an earlier subscription may have been sent under an older key
        rekeying.keep_links(subscriber, rekeying.older_links_of(address))
    return subscriber


def erased_at(moment: datetime) -> datetime:
    """When an address that nobody confirms goes."""
    return clock.hour_of(moment) + KEPT_PENDING


def _confirm(said: Said) -> None:
    """From pending to confirmed; for a confirmed one, at most another language."""
    if said["consent"] not in consent.WORDS:
        return
    found = Subscriber.objects.filter(pk__in=readers_by(said["token"], EarlierLink.To.CONFIRM))
    changes = {"language": F("asked_language"), "consent": said["consent"]}
    pending = found.filter(state=State.PENDING)
    month = timezone.localdate().replace(day=1)
    if pending.update(**changes, state=State.CONFIRMED, month=month, erase_at=None):
        count("confirmed")
    else:
        found.update(**changes)


def readers_by(token: str, to: EarlierLink.To) -> list[uuid.UUID]:
    """Whose link this is (one, or nobody), whichever key it was made with."""
    hashes = tokens.token_hashes(token)
    own = Q(**{f"{to}_hash__in": hashes})
    earlier = Q(earlier__to=to, earlier__hash=tokens.plain_hash(token))
    return list(Subscriber.objects.filter(own | earlier).values_list("pk", flat=True).distinct())


def _unsubscribe(said: Said) -> None:
    """The row goes, and with it every delivery that has not left."""
    mine = Subscriber.objects.select_for_update()
    subscriber = mine.filter(pk__in=readers_by(said["token"], EarlierLink.To.LEAVE)).first()
    if subscriber is not None:
        erase(subscriber, "unsubscribed" if subscriber.state == State.CONFIRMED else "lapsed")


def erase(subscriber: Subscriber, why: str) -> None:
    """Take a subscriber (locked by the caller) and what is on the way to them off the list."""
    subscriber.delete()
    count(why)


ACTS: dict[str, Callable[[Said], None]] = {
    "subscribe": _subscribe,
    "confirm": _confirm,
    "unsubscribe": _unsubscribe,
}
