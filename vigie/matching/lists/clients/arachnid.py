"""Arachnid Shield (Canadian Centre for Child Protection), v1: asked about PDQ values, no list.

``POST v1/pdq/ {"hashes": [base64]}``. The service also takes media and addresses of media; those
are never sent. It documents no question by SHA alone: an exact answer needs the media, so there is
none here. Shapes after the provider's published client; *unverified* against the service.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vigie.lib.partner import Partner, PartnerFailed
from vigie.matching.lists.values import plain

MOST = 100  # in one question: the provider's limit is not published
NOTHING = "no-known-match"
MEANS = {"csam": "national", "harmful-abusive-material": "other"}


@dataclass(frozen=True)
class Answer:
    """What they say of one PDQ. ``means``: in our words; '' where they know nothing."""

    given: str
    means: str
    sha256: str = ""  # of the picture of theirs that is near


def check(partner: Partner, pdqs: Sequence[str]) -> dict[str, Answer]:
    """Their answer for each PDQ (hexadecimal). Raises `PartnerFailed`, also if one is missing."""
    found: dict[str, Answer] = {}
    for start in range(0, len(pdqs), MOST):
        asked = {_spelling(pdq): pdq for pdq in pdqs[start : start + MOST]}
        body = partner.send("POST", "v1/pdq/", json={"hashes": list(asked)})
        answers = _answers(body)
        if not asked.keys() <= answers.keys():
            raise PartnerFailed("left a question out")
        found |= {pdq: _answer(answers[spelt]) for spelt, pdq in asked.items()}
    return found


def _spelling(pdq: str) -> str:
    return base64.b64encode(bytes.fromhex(pdq)).decode()


def _answers(body: bytes) -> dict[str, Any]:
    try:
        answers = json.loads(body)["scanned_hashes"]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise PartnerFailed("answered something else") from None
    if not isinstance(answers, dict):
        raise PartnerFailed("answered something else")
    return answers


def _answer(answer: Any) -> Answer:
    """``null`` is a no as well; a word that we do not know is one that claims nothing."""
    if not isinstance(answer, dict):
        return Answer(NOTHING, "")
    given = plain(answer.get("classification"), 60) or NOTHING
    near = answer.get("near_match_details")
    near = near[0] if isinstance(near, list) and near else near
    sha256 = plain(near.get("sha256_hex"), 64).lower() if isinstance(near, dict) else ""
    return Answer(given, MEANS.get(given, ""), sha256)
