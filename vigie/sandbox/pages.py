"""The pages about mail and hosts, and the first one."""

import secrets
from typing import Final

from vigie.sandbox.files import stamp
from vigie.sandbox.framing import Page, button, facts, frame, when
from vigie.sandbox.hosts import SHARED
from vigie.sandbox.letters import attachments, body, header, is_encrypted
from vigie.sandbox.mailbox import Letter
from vigie.sandbox.markup import Html, el
from vigie.sandbox.removals import Asked, Place
from vigie.sandbox.world import PROVIDERS, Behaviour, Provider

_BEHAVIOUR: Final = {
    Behaviour.PROMPT: "removes promptly what it is told to remove",
    Behaviour.SLOW: "removes, but slowly",
    Behaviour.IGNORES: "ignores every notice",
}


def overview() -> Page:
    return frame(
        "The outside world, in a box",
        "/",
        el(
            "p",
            "This is the demonstration's stand-in for the outside world: hosting providers, name "
            "servers, an address registry, a mail server and a police mailbox. All of it runs on "
            "this computer. Nothing here is real, nothing leaves this computer, and the pictures "
            "are shapes and cats drawn by a program.",
        ),
        el(
            "ul",
            el("li", el("a", "Mail", href="/mail/"), ": every letter sent in the demonstration."),
            el(
                "li",
                el("a", "Police mailbox", href="/police/"),
                ": referrals as the police read them; acknowledge, authorise a removal, contact "
                "the host.",
            ),
            el(
                "li",
                el("a", "Hosts", href="/hosts/"),
                ": addresses to report, and what has been removed.",
            ),
            el("li", "Partners who share hashes: programs speak to them, below /partners/."),
        ),
    )


def mail_list(letters: list[Letter], to: str) -> Page:
    field = el("input", id="to", name="to", value=to, type="email")
    search = el(
        "form", el("label", "Only mail to", for_="to"), field, el("button", "Show"), method="get"
    )
    rows = [_mail_row(letter) for letter in letters]
    listing = el("ol", *rows, class_="cards") if rows else el("p", "No mail yet.")
    return frame("Mail", "/mail/", search, listing)


def _mail_row(letter: Letter) -> Html:
    subject = header(letter.message, "Subject") or "(no subject)"
    return el(
        "li",
        el("a", subject, href=f"/mail/{letter.id}/"),
        el("p", f"{header(letter.message, 'From')} → {', '.join(letter.recipients)}"),
        el("p", when(stamp(letter.received)), class_="quiet"),
    )


def mail_detail(letter: Letter) -> Page:
    """One letter as text; the parts of an encrypted one are its ciphertext."""
    message = letter.message
    names = ("From", "To", "Date", "Message-ID", "In-Reply-To", "Reply-To", "Auto-Submitted")
    parts = [
        el(
            "section",
            el("h2", f"Attachment: {part.name}"),
            el("p", part.content_type, class_="quiet"),
            el("pre", part.text),
        )
        for part in attachments(message)
    ]
    sealed = el("p", "This mail is encrypted: what follows is its ciphertext.")
    return frame(
        header(message, "Subject") or "(no subject)",
        "",
        facts(
            ("Envelope", f"{letter.sender or '<>'} → {', '.join(letter.recipients)}"),
            *((name, header(message, name)) for name in names),
        ),
        sealed if is_encrypted(message) else el("pre", body(message)),
        *parts,
    )


def hosts(asked: dict[Place, Asked], removed: frozenset[Place]) -> Page:
    rows = [_removal_row(place, request, place in removed) for place, request in asked.items()]
    listing = el("ul", *rows, class_="cards") if rows else el("p", "Nothing has been removed.")
    return frame(
        "Hosts",
        "/hosts/",
        el(
            "p",
            "Every page below exists until its host removes it; each visit to this page proposes "
            "fresh ones. Addresses are text: only the system under demonstration reaches them.",
        ),
        el("section", el("h2", "Asked to be removed"), listing),
        *(_provider(provider) for provider in PROVIDERS),
    )


def _removal_row(place: Place, request: Asked, removed: bool) -> Html:
    url = f"http://{place}"
    asked, due = when(stamp(request.asked)), when(stamp(request.due))
    state = f"removed since {due}" if removed else f"will be removed at {due}"
    if request.withdrawn:
        kept = state if removed else "and stays"
        state = f"{kept}; the notice was withdrawn {when(stamp(request.withdrawn))}"
    return el(
        "li",
        el("code", url),
        el("p", f"Asked {asked}, {state}", class_="quiet"),
        button("/hosts/restore", "Put it back", url, url=url),
    )


def _provider(provider: Provider) -> Html:
    fresh = [
        el("li", el("code", f"http://{site.name}/a/{prefix}{secrets.token_hex(4)}"))
        for site in provider.sites
        for prefix in ("", *(f"{kind}-" for kind in SHARED), "film-")
    ]
    return el(
        "section",
        el("h2", provider.name),
        facts(
            ("Country", provider.country or "not in the registry"),
            ("Abuse contact", provider.abuse or "none"),
            ("Behaviour", _BEHAVIOUR[provider.behaviour]),
            ("After removal", provider.removal.value),
        ),
        el("ul", *fresh),
    )
