"""What is known of pictures by their values: judged here, or on a list; the same, or alike.

`verdicts` is for whoever asks: the desk, the first look, the campaign's worker, a trusted provider.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from django.conf import settings

from vigie.lib.seal import Unsealable
from vigie.matching import judged
from vigie.matching.engine.answers import Answer
from vigie.matching.engine.index import Index
from vigie.matching.engine.signals import SIGNALS
from vigie.matching.engine.store import Damaged, NotOurs, Unsafe
from vigie.matching.following import OWN, PATIENCE, followed
from vigie.matching.lists import lookup
from vigie.matching.models import JudgedHash, ListedHash

log = logging.getLogger("vigie.matching")
MOST = 500  # entries near to one picture; of more, those that say something else as well
FURTHER = 20_000  # that are asked for where there are more; of even more, not all are known


class Behind(Exception):
    """The index has not taken in all that the lists say: what it does not find may be there."""


@dataclass(frozen=True)
class Judged:
    """Our judgement of the same bytes, or of a picture within ``distance`` bits of this one.

    ``agreed``: every other judgement as near as that says the same, and nobody differs about these
    bytes (`judged`). Where not, a person must look.
    """

    row: JudgedHash
    distance: int
    same_bytes: bool
    agreed: bool


@dataclass(frozen=True)
class Listed:
    """An entry that counts, of a list in use. ``distance``: 0 for an equal value of any kind."""

    entry: ListedHash
    distance: int


@dataclass(frozen=True)
class Verdict:
    """The nearest first. Falsy: nothing is known of the whole picture.

    ``parts``: of each picture on it, where it is a sheet and whoever asked gave them. ``cut``:
    there is more than was looked at. ``doubted``: what a list holds here, we dispute or a list
    calls it harmless; known with ``own`` alone. In both cases no list decides without a person.
    ``disputed``: entries of equal values that count no more, for we dispute them.
    """

    judged: Judged | None = None
    listed: tuple[Listed, ...] = ()
    parts: tuple["Verdict", ...] = ()
    cut: bool = False
    doubted: bool = False
    disputed: tuple[ListedHash, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.judged or self.listed)

    @property
    def differ(self) -> bool:
        """Do people here contradict each other about these very bytes?"""
        return bool(self.judged and self.judged.same_bytes and self.judged.row.otherwise)


State = ListedHash.State
Row = TypeVar("Row")
Values = Mapping[str, str]  # kind (md5, sha1, sha256, pdq, photodna) to value; '' is none


def verdicts(
    pictures: Sequence[Values],
    within: Collection[int] | None = None,
    *,
    own: bool = True,
    whole: bool = False,
    patience: float = PATIENCE,
) -> list[Verdict]:
    """A verdict for each picture, in their order; all by a handful of questions.

    Leave ``pdq`` out where its quality is below `engine.pdq.MATCHABLE`: it would match anything.
    ``within``: numbers of the lists that may answer; None: all in use. ``own``: our judgements may
    answer too. Disputed, withdrawn and harmless entries are no answer, nor are judgements that were
    taken back; a list's threshold is the one it has now. ``whole``: raise `Behind` where the index
    cannot answer for all of that; otherwise the exact values, and what is in, answer. ``patience``:
    seconds that it may take to take in what is new.

    Not to be asked in a transaction that has moved the clock of changes: the index would take in
    what may be rolled back.
    """
    names = None if within is None else {*map(str, within), *([OWN] if own else [])}
    asked = {pdq for values in pictures if (pdq := values.get("pdq"))}
    near = _near(sorted(asked), names, whole, patience) if asked else {}
    found = [near.get(values.get("pdq", ""), Answer()) for values in pictures]
    matches = [match for answer in found for match in answer.matches]
    entries = _by_number(lookup.near, {m.number for m in matches if m.list_name != OWN})
    bytes_of = judged.of_bytes(v["sha256"] for v in pictures if v.get("sha256")) if own else {}
    # Of bytes that were judged themselves, nobody asks what they are like.
    unjudged = [a for v, a in zip(pictures, found, strict=True) if v.get("sha256") not in bytes_of]
    ours = {m.number for a in unjudged for m in a.matches if m.list_name == OWN} if own else set()
    rows = _by_number(judged.of_numbers, ours)
    exact = lookup.hits_of(pictures) if pictures else []
    made = [
        Verdict(
            _judged(values, answer, rows, bytes_of),
            _listed(values, answer, _in_state(State.ACTIVE, hits), entries, within),
            cut=answer.cut,
            disputed=tuple(_in_state(State.DISPUTED, hits)),
        )
        for values, answer, hits in zip(pictures, found, exact, strict=True)
    ]
    return _doubted(pictures, found, made, entries) if own else made


def _in_state(state: str, entries: Sequence[ListedHash]) -> list[ListedHash]:
    return [entry for entry in entries if entry.state == state]


def _doubted(
    pictures: Sequence[Values],
    answers: Sequence[Answer],
    made: list[Verdict],
    entries: Mapping[int, ListedHash],
) -> list[Verdict]:
    """With what speaks against the lists: of the same values, and disputes of what is near."""
    if not any(verdict.listed for verdict in made):
        return made
    near = [{m.number for m in one.matches if m.list_name != OWN} for one in answers]
    disputed = lookup.disputed_of(set().union(*near) - entries.keys())
    asked = [
        {*values.items(), *((one.entry.kind, one.entry.value) for one in verdict.listed)}
        for values, verdict in zip(pictures, made, strict=True)
    ]
    every = sorted(set().union(*asked))
    lots = (every[at : at + lookup.LOT] for at in range(0, len(every), lookup.LOT))
    against = {pair for lot in lots for pair in lookup.spoken_against(lot)}
    return [
        replace(verdict, doubted=bool(pairs & against or numbers & disputed))
        for verdict, pairs, numbers in zip(made, asked, near, strict=True)
    ]


def of_sheets(
    pictures: Sequence[Values],
    parts: Sequence[Sequence[str]],
    within: Collection[int] | None = None,
    **how: Any,
) -> list[Verdict]:
    """`verdicts`, each with those of the pictures on it. ``parts``: their PDQs, of each picture."""
    on = [{"pdq": pdq} for pdqs in parts for pdq in pdqs]
    found = verdicts([*pictures, *on], within, **how)
    of_parts = iter(found[len(pictures) :])
    return [
        replace(verdict, parts=tuple(islice(of_parts, len(pdqs))))
        for verdict, pdqs in zip(found[: len(pictures)], parts, strict=True)
    ]


def _near(
    pdqs: Sequence[str], names: Collection[str] | None, whole: bool, patience: float
) -> dict[str, Answer]:
    """The index's answers, by PDQ; of these lists alone, unless ``names`` is None."""
    caught_up, found = False, list[Answer]()
    try:
        caught_up = followed().catch_up(patience)
        if caught_up or not whole:
            found = _searched(followed().open(), pdqs, whole or names is not None)
    except (OSError, Unsafe, NotOurs, Unsealable) as error:
        log.error("the index of hashes cannot be used: %s", type(error).__name__)
        caught_up = False
        if isinstance(error, Damaged):  # whoever asks next fills it anew
            with suppress(OSError, Unsafe):
                followed().open(fresh=True)
    if whole and not caught_up:
        raise Behind
    return dict(zip(pdqs, (_only(one, names) for one in found), strict=False))


