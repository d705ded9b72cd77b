"""Is a picture on a list, or like one that was judged here?"""

from collections.abc import Collection

from vigie.matching.verdicts import Values, verdicts


def known_as(values: Values, confirming: Collection[str]) -> str:
    """The list that holds one of these values or one near, or '' if none does.

    A picture like one confirmed on our own desk counts as the list ``judged here``. Raises
    `verdicts.Behind`: nobody may say that it is not known.
    """
    (verdict,) = verdicts([values], whole=True)
    if verdict.listed:
        return verdict.listed[0].entry.list.name
    judged = verdict.judged
    return "judged here" if judged and judged.row.classification in confirming else ""
