"""What takes two people: a list's powers, and our own hashes leaving. See `people.four_eyes`."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.keys import Keys
from vigie.matching.lists import ours
from vigie.matching.lists.models import Export, HashList, ListedHash
from vigie.matching.lists.writing import tick
from vigie.people import four_eyes
from vigie.people.four_eyes import Kind, TooLate
from vigie.people.models import PendingAct
from vigie.staff.models import User
from vigie.staff.permissions import Permission

KEPT = timedelta(hours=1)
POWERS = ("may_confirm", "unseen", "threshold", "active")


def ask_change(
    hash_list: HashList,
    by: User,
    reason: str,
    *,
    may_confirm: bool,
    threshold: int,
    active: bool,
    unseen: bool = False,
) -> PendingAct:
    """Ask that a list's matches may do something else from now on."""
    powers = dict(zip(POWERS, (may_confirm, unseen, threshold, active), strict=True))
    what = {"list": hash_list.pk, **powers}
    return four_eyes.ask(CHANGE, by, reason, about=hash_list.subject, what=what)


def ask_export(layout: str, by: User, reason: str) -> PendingAct:
    """Ask for a file of our own confirmed hashes. ``layout``: of `ours.LAYOUTS`."""
    return four_eyes.ask(EXPORT, by, reason, what={"layout": layout})


def _change(act: PendingAct, by: User) -> None:
    """The powers asked for. An index has to hear of it, so every entry of the list moves on."""
    change, number = tick(), act.what["list"]
    HashList.objects.filter(pk=number).update(**{power: act.what[power] for power in POWERS})
    ListedHash.objects.filter(list=number, kind="pdq").update(change=change)


def _export(act: PendingAct, by: User) -> None:
    layout = act.what["layout"]
    content, entries = ours.written(layout)
    digest = hashlib.sha256(content).hexdigest()
    Export.objects.create(
        act=act,
        content=Keys(settings.KEYS).sealed(base64.b64encode(content).decode()),
        entries=entries,
        sha256=digest,
        until=clock.now() + KEPT,
    )
    append(
        Verb.HASHES_EXPORTED,
        act.subject,
        by.actor,
        entries=entries,
        sha256=digest,
        layout=layout,
    )


def _shown(act: PendingAct) -> dict[str, Any]:
    return {"list": HashList.objects.filter(pk=act.what["list"]).first()}


CHANGE = Kind(
    name="list powers",
    words=_("Change what a match may do"),
    asks=Permission.LISTS_CHANGE,
    confirms=Permission.LISTS_CHANGE,
    template="matching/_act_powers.html",
    carry_out=_change,
    shown=_shown,
)
EXPORT = Kind(
    name="hashes",
    words=_("Export our own confirmed hashes"),
    asks=Permission.HASHES_EXPORT,
    confirms=Permission.HASHES_EXPORT,
    template="matching/_act_export.html",
    carry_out=_export,
    shown=lambda act: {"entries": ours.count()},
)


def take(export: Export, by: str) -> bytes:
    """The file, once; afterwards it is gone from here. Raises `TooLate`."""
    now = clock.now()
    with transaction.atomic():
        ready = Export.objects.filter(pk=export.pk, taken_at=None, until__gt=now)
        content = ready.values_list("content", flat=True).first()
        if content is None or not ready.update(taken_at=now, content=None):
            raise TooLate
        subject = export.act.subject
        append(Verb.HASHES_TAKEN, subject, by, entries=export.entries, sha256=export.sha256)
    return base64.b64decode(Keys(settings.KEYS).opened(content))


def forget_late_exports() -> int:
    """Files that nobody took in time: their content goes."""
    late = Export.objects.filter(until__lte=clock.now()).exclude(content=None)
    return late.update(content=None) if late.exists() else 0
