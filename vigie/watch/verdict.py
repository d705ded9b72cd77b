"""What an answer means. Pure: a time-out, an error or a log-in wall never means *removed*."""

import re

from vigie.lib.fetch import Fetched, Outcome
from vigie.watch.models import Check

Verdict = Check.Verdict

# What hosts write instead of a status. A phrase counts only on a short page without pictures.
REMOVAL_PHRASES = re.compile(
    r"(content|page|file|image|account|contenu|inhalt|inhoud)\s+(has\s+been|was|is|a\s+été|wurde|werd|is)"
    r"\s+(permanently\s+)?(removed|deleted|taken\s+down|supprimée?|retirée?|entfernt|gelöscht|verwijderd)",
    re.IGNORECASE,
)
LONGEST_REMOVAL_PAGE = 20_000  # bytes


def verdict_of(answer: Fetched, pictures_on_page: int = 0) -> Verdict:
    """What one answer says of one address."""
    if answer.outcome is not Outcome.OK:
        return Verdict.UNCLEAR
    if answer.status in (404, 410):
        return Verdict.GONE
    if answer.status != 200:
        return Verdict.UNCLEAR
    html = "html" in answer.content_type.casefold()
    if html and not pictures_on_page and len(answer.body) <= LONGEST_REMOVAL_PAGE:
        text = re.sub(r"<[^>]+>|\s+", " ", answer.body.decode("utf-8", "replace"))
        if REMOVAL_PHRASES.search(text):
            return Verdict.GONE
    return Verdict.THERE


def together(verdicts: list[Verdict]) -> Verdict:
    """Of the page and its judged pictures: gone only if all are, there if any is."""
    if Verdict.THERE in verdicts:
        return Verdict.THERE
    return Verdict.GONE if set(verdicts) == {Verdict.GONE} else Verdict.UNCLEAR
