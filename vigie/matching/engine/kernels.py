"""The search itself: exact, within a radius of at most 31 bits. Compiled where numba is.

A hash has 16 chunks of 16 bits. Two hashes within 31 bits agree to within one bit in at least one
of them (within 15 bits: entirely), so it is enough to look where that chunk, or that chunk with one
bit changed, leads.

Numba takes half a second to load, and most programs never search: it is loaded by the first who
asks for a search.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from vigie.matching.engine import plain

search_base: Callable[..., Any]
search_tail: Callable[..., Any]


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in ("search_base", "search_tail"):
        raise AttributeError(name)
    try:
        searches = import_module("vigie.matching.engine.compiled")
    except ImportError:
        searches = plain
    search: Callable[..., Any] = globals().setdefault(name, getattr(searches, name))
    return search
