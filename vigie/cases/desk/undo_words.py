"""What is said to whoever decides, or takes back."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.cases.deciding import undo
from vigie.cases.deciding.reopening import Others
from vigie.cases.models import CONFIRMING, Assessment


def kept(made: Assessment) -> str:
    """A decision was kept; and until when it can be taken back, if nobody was told yet. Of what
    it closed nobody is told."""
    item = made.item
    end = undo.until(made)
    if end is None and made.kind in CONFIRMING:
        return _("%(item)s: your decision is kept.") % {"item": item.reference}
    said = _("{item}: your decision is kept. Until {time} you can take it back on its page.")
    if end is None:
        said = _("{item}: your decision is kept. You can take it back on its page.")
    link = format_html(
        '<a href="{}" aria-keyshortcuts="I" data-does="{}">{}</a> <kbd>I</kbd>',
        reverse("item", args=[item.pk]), _("to what was decided just now"), item.reference,
    )  # fmt: skip
    return format_html(said, item=link, time=f"{localtime(end):%H:%M:%S}" if end else "")


def open_again(made: Others) -> str:
    said = ngettext("%(n)s item is open again.", "%(n)s items are open again.", made.back)
    return said % {"n": made.back}


def told(made: Others) -> str:
    said = ngettext(
        "Others know of %(n)s of them: they are told that it no longer stands.",
        "Others know of %(n)s of them: they are told that these no longer stand.",
        made.told,
    )
    return said % {"n": made.told}


def too_late(made: Others) -> str:
    """The first one is among them, where it still stands."""
    said = ngettext(
        "%(n)s stays as decided: it is too late to take it back here.",
        "%(n)s stay as decided: it is too late to take them back here.",
        made.staying,
    )
    return said % {"n": made.staying}


def why_needed() -> str:
    return _(
        "Nothing was taken back yet: say why, in a word at least. Whoever decided reads it, and "
        "whoever takes it up."
    )


def not_taken_back(source: Assessment) -> str:
    if source.stands:
        return _(
            "Not taken back: it is too late for that. It is on its way to the police, or they have "
            "it. A lead can still take it back; whoever was told is told that."
        )
    return _(
        "Nothing was changed: this decision had been taken back already, or followed by another."
    )
