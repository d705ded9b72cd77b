"""Entries as columns: what segments hold, in memory and in files.

A key is a list's number (16 bits) above its entry's number (48 bits); rows are sorted by it.
"""

import io
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
ENTRY_BITS = 48


def key_of(list_number: int, number: int) -> int:
    if not 0 <= number < 1 << ENTRY_BITS:
        raise ValueError("an entry's number is below 2 to the 48th")
    return list_number << ENTRY_BITS | number


class State(IntEnum):
    """What the owner of a list says of an entry. Told with each match; the caller decides."""

    ACTIVE = 0
    DISPUTED = 1
    WITHDRAWN = 2


GONE = 255  # in a tail: this key is no longer there


@dataclass(frozen=True)
class Rows:
    """``keys``, ``changes`` (n), ``hashes`` (n, 4): uint64; ``classes``, ``states`` (n): uint8.

    ``changes``: a number that grows with every change of the index, so that the newer is known.
    """

    keys: Words
    hashes: Words
    classes: NDArray[np.uint8]
    states: NDArray[np.uint8]
    changes: Words

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, which: Any) -> Self:
        return type(self)(*(column[which] for column in _columns(self)))

    @classmethod
    def none(cls) -> Self:
        few = np.zeros(0, np.uint8)
        return cls(
            few.astype(np.uint64),
            np.zeros((0, 4), np.uint64),
            few,
            few,
            few.astype(np.uint64),
        )

    def frozen(self) -> Self:
        return type(self)(*map(frozen, _columns(self)))

    def packed(self) -> bytes:
        output = io.BytesIO()
        np.savez(output, **{field.name: getattr(self, field.name) for field in fields(self)})
        return output.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return cls(**{field.name: file[field.name] for field in fields(cls)})


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Not to be written to: one kind of array for the compiled search, mapped or not."""
    array = np.ascontiguousarray(array)
    array.setflags(write=False)
    return array


def _columns(rows: Rows) -> tuple[NDArray[Any], ...]:
    return tuple(getattr(rows, field.name) for field in fields(rows))


def laid_over(old: Rows, new: Rows) -> Rows:
    """Both, sorted by key; where a key is in both, and within ``new``, the later row stands."""
    _, last = np.unique(new.keys[::-1], return_index=True)
    new = new[len(new) - 1 - last]
    old = old[~np.isin(old.keys, new.keys)]
    both = [np.concatenate(pair) for pair in zip(_columns(old), _columns(new), strict=True)]
    return Rows(*both)[np.argsort(both[0], kind="stable")]


def without_gone(rows: Rows) -> Rows:
    return rows[rows.states != GONE]
