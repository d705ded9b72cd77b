"""The frame of every page: the stripe that nothing is real, the menu; what pages are made of."""

from dataclasses import dataclass
from typing import Final

from vigie.sandbox.markup import Html, document, el, join

_MENU: Final = (
    ("/", "Overview"),
    ("/mail/", "Mail"),
    ("/police/", "Police mailbox"),
    ("/hosts/", "Hosts"),
)
_REL: Final = "noreferrer noopener"


@dataclass(frozen=True)
class RealReport:
    """Where to report for real; whoever starts the sandbox says so."""

    label: str
    url: str


@dataclass(frozen=True)
class Page:
    """A page before it is framed."""

    title: str
    here: str
    content: tuple[Html | None, ...]


def frame(title: str, here: str, *content: Html | None) -> Page:
    return Page(title, here, content)


def framed(page: Page, real_report: RealReport | None) -> bytes:
    """A whole page: the stripe that nothing is real, the menu, the content."""
    title, here, content = page.title, page.here, page.content
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{title} · Sandbox"),
        el("link", rel="icon", href="/static/icon.svg", type="image/svg+xml"),
        el("link", rel="stylesheet", href="/static/sandbox.css"),
    )
    links = [el("li", _menu_link(path, text, here)) for path, text in _MENU]
    return document(
        head,
        el(
            "body",
            el("a", "Skip to the content", href="#content", class_="skip"),
            el(
                "header",
                _stripe(real_report),
                el("nav", el("ul", *links), aria_label="Sandbox"),
            ),
            el("main", el("h1", title), *content, id="content"),
        ),
    )


def _stripe(real_report: RealReport | None) -> Html:
    said = "Demonstration: nothing here is real. What is reported or sent here goes nowhere."
    link = el("a", real_report.label, href=real_report.url, rel=_REL) if real_report else None
    return el("p", f"{said} " if link else said, link, class_="stripe")


def _menu_link(path: str, text: str, here: str) -> Html:
    if path == here:
        return el("a", text, href=path, aria_current="page")
    return el("a", text, href=path)


def button(action: str, text: str, about: str = "", **fields: str) -> Html:
    """A form with one button; `about` tells buttons of one text apart to screen readers."""
    hidden = [el("input", type="hidden", name=name, value=v) for name, v in fields.items()]
    more = el("span", f" {about}", class_="unseen") if about else None
    return el("form", *hidden, el("button", text, more), method="post", action=action)


def facts(*rows: tuple[str, str]) -> Html:
    """A list of names and values; rows without a value are left out."""
    shown = [join(el("dt", name), el("dd", value)) for name, value in rows if value]
    return el("dl", *shown)


def when(moment: str) -> str:
    """An RFC 3339 moment for people, to the second; nothing stays nothing."""
    return f"{moment[:19].replace('T', ' ')} UTC" if moment else ""
