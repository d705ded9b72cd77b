"""A provider's picture → a verdict, within the lists that it may ask about."""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vigie.lib.limited import LimitedFailed
from vigie.lib.nursery import Nursery
from vigie.matching.engine.index import State
from vigie.matching.engine.pdq import MATCHABLE
from vigie.matching.lists.lookup import hits_of
from vigie.matching.lists.models import HashList, Meaning
from vigie.matching.picture import is_heif
from vigie.matching.providers.following import caught_up

HASHES = Nursery("vigie.matching.picture", seconds=20, memory_mb=1500)
HEIF_HASHES = Nursery("vigie.matching.picture", seconds=20, memory_mb=1500, threads=True)
SECONDS = 60.0  # that the pictures of one request may take together
MOST_MATCHES = 1_000


@dataclass(frozen=True)
class Values:
    """What a picture is asked by. ``pdqs``: its own, and those of a sheet's pictures."""

    exact: Mapping[str, str]
    pdqs: tuple[str, ...] = ()
    readable: bool = True


@dataclass(frozen=True)
class Verdict:
    """``matches``: (list, classification), each once, the lists in the order of their names."""

    same_bytes: bool
    matches: tuple[tuple[str, str], ...]


def values_of(pictures: Sequence[bytes]) -> list[Values]:
    """Hashed in memory, in limited children, within `SECONDS` for all of them."""
    end = time.monotonic() + SECONDS
    return [_values(data, end - time.monotonic()) for data in pictures]


def _values(data: bytes, seconds: float) -> Values:
    exact = {
        kind: hashlib.new(kind, data, usedforsecurity=False).hexdigest()
        for kind in ("md5", "sha1", "sha256")
    }
    if seconds <= 0:
        return Values(exact, readable=False)
    reader = HEIF_HASHES if is_heif(data) else HASHES
    try:
        found = json.loads(b"".join(reader.ask(data, seconds=seconds)))
    except LimitedFailed:
        return Values(exact, readable=False)
    if "error" in found:
        return Values(exact, readable=False)
    own = [found["pdq"]] if found["quality"] >= MATCHABLE else []
    return Values(exact, (*own, *found["parts"]))


def verdicts(pictures: Sequence[Values], lists: Sequence[HashList]) -> list[Verdict]:
    """Of each picture, in their order. Lists that are not in use answer nothing; nor do entries
    that were taken back, are disputed, or are harmless."""
    within = {one.pk: one for one in lists if one.active}
    exact = hits_of([one.exact for one in pictures])
    near = _near([pdq for one in pictures for pdq in one.pdqs], within)
    found = []
    for one, hits in zip(pictures, exact, strict=True):
        same = {(h.list.name, h.classification) for h in hits if h.list_id in within}
        like = {match for pdq in one.pdqs for match in near[pdq]}
        found.append(Verdict(bool(same), tuple(sorted(same | like))))
    return found


def _near(pdqs: Sequence[str], within: Mapping[int, HashList]) -> dict[str, set[tuple[str, str]]]:
    """By PDQ. In the index a list goes by its number, and has the threshold that it has now."""
    asked = list(dict.fromkeys(pdqs))
    if not asked:
        return {}
    index = caught_up()
    by_name = {str(number): one for number, one in within.items()}
    answers = index.search_many(asked, MOST_MATCHES)
    # Cut by other lists' entries, an answer may lack ours.
    answers = [
        index.search(pdq, len(index)) if answer.cut else answer
        for pdq, answer in zip(asked, answers, strict=True)
    ]
    return {
        pdq: {
            (by_name[match.list_name].name, match.classification)
            for match in answer.matches
            if match.list_name in by_name
            and match.state == State.ACTIVE
            and match.distance <= by_name[match.list_name].threshold
            and match.classification != Meaning.HARMLESS
        }
        for pdq, answer in zip(asked, answers, strict=True)
    }
