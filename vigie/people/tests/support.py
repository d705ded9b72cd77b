"""Letters that wait for the worker, read; and what the journal says."""

import json
import re

from django.conf import settings

from vigie.journal.models import Entry
from vigie.lib.keys import Keys
from vigie.people.models import StaffLetter


def letters() -> list[tuple[str, str, str]]:
    """To, subject, text; oldest first."""
    waiting = StaffLetter.objects.order_by("due_at")
    return [tuple(json.loads(Keys(settings.KEYS).opened(one.sealed))) for one in waiting]


def link_in(text: str) -> str:
    """The path of the one link of a letter."""
    (link,) = re.findall(rf"{re.escape(settings.DESK_URL)}(/\S+)", text)
    return link


def verbs() -> list[str]:
    return list(Entry.objects.order_by("seq").values_list("verb", flat=True))
