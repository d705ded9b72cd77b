"""What editors do with an edition. Each act with its line in the journal, in one transaction.

A write succeeds only if the edition is still as its editor saw it (`Stale` otherwise): what is
approved is what was read, and two who press at once send once.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F

from vigie.campaign.newsletter import tokens
from vigie.campaign.newsletter.addresses import Address
from vigie.campaign.newsletter.models import Delivery, Edition, Proof, Text
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock

State = Edition.State


class Stale(Exception):
    """A colleague was quicker. Nothing was changed."""


class Unfinished(Exception):
    """Some readers would get nothing to read: a language has no text yet."""


@dataclass(frozen=True)
class Words:
    subject: str
    body: str


Texts = dict[str, Words]  # by language


def begin_edition(texts: Texts, by: str) -> Edition:
    with transaction.atomic():
        edition = Edition.objects.create(changed_at=clock.now())
        _put(edition, texts)
        append(Verb.EDITION_WRITTEN, edition.subject, by, version=edition.version)
    return edition


def rewrite_edition(edition: Edition, texts: Texts, seen: int, by: str) -> None:
    """Change the texts of a draft, as it was at version ``seen``."""
    with transaction.atomic():
        draft = Edition.objects.filter(pk=edition.pk, state=State.DRAFT, version=seen)
        if draft.update(version=seen + 1, changed_at=clock.now()) != 1:
            raise Stale(edition.reference)
        _put(edition, texts)
        append(Verb.EDITION_WRITTEN, edition.subject, by, version=seen + 1)


def _put(edition: Edition, texts: Texts) -> None:
    for language, words in texts.items():
        new = {"subject": words.subject, "body": words.body}
        Text.objects.update_or_create(edition=edition, language=language, defaults=new)


def approve_edition(edition: Edition, seen: int, by: str) -> None:
    """From here on nothing of it can change; the worker sends. `Unfinished`: a text is missing."""
    moment = clock.now()
    with transaction.atomic():
        draft = Edition.objects.filter(pk=edition.pk, state=State.DRAFT, version=seen)
        if draft.update(state=State.APPROVED, approved_by=by, approved_at=moment) != 1:
            raise Stale(edition.reference)
        if missing(edition):
            raise Unfinished(edition.reference)
        append(Verb.EDITION_APPROVED, edition.subject, by, version=seen)


def missing(edition: Edition) -> list[str]:
    """The languages in which there is nothing to send yet."""
    written = {text.language for text in edition.texts.all() if text.whole}
    return [code for code, _name in settings.LANGUAGES if code not in written]


def stop_edition(edition: Edition, by: str) -> None:
    """Something is wrong with it: what has not left stays here, for good."""
    with transaction.atomic():
        leaving = Edition.objects.filter(pk=edition.pk, state__in=[State.APPROVED, State.SENDING])
        if leaving.update(state=State.STOPPED, ended_at=clock.now()) != 1:
            raise Stale(edition.reference)
        unsent, _ = Delivery.objects.filter(edition=edition).delete()
        append(Verb.EDITION_STOPPED, edition.subject, by, unsent=unsent)


def ask_for_proof(edition: Edition, address: Address, language: str, by: str) -> None:
    """A test to an address that was typed: it is kept sealed until the worker has sent it."""
    moment = clock.now()
    with transaction.atomic():
        Proof.objects.create(
            edition=edition,
            language=language,
            address=tokens.keys().sealed(str(address)),
            asked_at=moment,
            due_at=moment,
        )
        append(Verb.EDITION_TESTED, edition.subject, by, language=language)


def count_one(edition_id: int, column: str) -> None:
    Edition.objects.filter(pk=edition_id).update(**{column: F(column) + 1})
