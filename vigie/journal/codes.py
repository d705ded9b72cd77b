"""The codes of the journal's details, and of what a look met, in the reader's language.

What is written stays a code: it outlives our words. What has no word here is shown as it is.
"""

import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    "frm": pgettext_lazy("journal", "from"),
    "to": pgettext_lazy("journal", "to"),
    "move": pgettext_lazy("journal", "step"),
    "outcome": pgettext_lazy("journal", "met"),
    "verdict": pgettext_lazy("journal", "found"),
    "country": pgettext_lazy("journal", "country"),
    "classification": pgettext_lazy("journal", "decision"),
    "count": pgettext_lazy("journal", "how many"),
    "role": pgettext_lazy("journal", "role"),
    "kind": pgettext_lazy("journal", "kind"),
    "page": pgettext_lazy("journal", "page"),
    "state": pgettext_lazy("journal", "state"),
    "pictures": pgettext_lazy("journal", "pictures"),
    "unseen": pgettext_lazy("journal", "of them without a look"),
    "outlines": pgettext_lazy("journal", "of them as outlines"),
    "elsewhere": pgettext_lazy("journal", "of them seen at another address"),
    "settled": pgettext_lazy("journal", "judged differently before, and settled"),
    "seconds": pgettext_lazy("journal", "seconds"),
    "counted": pgettext_lazy("journal", "seconds counted"),
    "still": pgettext_lazy("journal", "still"),
    "view": pgettext_lazy("journal", "look"),
}
STATES: dict[str, Promise] = {
    "new": _("waiting for the first look"),
    "to_assess": _("to assess"),
    "confirmed": _("confirmed"),
    "referred": _("referred"),
    "authorised": _("removal authorised"),
    "notified": _("host or partner told"),
    "removed": _("removed"),
    "closed": _("closed"),
}
CODES: dict[str, Promise] = {
    "ok": pgettext_lazy("look", "reached"),
    "not_fetchable": _("cannot be fetched from here"),
    "no_mandate": _("not fetched: no mandate is recorded"),
    "bad_url": pgettext_lazy("look", "no address that can be asked for"),
    "refused_scheme": pgettext_lazy("look", "not asked for: no web address"),
    "refused_address": pgettext_lazy("look", "not asked for: an address inside a network"),
    "no_such_name": pgettext_lazy("look", "the name does not exist"),
    "dns_failed": pgettext_lazy("look", "the name could not be looked up"),
    "connect_failed": pgettext_lazy("look", "no connection"),
    "tls_failed": pgettext_lazy("look", "no secure connection"),
    "timed_out": pgettext_lazy("look", "no answer in time"),
    "too_large": pgettext_lazy("look", "too large"),
    "bomb": pgettext_lazy("look", "a file made to grow without end"),
    "too_many_redirects": pgettext_lazy("look", "sent on too often"),
    "redirect_loop": pgettext_lazy("look", "sent on in a circle"),
    "bad_response": pgettext_lazy("look", "an answer that cannot be read"),
    "bad_encoding": pgettext_lazy("look", "an answer that cannot be read"),
    "too_hard": pgettext_lazy("look", "a file that cannot be read safely"),
    "not_a_picture": pgettext_lazy(
        "look", "no picture: a page, an empty answer, or another kind of file"
    ),
    "no_picture": pgettext_lazy("look", "no moving picture in it, or none that can be read"),
    "asked_again": _("asked for again since, in another window"),
    "no_more": pgettext_lazy("look", "this video has no more stills"),
    "crashed": pgettext_lazy("look", "the viewer gave no answer; ask again"),
    "removal_page": pgettext_lazy("look", "a page that says it was removed"),
    "gone": _("gone"),
    "there": _("there"),
    "unclear": _("unclear"),
    "left_to_others": _("left to others"),
    "baseline": _("Child sexual abuse material, international baseline"),
    "national": _("Child sexual abuse material, national law"),
    "other_illegal": _("Other illegal content"),
    "not_illegal": _("Not illegal"),
    "cannot_assess": _("Cannot be assessed"),
    "out_of_remit": _("Out of our remit, to hand over"),
}
OF_STATES = {"frm", "to", "state"}


def code_words(value: Any, name: str = "") -> str:
    """``name``: of the detail, where one code means different things."""
    code = str(value)
    if name in OF_STATES and code in STATES:
        return str(STATES[code])
    if found := re.fullmatch("http_([0-9]{3})", code):
        return gettext("answered %(status)s") % {"status": found[1]}
    return str(CODES.get(code, STATES.get(code, code) if code != "new" else code))


def name_words(name: str) -> str:
    return str(NAMES.get(name, name))
