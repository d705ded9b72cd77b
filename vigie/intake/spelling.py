"""The receipt in what somebody typed, who copied it by hand: which words were meant?

The lists keep any two words three edits apart (tests/test_words.py), so one typo in a word still
says which it was. Words run together, or apart in the wrong place, are found again as well.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache


def meant(typed: list[str], words: tuple[str, ...], count: int) -> tuple[str, ...] | None:
    """The ``count`` words of this list that were meant; None if these are not they.

    ``typed`` and ``words`` folded: lower case, no accents.
    """
    if len(typed) == count:
        found = [closest(word, words) for word in typed]
        return tuple(w for w in found if w) if all(found) else None
    together = "".join(typed)
    if len(together) > count * max(map(len, words)):
        return None
    ways = list(_ways(together, frozenset(words), count))
    return ways[0] if len(ways) == 1 else None


def closest(typed: str, words: tuple[str, ...]) -> str | None:
    """The word itself, or the one word that is a single slip away (two letters swapped is one)."""
    index = _shortened_words(words)
    if typed in index and typed in index[typed]:
        return typed
    near = {word for key in _shortened(typed) for word in index.get(key, ())}
    slips = {word for word in near if _one_slip(typed, word)}
    return slips.pop() if len(slips) == 1 else None


def _shortened(word: str) -> set[str]:
    """The word, and it with each letter left out: whatever is one edit away shares one of these."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


@cache
def _shortened_words(words: tuple[str, ...]) -> dict[str, frozenset[str]]:
    index: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for key in _shortened(word):
            index[key].add(word)
    return {key: frozenset(found) for key, found in index.items()}


def _one_slip(typed: str, word: str) -> bool:
    """One letter too many, too few or another, or two neighbours swapped."""
    if abs(len(typed) - len(word)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(word)) and typed[start] == word[start]:
        start += 1
    a, b = typed[start:], word[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _ways(text: str, words: frozenset[str], count: int) -> Iterator[tuple[str, ...]]:
    """Every way to read a text as ``count`` words, two at most (more than one is none)."""
    shortest, longest = min(map(len, words)), max(map(len, words))
    reached: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    found = 0
    while reached and found < 2:
        at, so_far = reached.pop()
        left = count - len(so_far)
        if not left:
            if at == len(text):
                found += 1
                yield so_far
            continue
        if not shortest * left <= len(text) - at <= longest * left:
            continue
        for end in range(at + shortest, min(at + longest, len(text)) + 1):
            if text[at:end] in words:
                reached.append((end, (*so_far, text[at:end])))
