"""The web sites of the providers: pages with three harmless pictures, until they are removed.

Every `/a/<token>` exists until its host removes it, so each demonstration takes a fresh token.
A token that begins with `known-` shows one picture which all such pages share; with `resaved-` the
same picture smaller and saved anew; with `cropped-` a part of it, which hashes do not recognise;
with `sheet-` a contact sheet that it is on.
A token that begins with `film-` shows a picture and a short film of its own.
Pages of `listed-` share another, which is on the demonstration's police list.
Of a family, named in the token, the pages show one picture and nothing else: `first-of-cats-1`,
`same-of-cats-2`, `resaved-of-cats-3`, `cropped-of-cats-4`, `sheet-of-cats-5`. Where the name of the
family ends in `x3`, the first, same and resaved pages show three: its own and two more.
"""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Final

from vigie.sandbox.markup import Html, document, el
from vigie.sandbox.pictures import (
    CONTENT_TYPES,
    KNOWN,
    LISTED,
    contact_sheet,
    cropped,
    film,
    picture,
    resaved,
)
from vigie.sandbox.removals import Place, Removals
from vigie.sandbox.serving import Answer, Request
from vigie.sandbox.world import Provider, Removal

REMOVAL_PHRASE: Final = "This content has been removed"
_HTML: Final = "text/html; charset=utf-8"
_PAGE: Final = re.compile(r"/a/([A-Za-z0-9_-]{1,64})")
_PICTURE: Final = re.compile(r"/i/([A-Za-z0-9_-]{1,64})-([1-9])\.(jpg|png|webp)")
_FILM: Final = re.compile(r"/f/([A-Za-z0-9_-]{1,64})\.webm")
_DRIPS: Final = 600
Drawn = tuple[Callable[[str, str], bytes], str]
SHARED: Final[dict[str, Drawn]] = {
    "known": (picture, KNOWN),
    "resaved": (resaved, KNOWN),
    "cropped": (cropped, KNOWN),
    "sheet": (contact_sheet, KNOWN),
    "listed": (picture, LISTED),
}
FAMILY: Final[dict[str, Callable[[str, str], bytes]]] = {
    "first": picture,
    "same": picture,
    "resaved": resaved,
    "cropped": cropped,
    "sheet": contact_sheet,
}
ALBUMS: Final = ("first", "same", "resaved")
_OF_FAMILY: Final = re.compile(rf"({'|'.join(FAMILY)})-of-([a-z0-9]+)-[a-z0-9]+")


class Host:
    """The web server of one provider, with a virtual host for each of its sites."""

    def __init__(self, provider: Provider, removals: Removals, stopping: threading.Event) -> None:
        self._provider = provider
        self._removals = removals
        self._stopping = stopping
        self._sites = frozenset(site.name for site in provider.everywhere)
        self._others: dict[str, Callable[[], Answer]] = {
            "/": lambda: _page("Welcome", el("p", f"A site of {provider.name}. Nothing is here.")),
            "/slow": lambda: Answer(200, content_type=_HTML, drip=self._drip()),
            "/login": _login,
            "/error": lambda: Answer(503, b"try again later\n"),
            "/loop": lambda: _redirect("/loop"),
            "/private": lambda: _redirect("http://169.254.169.254/latest/meta-data/"),
        }

    def __call__(self, request: Request) -> Answer:
        if request.host not in self._sites or request.method == "POST":
            return Answer(404 if request.method != "POST" else 405, b"no such site here\n")
        if request.path in self._others:
            return self._others[request.path]()
        if request.path.startswith("/moved/"):
            return _redirect("/a/" + request.path.removeprefix("/moved/"))
        return self._content(Place(request.host, request.path))

    def _content(self, place: Place) -> Answer:
        page, drawn = _PAGE.fullmatch(place.path), _PICTURE.fullmatch(place.path)
        filmed = _FILM.fullmatch(place.path)
        if page is None and drawn is None and filmed is None:
            return Answer(404, b"not found\n")
        if self._removals.is_removed(place):
            return _removed(self._provider.removal)
        if filmed is not None:
            return Answer(200, film(f"{place.host}/{filmed[1]}"), "video/webm")
        if drawn is not None:
            return _picture(place.host, *drawn.groups())
        return _album(place.path.removeprefix("/a/"))

    def _drip(self) -> Iterator[bytes]:
        """A byte now and then, for as long as a client is patient or the sandbox runs."""
        yield b"<!doctype html>"
        for _ in range(_DRIPS):
            if self._stopping.wait(0.5):
                return
            yield b" "


def _login() -> Answer:
    return Answer(401, b"members only\n", headers=(("WWW-Authenticate", 'Basic realm="members"'),))


def _redirect(target: str) -> Answer:
    return Answer(302, headers=(("Location", target),))


def _page(title: str, *content: Html) -> Answer:
    head = el("head", el("meta", charset="utf-8"), el("title", title))
    return Answer(200, document(head, el("body", el("h1", title), *content)), _HTML)


def _removed(removal: Removal) -> Answer:
    if removal is Removal.GONE:
        return Answer(410, b"gone\n")
    if removal is Removal.NOTE:
        return _page(REMOVAL_PHRASE, el("p", "It broke the rules of this service."))
    return Answer(404, b"not found\n")


def _album(token: str) -> Answer:
    """Three pictures, one of each format, so that readers of all three are exercised.

    A page of a family has what `family_of` says.
    """
    if token.startswith("film-"):
        return _page("A film", el("p", "A cat and a ball, drawn by a program."), *_film(token))
    formats: tuple[str, ...] = ("jpg", "png", "webp")
    if family := _OF_FAMILY.fullmatch(token):
        formats = ("jpg",) * len(family_of(family[2], family[1]))
    drawings = [
        el("p", el("img", src=f"/i/{token}-{n}.{extension}", alt=f"Drawing {n}"))
        for n, extension in enumerate(formats, start=1)
    ]
    return _page("Drawings", el("p", "Shapes and cats, drawn by a program."), *drawings)


def _film(token: str) -> tuple[Html, ...]:
    """One film, without sound, and the drawing that stands for it."""
    return (el("p", el("video", src=f"/f/{token}.webm", poster=f"/i/{token}-1.jpg")),)


def family_of(name: str, form: str) -> tuple[str, ...]:
    """What a page of this family, in this form, shows: the seeds of its pictures."""
    if form in ALBUMS and name.endswith("x3"):
        return (name, f"{name}b", f"{name}c")
    return (name,)


def _picture(host: str, token: str, number: str, extension: str) -> Answer:
    if family := _OF_FAMILY.fullmatch(token):
        members = family_of(family[2], family[1])
        if int(number) > len(members):
            return Answer(404, b"not found\n")
        drawn_one = FAMILY[family[1]](members[int(number) - 1], extension)
        return Answer(200, drawn_one, CONTENT_TYPES[extension])
    kind, dash, _ = token.partition("-")
    own: Drawn = (picture, f"{host}/{token}/{number}")
    drawn, seed = SHARED.get(kind, own) if number == "1" and dash else own
    return Answer(200, drawn(seed, extension), CONTENT_TYPES[extension])
