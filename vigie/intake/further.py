"""The pages after a report was sent. Each adds to it, none is needed, nothing is kept between them.

A page carries the token of its report in a hidden field, and so never in an address. What was
typed is never lost: with a token that is not ours, it becomes a report of its own.
"""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_http_methods

from vigie.intake.continuing import NUMBER, PROOF, letter_of, token_of
from vigie.intake.forms import KINDS
from vigie.intake.pressure import flood_of
from vigie.intake.reading import fields_of, notes_of, repeated
from vigie.intake.services import InboxUnavailable, More, NewReport, add, receive
from vigie.lib.access import public

# In the order of use: what cannot wait comes first, for people leave at every page.
FIELDS = {
    "danger": ["danger", "child"],
    "place": ["kind", "how", "seen"],
    "contact": ["contact", "comment"],
}
PAGES = list(FIELDS)
HERE = "here-stands-the-token"
# For each language: whose site it was drawn for, and the page.
_drawn: dict[str | None, tuple[object, bytes]] = {}
EVERY_FIELD = [name for names in FIELDS.values() for name in names]


@dataclass(frozen=True)
class Sent:
    """What a page sent: its token, its name, the button, and what was typed into it."""

    token: str
    page: str
    act: str
    typed: dict[str, str]

    @property
    def danger(self) -> bool:
        """Words without a tick count as a yes: better one call too many."""
        said, words = self.typed.get("danger"), self.typed.get("child")
        return said == "yes" or (bool(words) and said != "no")

    @property
    def next(self) -> str | None:
        if self.act == "finish" or self.page not in PAGES[:-1]:
            return None
        return PAGES[PAGES.index(self.page) + 1]


@public
@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest) -> HttpResponse:
    """Take one page, show the next. Whoever comes by an address alone has sent everything."""
    if request.method != "POST":
        return finished(request)
    sent = _read(request)
    letter = letter_of(sent.token)
    kept = bool(sent.typed) and sent.act != "skip"
    try:
        if kept:
            letter = _keep(request, letter, sent)
    except InboxUnavailable:
        page, typed = sent.page or PAGES[-1], repeated(request, sent.typed, not_saved=True)
        return show(request, page, sent.token, typed=typed, not_saved=True)
    if sent.next is None:
        return finished(request)
    token = token_of(letter) if letter else ""
    return show(request, sent.next, token, added=kept, apart=kept and not letter_of(sent.token))


def show(
    request: HttpRequest, page: str, token: str, *, not_saved: bool = False, **more: object
) -> HttpResponse:
    """One of the further pages; the first of them says thank you."""
    context = {
        "step": page,
        "number": PAGES.index(page) + 1,
        "count": len(PAGES),
        "last": page == PAGES[-1],
        "token": token,
        "kinds": KINDS,
        **notes_of(request),
        "not_saved": not_saved,
        "language_links": [(code, name, _thanks(code)) for code, name in settings.LANGUAGES],
        **more,
    }
    return render(request, "intake/more.html", context, status=503 if not_saved else 200)


def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """The page that thanks for a report. But for its token it is the same for everybody, and to
    draw it is half of what a report costs: so it is drawn once."""
    if any(notes_of(request).values()):
        return show(request, PAGES[0], token, thanks=True)
    language = get_language()
    drawn_for, page = _drawn.get(language, (None, b""))
    if drawn_for != (settings.ORGANISATION, settings.DEMO):
        page = show(request, PAGES[0], HERE, thanks=True).content
        _drawn[language] = (settings.ORGANISATION, settings.DEMO), page
    return HttpResponse(page.replace(HERE.encode(), token.encode()))


def _thanks(language: str) -> str:
    """Where this page leads in another language: an address cannot take the token along."""
    with override(language):
        return reverse("sent")


def finished(request: HttpRequest) -> HttpResponse:
    if any(notes_of(request).values()):
        return render(request, "intake/sent.html", notes_of(request))
    response = redirect("sent")
    response.status_code = 303  # GET from here on: a reload sends nothing twice
    return response


def _read(request: HttpRequest) -> Sent:
    found = fields_of(request, ["token", "page", "act", *EVERY_FIELD])
    page = found.get("page", "")
    # Of a page that we do not know, everything is taken.
    names = FIELDS.get(page, EVERY_FIELD)
    typed = {name: found[name] for name in names if found.get(name, "").strip()}
    if typed.get("kind", "") not in dict(KINDS):
        del typed["kind"]
    token = found.get("token", "")[: NUMBER + PROOF + 1]  # longer is none of ours
    return Sent(token, page if page in PAGES else "", found.get("act", ""), typed)


def _keep(request: HttpRequest, letter: uuid.UUID | None, sent: Sent) -> uuid.UUID:
    """Add to the report; or, if nobody can say which that was, take it as a new one."""
    if letter:
        # Where nothing tells who sends, a thousand pages for one report are measured by the report.
        flood = flood_of(request, f"{letter.hex}.report")
        add(letter, More(sent.page or PAGES[-1], sent.typed, sent.danger), flood)
        return letter
    words: dict[str, Any] = {
        name: text for name, text in sent.typed.items() if name not in ("danger", "child")
    }
    place = "\n".join(text for name, text in sent.typed.items() if name not in ("danger", "kind"))
    report = NewReport(place, danger=sent.danger, language=(get_language() or "fr")[:2])
    return receive(replace(report, **words), flood_of(request, place))
