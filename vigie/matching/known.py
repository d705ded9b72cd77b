"""Is a picture on a list, or like one that was judged here?"""

from collections.abc import Collection, Sequence

from vigie.matching.verdicts import Values, Verdict, of_sheets


def known_as(values: Values, confirming: Collection[str], parts: Sequence[str] = ()) -> str:
    """The list that holds one of these values or one near, or '' if none does.

    ``parts``: PDQs of the pictures on it, if it is a sheet: one that is known is enough. A picture
    like one confirmed on our own desk counts as the list ``judged here``. Raises `verdicts.Behind`:
    nobody may say that it is not known.
    """
    (sheet,) = of_sheets([values], [parts], whole=True)
    names = (_known_as(verdict, confirming) for verdict in (sheet, *sheet.parts))
    return next(filter(None, names), "")


def _known_as(verdict: Verdict, confirming: Collection[str]) -> str:
    if verdict.listed:
        return verdict.listed[0].entry.list.name
    judged = verdict.judged
    return "judged here" if judged and judged.row.classification in confirming else ""
