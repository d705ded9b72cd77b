"""The police mailbox as a page: each referral, and what an officer can do with its items."""

from typing import Final
from urllib.parse import quote

from vigie.sandbox.casebook import Act, Entry
from vigie.sandbox.files import stamp
from vigie.sandbox.framing import Page, button, facts, frame, when
from vigie.sandbox.markup import Html, el
from vigie.sandbox.openpgp import Signature
from vigie.sandbox.packs import Content, Item, Pack
from vigie.sandbox.police import Police

_BUTTONS: Final = {
    Act.ACKNOWLEDGE: "Acknowledge",
    Act.AUTHORISE: "Authorise removal",
    Act.CONTACT: "Contact the host",
}
_SIGNATURES: Final = {
    Signature.VERIFIED: "verified: the hotline signed this pack",
    Signature.NOT_VERIFIED: "not verified: nothing can be done with this pack",
    Signature.NOT_CHECKED: "not checked: the hotline's certificate is not known here",
}


def police_page(police: Police, problem: str = "") -> Page:
    packs = [_pack(police, pack) for pack in police.packs()]
    alert = el("p", problem, role="alert", class_="alert") if problem else None
    listing = packs or [el("p", "No referral has arrived yet.")]
    return frame("Police mailbox", "/police/", alert, *listing)


def _pack(police: Police, pack: Pack) -> Html:
    letter = el("p", el("a", f"Read the mail {pack.letter_id}", href=f"/mail/{pack.letter_id}/"))
    if pack.content is None:
        return el(
            "section",
            el("h2", f"Unreadable mail {pack.letter_id}"),
            el("p", pack.problem, class_="alert"),
            letter,
        )
    return el(
        "section",
        el("h2", pack.content.reference),
        _about(pack, pack.content),
        _withdrawn(police.withdrawn(pack.reference)),
        *(_item(police, pack, item) for item in pack.content.items),
        letter,
    )


def _withdrawn(since: str) -> Html | None:
    if not since:
        return None
    words = "The hotline has withdrawn this referral: no step may rest on it. Taken back "
    return el("p", words, when(since), ".", class_="alert", role="status")


def _about(pack: Pack, content: Content) -> Html:
    hotline = content.hotline
    return facts(
        ("Received", when(stamp(pack.received))),
        ("From", f"{hotline.get('name', '')} <{hotline.get('contact', '')}>"),
        ("Signature", _SIGNATURES[pack.signature]),
        ("Authorisation", "asked for" if content.authorisation else "not asked for"),
        ("Contacts the host", content.contact_host),
    )


def _item(police: Police, pack: Pack, item: Item) -> Html:
    entry = police.entry(pack.reference, item.reference)
    hosting = item.details.get("hosting") or {}
    return el(
        "article",
        el("h3", item.reference),
        el("p", el("code", item.url)),
        facts(
            ("Classification", item.classification),
            ("Hosted", " · ".join(str(v) for v in hosting.values() if v)),
            ("Reports", str(item.details.get("reports", ""))),
            ("Acknowledged", when(entry.acknowledged)),
            ("Authorised", " · ".join(filter(None, (when(entry.authorised), entry.authorisation)))),
            ("Host contacted", when(entry.contacted)),
        ),
        el("div", *_buttons(police, pack, item, entry), class_="acts"),
    )


def _buttons(police: Police, pack: Pack, item: Item, entry: Entry) -> list[Html]:
    """What can be done now; what cannot is not offered."""
    base = f"/police/{quote(pack.reference, safe='')}/{quote(item.reference, safe='')}"
    return [
        button(f"{base}/{act}", text, item.reference)
        for act, text in _BUTTONS.items()
        if not entry.moment(act) and not police.refusal(act, pack, item)
    ]
