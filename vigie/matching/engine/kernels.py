"""The search itself: exact, within a radius of at most 31 bits. Compiled where numba is.

A hash has 16 chunks of 16 bits. Two hashes within 31 bits agree to within one bit in at least one
of them (within 15 bits: entirely), so it is enough to look where that chunk, or that chunk with one
bit changed, leads.
"""

from collections.abc import Callable
from typing import Any

from vigie.matching.engine import plain

search_base: Callable[..., Any] = plain.search_base
search_tail: Callable[..., Any] = plain.search_tail
try:
    from vigie.matching.engine import compiled
except ImportError:
    pass
else:
    search_base, search_tail = compiled.search_base, compiled.search_tail
