"""Is a picture on a list, or was it judged here? By exact values; the index will add near ones."""

import re
from collections.abc import Collection, Iterable

from django.db.models import Q

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.matching.models import JudgedHash, ListedHash

# How many hexadecimal digits a kind has. A PDQ has as many as a SHA-256: its list says which it is.
DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "pdq": 64}
AT_ONCE = 1000


class NotHashes(Exception):
    """A line is no hash of that kind. Nothing was loaded."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def known_as(hashes: dict[str, str], confirming: Collection[str]) -> str:
    """The list that holds one of these values (``kind`` to value), or '' if none does.

    A picture confirmed on our own desk counts as the list ``judged here``.
    """
    values = {kind: value for kind, value in hashes.items() if kind in DIGITS and value}
    listed = Q(pk=None)
    for kind, value in values.items():
        listed |= Q(kind=kind, value=value)
    hit = ListedHash.objects.filter(listed).order_by("pk").first()
    if hit:
        return hit.list_name
    judged = Q(sha256=values.get("sha256", "-")) | Q(pdq=values.get("pdq", "-"))
    newest = JudgedHash.objects.filter(judged).first()
    return "judged here" if newest and newest.classification in confirming else ""


def load_list(name: str, kind: str, lines: Iterable[str], by: str) -> int:
    """Put a list's values beside those it has; how many are new. One value a line, ``#`` comments.

    Whole or not at all. Raises `NotHashes`.
    """
    pattern = re.compile(rf"[0-9a-f]{{{DIGITS[kind]}}}")
    values = []
    for number, line in enumerate(lines, 1):
        value = line.partition("#")[0].strip().lower()
        if value and not pattern.fullmatch(value):
            raise NotHashes(number)
        if value:
            values.append(value)
    rows = ListedHash.objects.filter(list_name=name, kind=kind)
    before = rows.count()
    ListedHash.objects.bulk_create(
        [ListedHash(list_name=name, kind=kind, value=value) for value in values],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )
    new = rows.count() - before
    append(Verb.LIST_LOADED, f"list:{name}", by, kind=kind, values=len(values), new=new)
    return new
