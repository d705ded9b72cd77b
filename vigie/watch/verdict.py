"""What an answer means. Pure: a time-out, an error or a log-in wall never means *removed*."""

import re

from vigie.lib.fetch import Fetched, Outcome
from vigie.watch.models import Check

Verdict = Check.Verdict

GONE = (404, 410)  # statuses
# What hosts write instead of a status. It counts only where a host would put it: see below.
REMOVAL_PHRASES = re.compile(
    r"(content|page|file|image|account|contenu|inhalt|inhoud)\s+(has\s+been|was|is|a\s+été|wurde|werd|is)"
    r"\s+(permanently\s+)?(removed|deleted|taken\s+down|supprimée?|retirée?|entfernt|gelöscht|verwijderd)",
    re.IGNORECASE,
)
LONGEST_REMOVAL_PAGE = 20_000  # bytes
VERY_SHORT_TEXT = 400  # characters: a page that says this and nothing else
SHOWS_SOMETHING = re.compile(
    rb"<\s*(img|image|picture|source|video|iframe|frame|object|embed|canvas)\b", re.IGNORECASE
)
# Nobody reads these; a phrase hidden in them must not make a page look removed.
UNREAD = re.compile(
    r"<!--.*?(-->|\Z)|<(script|style|template|noscript)\b.*?(</\2\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
HEADLINES = re.compile(r"<(title|h1|h2)\b[^>]*>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)


def verdict_of(answer: Fetched, pictures_on_page: int = 0) -> Verdict:
    """What one answer says of one address."""
    if answer.outcome is not Outcome.OK:
        return Verdict.UNCLEAR
    if answer.status in GONE:
        return Verdict.GONE
    if answer.status != 200:
        return Verdict.UNCLEAR
    html = "html" in answer.content_type.casefold()
    if html and not pictures_on_page and _is_removal_page(answer.body):
        return Verdict.GONE
    return Verdict.THERE


def _is_removal_page(body: bytes) -> bool:
    """A short page that shows nothing and says so in its headline, or says nothing else.

    A phrase somewhere in the text does not count: visitors write in comments, owners in footers.
    """
    if len(body) > LONGEST_REMOVAL_PAGE or SHOWS_SOMETHING.search(body):
        return False
    page = UNREAD.sub(" ", body.decode("utf-8", "replace"))
    headlines = [_text(found[2]) for found in HEADLINES.finditer(page)]
    if any(REMOVAL_PHRASES.search(headline) for headline in headlines):
        return True
    text = _text(page)
    return len(text) < VERY_SHORT_TEXT and bool(REMOVAL_PHRASES.search(text))


def _text(html: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", html).strip()


def together(verdicts: list[Verdict]) -> Verdict:
    """Of the page and its judged pictures: gone only if all are, there if any is."""
    if Verdict.THERE in verdicts:
        return Verdict.THERE
    return Verdict.GONE if set(verdicts) == {Verdict.GONE} else Verdict.UNCLEAR
