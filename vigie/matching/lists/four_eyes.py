"""What takes two people: a list's powers, and our own hashes leaving. One asks, another answers."""

import base64
import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.keys import Keys
from vigie.matching.lists.models import Export, HashList, ListedHash, ListRequest
from vigie.matching.lists.ours import written
from vigie.matching.lists.writing import tick
from vigie.staff.models import User

State, Act = ListRequest.State, ListRequest.Act
KEPT = timedelta(hours=1)
POWERS = ("may_confirm", "unseen", "threshold", "active")


class SamePerson(Exception):
    """Who asked cannot be the one who approves."""


class TooLate(Exception):
    """A colleague answered already, or the file was taken or its time is over."""


def ask_change(
    hash_list: HashList,
    by: User,
    reason: str,
    *,
    may_confirm: bool,
    threshold: int,
    active: bool,
    unseen: bool = False,
) -> ListRequest:
    """Ask that a list's matches may do something else from now on."""
    powers = (may_confirm, unseen, threshold, active)
    wanted = dict(zip(POWERS, powers, strict=True))
    return _ask(by, reason, act=Act.CHANGE, list=hash_list, **wanted)


def ask_export(layout: str, by: User, reason: str) -> ListRequest:
    """Ask for a file of our own confirmed hashes. ``layout``: of `ours.LAYOUTS`."""
    return _ask(by, reason, act=Act.EXPORT, layout=layout)


def _ask(by: User, reason: str, **what: object) -> ListRequest:
    with transaction.atomic():
        asked = ListRequest.objects.create(
            asked_by=by, asked_at=clock.now(), reason=reason[:200], **what
        )
        details = {k: v for k, v in what.items() if isinstance(v, bool | int | str)}
        if asked.list:
            details["list"] = asked.list.subject
        append(Verb.LIST_ASKED, asked.subject, by.actor, **details)
    return asked


def answer(asked: ListRequest, by: User, *, approve: bool) -> None:
    """Approve or refuse what somebody else asked; an approval is carried out at once.

    Raises `SamePerson`, `TooLate`. Who asked may take it back: that is a refusal of their own.
    """
    if approve and asked.asked_by_id == by.pk:
        raise SamePerson
    state = State.APPROVED if approve else State.REFUSED
    other = None if asked.asked_by_id == by.pk else by
    with transaction.atomic():
        waiting = ListRequest.objects.filter(pk=asked.pk, state=State.WAITING)
        if not waiting.update(state=state, answered_by=other, answered_at=clock.now()):
            raise TooLate
        if approve and asked.act == Act.CHANGE:
            _change(asked)
        elif approve:
            _export(asked, by)
        append(Verb.LIST_ANSWERED, asked.subject, by.actor, approved=approve, act=asked.act)


def _change(asked: ListRequest) -> None:
    """The powers asked for. An index has to hear of it, so every entry of the list moves on."""
    change = tick()
    lists = HashList.objects.filter(listrequest=asked)
    lists.update(**{power: getattr(asked, power) for power in POWERS})
    ListedHash.objects.filter(list__listrequest=asked, kind="pdq").update(change=change)


def _export(asked: ListRequest, by: User) -> None:
    content, entries = written(asked.layout)
    digest = hashlib.sha256(content).hexdigest()
    Export.objects.create(
        request=asked,
        content=Keys(settings.KEYS).sealed(base64.b64encode(content).decode()),
        entries=entries,
        sha256=digest,
        until=clock.now() + KEPT,
    )
    append(
        Verb.HASHES_EXPORTED,
        asked.subject,
        by.actor,
        entries=entries,
        sha256=digest,
        layout=asked.layout,
    )


def take(export: Export, by: str) -> bytes:
    """The file, once; afterwards it is gone from here. Raises `TooLate`."""
    now = clock.now()
    with transaction.atomic():
        ready = Export.objects.filter(pk=export.pk, taken_at=None, until__gt=now)
        content = ready.values_list("content", flat=True).first()
        if content is None or not ready.update(taken_at=now, content=None):
            raise TooLate
        subject = export.request.subject
        append(Verb.HASHES_TAKEN, subject, by, entries=export.entries, sha256=export.sha256)
    return base64.b64decode(Keys(settings.KEYS).opened(content))


def forget_late_exports() -> int:
    """Files that nobody took in time: their content goes."""
    late = Export.objects.filter(until__lte=clock.now()).exclude(content=None)
    return late.update(content=None) if late.exists() else 0
