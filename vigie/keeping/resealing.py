"""Sealing again, with the present key, what an older one opens. Row by row: it may be killed.

What is done is known by trying: a row that the present key opens is left alone. So it can be begun
again at any time, and two may run at once: a row that changed meanwhile is not written over.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from vigie.campaign.newsletter.models import NewsletterAct, Proof, Subscriber
from vigie.cases.models import Note
from vigie.intake.models import Addition, Letter, Report
from vigie.items.models import Item, Question
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.keeping.rotation import BY
from vigie.lib.seal import Unsealable, recipient_of, seal, unseal
from vigie.matching.models import Export
from vigie.people.models import StaffLetter
from vigie.tracing.models import Look, Media

Column = tuple[type[models.Model], str]
# What stays, by key; and what waits in the inbox, which the worker opens and takes out by itself.
KEPT: dict[str, list[Column]] = {
    "worker": [
        (Item, "locator"),
        (Look, "final_url"),
        (Media, "url"),
        (Note, "text"),
        (Subscriber, "address"),
        (Proof, "address"),
        (Export, "content"),
    ],
    "operators": [(Report, "words"), (Addition, "words"), (Question, "words")],
}
WAITING: dict[str, list[Column]] = {
    "worker": [(Letter, "where"), (NewsletterAct, "sealed"), (StaffLetter, "sealed")],
    "operators": [(Letter, "words")],
}
BATCH = 500


@dataclass
class Progress:
    """``lost``: rows that none of the keys opens."""

    seen: int = 0
    resealed: int = 0
    lost: int = 0


def reseal(
    which: str, identity: str, tell: Callable[[str, Progress], object] = lambda *_: None
) -> Progress:
    """Every kept row of one key. ``identity``: the present one first, then the old ones.

    A batch and its line of the journal are one transaction. ``tell``: after each batch.
    """
    progress = Progress()
    for model, column in KEPT[which]:
        for rows in _batches(model, column):
            before = progress.resealed
            with transaction.atomic():
                for pk in rows:
                    _one(model, column, pk, identity, progress)
                if done := progress.resealed - before:
                    table = model._meta.label_lower
                    append(Verb.KEY_RESEALED, f"key:{which}", BY, table=table, rows=done)
            tell(model._meta.label_lower, progress)
    return progress


def _one(
    model: type[models.Model],
    column: str,
    pk: Any,
    identity: str,
    progress: Progress,
) -> None:
    sealed = _sealed(model, column, pk)
    progress.seen += 1
    try:
        text = _opened_by_old(identity, sealed)
    except Unsealable:
        progress.lost += 1
        return
    if text is not None:
        still = model._default_manager.filter(pk=pk, **{column: sealed})
        progress.resealed += still.update(**{column: seal(recipient_of(identity), text)})


def still_needed(which: str, identity: str) -> int:
    """How many rows only an old key opens, those that wait in the inbox included."""
    return sum(
        1
        for model, column in (*KEPT[which], *WAITING[which])
        for rows in _batches(model, column)
        for pk in rows
        if _needs_old(identity, _sealed(model, column, pk))
    )


def _needs_old(identity: str, sealed: bytes) -> bool:
    try:
        return _opened_by_old(identity, sealed) is not None
    except Unsealable:
        return False  # no key of ours opens it: keeping one does not help


def _opened_by_old(identity: str, sealed: bytes) -> str | None:
    """The text, if only an old key opens it; None: the present one does, or it is gone.

    Raises `Unsealable`.
    """
    if not sealed:
        return None
    present, *old = identity.split()
    try:
        unseal(present, sealed)
        return None
    except Unsealable:
        if not old:
            raise
        return unseal("\n".join(old), sealed)


def _batches(model: type[models.Model], column: str) -> Iterator[list[Any]]:
    found = model._default_manager.exclude(**{column: None}).exclude(**{column: b""})
    return batches(model, found)


def batches(
    model: type[models.Model], found: models.QuerySet[Any] | None = None
) -> Iterator[list[Any]]:
    """Keys, in order; what comes meanwhile is written with the present key already."""
    found = model._default_manager.all() if found is None else found
    last: dict[str, Any] = {}
    while keys := list(found.filter(**last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = {"pk__gt": keys[-1]}
        yield keys


def _sealed(model: type[models.Model], column: str, pk: Any) -> bytes:
    """One at a time: what somebody wrote may be long. Empty if the row is gone by now."""
    row = model._default_manager.filter(pk=pk).values_list(column, flat=True).first()
    return bytes(row or b"")
