"""A line of the queue, in words. In Python and not in a template: a page has fifty of them."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.items.models import Item
from vigie.items.ranking import Reason, reasons_of
from vigie.journal.codes import code_words
from vigie.lib.fetch import Outcome
from vigie.tracing.models import Look, Media


class Tag(NamedTuple):
    """``look``: the class of the style sheet that goes with it."""

    words: str
    look: str = "tag"


def look_words(look: Look | None, met: Sequence[Media], known: int) -> str:
    """What the worker met there. ``met``: the pictures and videos of it that are decided about."""
    if look is None:
        return _("not looked at yet")
    if look.outcome == "not_fetchable":
        return _("cannot be fetched from here")
    if look.outcome == "no_mandate":
        return _("not fetched: no mandate is recorded")
    if look.outcome != Outcome.OK:
        return _("not reached: %(outcome)s") % {"outcome": code_words(look.outcome)}
    if look.status != 200:
        return _("answered %(status)s") % {"status": look.status}
    videos = sum(1 for media in met if media.is_video)
    pictures = len(met) - videos
    words = [ngettext("%(n)s known", "%(n)s known", known) % {"n": known}]
    if videos:
        words.insert(0, ngettext("%(n)s video", "%(n)s videos", videos) % {"n": videos})
    if pictures or not videos:
        words.insert(0, ngettext("%(n)s picture", "%(n)s pictures", pictures) % {"n": pictures})
    return ", ".join(words)


def reason_tags(item: Item) -> list[Tag]:
    """Why it stands before what came as early; and whether a reporter answered."""
    return [*(_tag(reason, item) for reason in reasons_of(item)), *answer_tags(item)]


def answer_tags(item: Item) -> list[Tag]:
    came = item.answered_since
    if came is None:
        return []
    day, hour = date_format(localtime(came), "j N"), date_format(localtime(came), "H:i")
    words = _("the reporter answered, %(day)s, %(hour)s") % {"day": day, "hour": hour}
    return [Tag(words, "tag amber")]


def _tag(reason: Reason, item: Item) -> Tag:
    match reason:
        case Reason.DANGER:
            return Tag(_("a child may be in danger"), "tag red")
        case Reason.YOUNG:
            return Tag(_("young child"), "tag amber")
        case Reason.NOVEL:
            return Tag(_("new material"))
        case Reason.OWN:
            return Tag(_("own picture"), "tag amber")
        case Reason.MANY:
            n = item.report_count
            return Tag(ngettext("%(n)s report", "%(n)s reports", n) % {"n": n})
        case Reason.HERE:
            return Tag(_("hosted here"))
        case Reason.RULE:
            return Tag(_("by a rule"))


def known_tag(item: Item, pictures: int, known: int, *, differ: bool = False) -> Tag | None:
    """What matters most of what is known of it. ``differ``: people differ about a picture of it."""
    if differ:
        return Tag(_("judged differently: look"), "tag amber")
    if known:
        return Tag(_("all known") if known == pictures else _("partly known"), "tag moss")
    if item.held:
        return Tag(_("held"), "tag amber")
    return Tag(_("taken up again"), "tag red") if item.round > 1 else None
