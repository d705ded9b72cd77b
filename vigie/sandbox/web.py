"""The control pages, on loopback only: mail, the police mailbox, the hosts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from vigie.sandbox import api, pages, partners
from vigie.sandbox.casebook import Act
from vigie.sandbox.control import HEADERS, Control
from vigie.sandbox.framing import Page, frame, framed
from vigie.sandbox.police import NotFound, Refused
from vigie.sandbox.police_page import police_page
from vigie.sandbox.serving import Answer, Request

_STATIC: Final = Path(__file__).parent / "static"
_STATIC_TYPES: Final = {"sandbox.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


def respond(control: Control, request: Request) -> Answer:
    """Answer one request to the control server: a page, or a script's JSON."""
    if request.path.startswith(partners.PREFIX):
        return control.partners.respond(request)
    method = "GET" if request.method == "HEAD" else request.method
    for verb, pattern, view in ROUTES:
        found = pattern.fullmatch(request.path)
        if found and verb == method:
            return view(control, request, *found.groups())
    return _page(control, frame("Not here", ""), 404)


def _overview(control: Control, request: Request) -> Answer:
    return _page(control, pages.overview())


def _mail(control: Control, request: Request) -> Answer:
    to = request.query.get("to", "")
    return _page(control, pages.mail_list(control.mailbox.letters(to), to))


def _letter(control: Control, request: Request, letter_id: str) -> Answer:
    letter = control.mailbox.get(letter_id)
    if letter is None:
        return _page(control, frame("No such mail", ""), 404)
    return _page(control, pages.mail_detail(letter))


def _hosts(control: Control, request: Request) -> Answer:
    asked = control.removals.all()
    removed = frozenset(place for place in asked if control.removals.is_removed(place))
    return _page(control, pages.hosts(asked, removed))


def _police(control: Control, request: Request) -> Answer:
    return _page(control, police_page(control.police))


def _police_act(control: Control, request: Request, pack: str, item: str, act: str) -> Answer:
    try:
        control.police.act(pack, item, Act(act))
    except NotFound:
        return _page(control, frame("No such item", ""), 404)
    except Refused as refusal:
        return _page(control, police_page(control.police, str(refusal)), 409)
    return _see("/police/")


def _hosts_restore(control: Control, request: Request) -> Answer:
    answer = api.restore(control, request)
    return _see("/hosts/") if answer.status == 200 else answer


def _static(control: Control, request: Request, name: str) -> Answer:
    if name not in _STATIC_TYPES:
        return _page(control, frame("Not here", ""), 404)
    content = (_STATIC / name).read_bytes()
    return Answer(200, content, _STATIC_TYPES[name], HEADERS)


def _page(control: Control, page: Page, status: int = 200) -> Answer:
    content = framed(page, control.real_report)
    return Answer(status, content, "text/html; charset=utf-8", HEADERS)


def _see(path: str) -> Answer:
    return Answer(303, headers=(("Location", path), *HEADERS))


View = Callable[..., Answer]
_ACT: Final = "(acknowledge|authorise|contact)"
ROUTES: Final[tuple[tuple[str, re.Pattern[str], View], ...]] = tuple(
    (verb, re.compile(pattern), view)
    for verb, pattern, view in (
        ("GET", "/", _overview),
        ("GET", "/mail/", _mail),
        ("GET", "/mail/([0-9]+)/", _letter),
        ("GET", "/police/", _police),
        ("POST", f"/police/([^/]+)/([^/]+)/{_ACT}", _police_act),
        ("GET", "/hosts/", _hosts),
        ("POST", "/hosts/restore", _hosts_restore),
        ("GET", "/static/([a-z.]+)", _static),
        ("GET", "/api/mail", api.mail),
        ("GET", "/api/police", api.police),
        ("POST", f"/api/police/([^/]+)/([^/]+)/{_ACT}", api.police_act),
        ("POST", "/api/restore", api.restore),
        ("POST", "/control/restore", api.restore),
        ("GET", "/api/hosts/state", api.host_state),
    )
)
