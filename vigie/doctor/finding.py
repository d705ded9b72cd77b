"""What one assertion found. Only a fault makes the doctor's answer bad; what is skipped is said."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SHOWN = 3  # faults told of one assertion; the rest are counted


class Outcome(StrEnum):
    OK = "ok"
    FAIL = "FAIL"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """``name``: ``site.csp``. ``said``: what is wrong and what to do, or why it was skipped."""

    name: str
    outcome: Outcome
    said: str = ""

    def __str__(self) -> str:
        return f"{self.outcome:<8}{self.name}{f': {self.said}' if self.said else ''}"


def judged(name: str, faults: Iterable[str], advice: str) -> Finding:
    """Fails with the first faults and the advice; ok when there is no fault."""
    found = list(dict.fromkeys(faults))
    if not found:
        return Finding(name, Outcome.OK)
    more = f" (and {len(found) - SHOWN} more)" if len(found) > SHOWN else ""
    return Finding(name, Outcome.FAIL, f"{'; '.join(found[:SHOWN])}{more}. {advice}")


def skipped(name: str, why: str) -> Finding:
    return Finding(name, Outcome.SKIPPED, why)
