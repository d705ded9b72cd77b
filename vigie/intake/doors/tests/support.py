"""Opening what was sealed to the operators: their key is unlocked once, which takes a second."""

import functools
import json

from tests.environment import FOLDER, PASSPHRASE
from vigie.intake.models import Report
from vigie.lib.seal import unlock, unseal


@functools.cache
def _operators() -> str:
    return unlock((FOLDER / "keys/operators.age").read_bytes(), PASSPHRASE)


def words_of(report: Report) -> dict[str, object]:
    words: dict[str, object] = json.loads(unseal(_operators(), bytes(report.words)))
    return words
