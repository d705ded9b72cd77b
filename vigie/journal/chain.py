"""How a line is bound to the one before: SHA-256 over a canonical form. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


@dataclass(frozen=True)
class Line:
    """``at`` is None where a tampered database holds no time any more."""

    seq: int
    at: datetime | None
    actor: str
    verb: str
    subject: str
    detail: str
    previous: str
    hash: str = ""

    def digest(self) -> str:
        at = self.at and self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = [self.seq, at, self.actor, self.verb, self.subject, self.detail, self.previous]
        text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"), default=repr)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """Where the journal is not what it was, and how we know. ``seq`` names the place."""

    seq: int
    what: str


def canonical(detail: Mapping[str, Any]) -> str:
    return json.dumps(detail, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def faults(lines: Iterable[Line], heads: Mapping[int, str]) -> Iterable[Fault]:
    """Every place where the chain, in the order of ``seq``, is broken or denies a signed head.

    ``heads``: seq to hash, as signed outside the database.
    """
    previous, expected, seen = START, 1, 0
    for line in lines:
        if line.seq != expected:
            yield Fault(expected, f"missing up to {line.seq - 1}")
        if line.previous != previous:
            yield Fault(line.seq, "does not follow the line before it")
        if line.digest() != line.hash:
            yield Fault(line.seq, "was changed")
        if line.seq in heads and heads[line.seq] != line.hash:
            yield Fault(line.seq, "is not what was signed: the chain was made anew")
        previous, expected, seen = line.hash, line.seq + 1, line.seq
    for seq in sorted(seq for seq in heads if seq > seen):
        yield Fault(seq, "was signed and is gone: the end was cut off")
