"""Is a picture on a list, or was it judged here? By exact values; the index will add near ones."""

from collections.abc import Collection

from django.db.models import Q

from vigie.matching.lists.lookup import hits
from vigie.matching.models import JudgedHash


def known_as(hashes: dict[str, str], confirming: Collection[str]) -> str:
    """The list that holds one of these values (``kind`` to value), or '' if none does.

    A picture confirmed on our own desk counts as the list ``judged here``.
    """
    if hit := hits(hashes).first():
        return hit.list.name
    judged = Q(sha256=hashes.get("sha256") or "-") | Q(pdq=hashes.get("pdq") or "-")
    newest = JudgedHash.objects.filter(judged).first()
    return "judged here" if newest and newest.classification in confirming else ""
