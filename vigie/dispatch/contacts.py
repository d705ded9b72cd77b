"""Whom a notice goes to, and who says that it may: a lead, the first time.

The contact is the IP network's, never the site's or its registrant's: that may be the offender.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from vigie.dispatch.models import Contact, Notice
from vigie.dispatch.selectors import WAITING_FOR_NOTICE
from vigie.items.flow import Stale
from vigie.items.models import Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock

Step = Notice.Step


def first_step(recipient: str) -> Notice.Step:
    """Where a notice begins: it may leave at once only to a contact that a lead has approved."""
    if not recipient:
        return Step.NO_CONTACT
    known = Contact.objects.filter(address=recipient).exists()
    return Step.READY if known else Step.WAITING


def approve_notice(notice: Notice, by: str) -> None:
    """A lead lets the first notice to a contact go; later ones need nobody. `Stale` if done."""
    moment = clock.now()
    with transaction.atomic():
        if _waiting(notice, Step.WAITING).update(step=Step.READY, due_at=moment) != 1:
            raise Stale(notice.reference)
        Contact.objects.get_or_create(
            address=notice.recipient, defaults={"approved_by": by, "approved_at": moment}
        )
        append(Verb.NOTICE_APPROVED, notice.item.subject, by, notice=notice.pk)


def name_contact(notice: Notice, address: str, found_in: str, by: str) -> None:
    """The registry names nobody: a lead enters a contact, and where it was found.

    From there it goes the way of any other contact: it waits for a lead unless it was approved
    before. `Stale` if a colleague was quicker, or the item has gone on.
    """
    step = first_step(address)
    due_at = clock.now() if step == Step.READY else None
    with transaction.atomic():
        nobody = _waiting(notice, Step.NO_CONTACT)
        named = {"recipient": address, "found_in": found_in, "step": step, "due_at": due_at}
        if nobody.update(**named) != 1:
            raise Stale(notice.reference)
        append(Verb.CONTACT_NAMED, notice.item.subject, by, notice=notice.pk, step=str(step))


def _waiting(notice: Notice, step: Notice.Step) -> QuerySet[Notice]:
    """This notice, if it still waits so: in the item's round, and before the content went away.

    The step is asked of the row itself and not over a join: PostgreSQL asks a join once only,
    before it waits for a colleague's update, and both would believe to have been first.
    """
    goes_on = Item.objects.filter(
        pk=OuterRef("item"), round=OuterRef("round"), state__in=WAITING_FOR_NOTICE
    )
    return Notice.objects.filter(Exists(goes_on), pk=notice.pk, step=step)
