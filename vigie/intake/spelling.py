"""The receipt in what somebody typed, who copied it by hand: which words were meant?

The lists keep any two words three edits apart (tests/test_words.py), so one typo in a word still
says which it was. Words run together, or apart in the wrong place, are found again as well.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from os.path import commonprefix


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
    """The word itself, or the one word that is a single edit away, or else a swap of two letters.

    An edit comes first: the lists promise that only one word is that near, of swaps they do not.
    """
    index = _shortened_words(words)
    if typed in index and typed in index[typed]:
        return typed
    near = {word for key in _shortened(typed) for word in index.get(key, ())}
    for slip in (_one_edit, _one_swap):
        found = [word for word in near if slip(typed, word)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


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


def _one_edit(typed: str, word: str) -> bool:
    """One letter too many, too few, or another."""
    a, b = _from_the_difference(typed, word)
    return a[1:] == b or a == b[1:] or a[1:] == b[1:]


def _one_swap(typed: str, word: str) -> bool:
    a, b = _from_the_difference(typed, word)
    return a[:2] == b[1::-1] and a[2:] == b[2:]


def _from_the_difference(typed: str, word: str) -> tuple[str, str]:
    start = len(commonprefix([typed, word]))
    return typed[start:], word[start:]


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