def _searched(index: Index, pdqs: Sequence[str], everything: bool) -> list[Answer]:
    """Cut by entries that do not count, or count less, an answer may lack those that do."""
    ask = partial(_all_of if everything else _far, index)
    found = index.search_many(pdqs, MOST)
    return [ask(pdq) if one.cut else one for pdq, one in zip(pdqs, found, strict=True)]


def _all_of(index: Index, pdq: str) -> Answer:
    return index.search(pdq, len(index))


def _far(index: Index, pdq: str) -> Answer:
    """All judgements of ours; and of the lists the nearest, with one of all that say otherwise."""
    answer, said = index.search(pdq, FURTHER), set()
    kept = []
    for at, match in enumerate(answer.matches):
        says = match.list_name, match.classification, match.state
        if at < MOST or match.list_name == OWN or says not in said:
            kept.append(match)
        said.add(says)
    return replace(answer, matches=tuple(kept))


def _only(answer: Answer, names: Collection[str] | None) -> Answer:
    if names is None:
        return answer
    return replace(answer, matches=tuple(m for m in answer.matches if m.list_name in names))


def _by_number(ask: Callable[[list[int]], dict[int, Row]], numbers: set[int]) -> dict[int, Row]:
    every = sorted(numbers)
    lots = (every[at : at + lookup.LOT] for at in range(0, len(every), lookup.LOT))
    return {number: row for lot in lots for number, row in ask(lot).items()}


def _distance(one: str, other: str) -> int:
    distance = SIGNALS["pdq"].distance(one, other)
    assert distance is not None
    return distance


def _judged(
    values: Values, answer: Answer, rows: dict[int, JudgedHash], bytes_of: dict[str, JudgedHash]
) -> Judged | None:
    """The judgement of the same bytes; else of the nearest picture, and of these the newest."""
    if same := bytes_of.get(values.get("sha256") or ""):
        return Judged(same, 0, same_bytes=True, agreed=not same.otherwise)
    numbers = [match.number for match in answer.matches if match.list_name == OWN]
    near = [
        (distance, row)
        for row in (rows[number] for number in numbers if number in rows)
        if (distance := _distance(values["pdq"], row.pdq))
        <= settings.ORGANISATION.matching.own_distance
    ]
    if not near:
        return None
    said = set().union(*(row.said for _, row in near))
    agreed = len(said) == 1 and not answer.cut
    distance, row = min(near, key=lambda pair: (pair[0], -pair[1].at.timestamp(), -pair[1].pk))
    return Judged(row, distance, same_bytes=False, agreed=agreed)


def _listed(
    values: Values,
    answer: Answer,
    exact: Sequence[ListedHash],
    entries: dict[int, ListedHash],
    within: Collection[int] | None,
) -> tuple[Listed, ...]:
    found = {entry.pk: Listed(entry, 0) for entry in exact}
    for match in answer.matches:
        entry = entries.get(match.number)
        if match.list_name == OWN or entry is None or str(entry.list_id) != match.list_name:
            continue
        distance = _distance(values["pdq"], entry.value)
        if distance <= entry.list.threshold:
            found.setdefault(entry.pk, Listed(entry, distance))
    kept = [one for one in found.values() if within is None or one.entry.list_id in within]
    return tuple(sorted(kept, key=lambda one: (one.distance, one.entry.list_id, one.entry.pk)))
