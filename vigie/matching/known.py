"""Is a picture on a list, or like one that was judged here?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vigie.matching.lists.values import CRYPTOGRAPHIC
from vigie.matching.verdicts import Values, Verdict, of_sheets


@dataclass(frozen=True)
class Known:
    """By what a picture is known: a list's name, ``judged here``, or ``judged differently`` (here).

    ``same``: equal bytes. Otherwise it, or a picture on it, is like one that is known.
    """

    name: str
    same: bool


def known_as(
    pictures: Sequence[Values],
    confirming: Collection[str],
    parts: Sequence[Sequence[str]] | None = None,
) -> list[Known | None]:
    """For each picture, in their order: the list that holds one of its values or one near.

    ``parts``: of each, the PDQs of the pictures on it, if it is a sheet: one that is known is
    enough. A picture like one confirmed on our own desk counts as the list ``judged here``; where
    people there differ about that one, as ``judged differently``. Raises `verdicts.Behind`: nobody
    may say that one is not known.
    """
    sheets = of_sheets(pictures, parts or [()] * len(pictures), whole=True)
    return [_best(sheet, confirming) for sheet in sheets]


def _best(sheet: Verdict, confirming: Collection[str]) -> Known | None:
    found = (_known_as(verdict, confirming) for verdict in (sheet, *sheet.parts))
    return next(filter(None, found), None)


def _known_as(verdict: Verdict, confirming: Collection[str]) -> Known | None:
    bytes_of = [one.entry for one in verdict.listed if one.entry.kind in CRYPTOGRAPHIC]
    if bytes_of:
        return Known(bytes_of[0].list.name, same=True)
    judged = verdict.judged
    ours = judged if judged and judged.row.said & set(confirming) else None
    if verdict.listed and not (ours and ours.same_bytes):
        return Known(verdict.listed[0].entry.list.name, same=False)
    if ours is None:
        return None
    return Known("judged differently" if ours.row.otherwise else "judged here", ours.same_bytes)
