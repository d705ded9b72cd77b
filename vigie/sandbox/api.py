"""The control pages' JSON twins, for scripts such as the demonstration's walk."""

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs

from vigie.sandbox.casebook import Act
from vigie.sandbox.control import HEADERS, Control
from vigie.sandbox.files import stamp
from vigie.sandbox.letters import attachments, body, header, is_encrypted
from vigie.sandbox.mailbox import Letter
from vigie.sandbox.packs import Item, Pack
from vigie.sandbox.police import NotFound, Police, Refused
from vigie.sandbox.removals import Place
from vigie.sandbox.serving import Answer, Request
from vigie.sandbox.world import provider_of_site


def mail(control: Control, request: Request) -> Answer:
    letters = control.mailbox.letters(request.query.get("to", ""))
    return _json(200, [_letter_json(letter) for letter in letters])


def police(control: Control, request: Request) -> Answer:
    return _json(200, [_pack_json(control.police, pack) for pack in control.police.packs()])


def police_act(control: Control, request: Request, pack: str, item: str, act: str) -> Answer:
    try:
        return _json(200, asdict(control.police.act(pack, item, Act(act))))
    except NotFound:
        return _json(404, {"error": "no such pack or item"})
    except Refused as refusal:
        return _json(409, {"error": str(refusal)})


def restore(control: Control, request: Request) -> Answer:
    place = _own_place(_field(request, "url"))
    if place is None:
        return _json(404, {"error": "that is not an address of the sandbox"})
    return _json(200, {"url": f"http://{place}", "restored": control.removals.restore(place)})


def host_state(control: Control, request: Request) -> Answer:
    place = _own_place(request.query.get("url", ""))
    if place is None:
        return _json(404, {"error": "that is not an address of the sandbox"})
    asked, provider = control.removals.asked(place), provider_of_site(place.host)
    state = {
        "url": f"http://{place}",
        "provider": provider.key if provider else None,
        "removed": control.removals.is_removed(place),
        "asked": stamp(asked.asked) if asked else None,
        "due": stamp(asked.due) if asked else None,
        "withdrawn": stamp(asked.withdrawn) if asked and asked.withdrawn else None,
    }
    return _json(200, state)


def _letter_json(letter: Letter) -> dict[str, Any]:
    message = letter.message
    return {
        "id": letter.id,
        "message_id": header(message, "Message-ID"),
        "in_reply_to": header(message, "In-Reply-To"),
        "from": header(message, "From"),
        "sender": letter.sender,
        "to": letter.recipients,
        "subject": header(message, "Subject"),
        "received": stamp(letter.received),
        "encrypted": is_encrypted(message),
        "text": "" if is_encrypted(message) else body(message),
        "attachments": [asdict(part) for part in attachments(message)],
    }


def _pack_json(police: Police, pack: Pack) -> dict[str, Any]:
    content = pack.content
    return {
        "reference": pack.reference,
        "mail": pack.letter_id,
        "received": stamp(pack.received),
        "signature": pack.signature,
        "problem": pack.problem,
        "withdrawn": police.withdrawn(pack.reference) if pack.reference else "",
        "asks": content
        and {"authorisation": content.authorisation, "contact_host": content.contact_host},
        "items": [_item_json(police, pack, item) for item in content.items] if content else [],
    }


def _item_json(police: Police, pack: Pack, item: Item) -> dict[str, Any]:
    entry = police.entry(pack.reference, item.reference)
    open_acts = [
        act for act in Act if not entry.moment(act) and not police.refusal(act, pack, item)
    ]
    return {**item.details, "state": asdict(entry), "may": open_acts}


def _own_place(url: str) -> Place | None:
    place = Place.of(url)
    return place if place and provider_of_site(place.host) else None


def _field(request: Request, name: str) -> str:
    """A field of a posted form or JSON object; empty if it is not there."""
    try:
        if request.content_type == "application/json":
            return str(json.loads(request.body)[name])
        return parse_qs(request.body.decode())[name][0]
    except (ValueError, LookupError, TypeError):
        return ""


def _json(status: int, value: object) -> Answer:
    content = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, content, "application/json", HEADERS)
