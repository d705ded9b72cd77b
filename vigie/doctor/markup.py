"""What a page makes a browser load or run, read from its HTML without running anything."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from vigie.doctor.asking import Answer

LOADING = ("src", "poster", "data", "background", "action", "formaction", "manifest", "ping")
# These relations of a <link> are told and not loaded.
NOT_LOADED = {"canonical", "alternate", "next", "prev", "help", "license", "author", "me"}
IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.loads += [found[name] for name in LOADING if name in found]
        for sources in (found.get("srcset", ""), found.get("imagesrcset", "")):
            self.loads += [part.split()[0] for part in sources.split(",") if part.split()]
        if tag == "link" and not set(found.get("rel", "").lower().split()) <= NOT_LOADED:
            self.loads.append(found.get("href", ""))
        if tag == "meta" and found.get("http-equiv", "").lower() == "refresh":
            self.loads.append(found.get("content", "").partition("=")[2])
        if tag == "base":
            self.inline.append("<base>")
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(f"<{tag}>")
        if "style" in found:
            self.loads += _in_style(found["style"])
            self.inline.append("style=")
        self.inline += [f"{name}=" for name in found if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if "url(" in data or "@import" in data:
            self.loads += _in_style(data)


def _in_style(text: str) -> list[str]:
    return [match[1] or match[2] for match in IN_STYLE.finditer(text)]


def third_parties(answer: Answer, url: str) -> Iterable[str]:
    """Other hosts that this page makes a browser ask, or sends a form to."""
    own = urlsplit(url).netloc
    reader = _Reader()
    reader.feed(answer.body)
    links = re.findall(r"<([^>]*)>", answer.one("Link"))
    for address in (*reader.loads, *links):
        target = urlsplit(urljoin(url + answer.path, address.strip()))
        if target.scheme in ("http", "https", "ws", "wss") and target.netloc != own:
            yield f"{target.netloc} is asked"


def inline_code(answer: Answer) -> Iterable[str]:
    reader = _Reader()
    reader.feed(answer.body)
    for found in dict.fromkeys(reader.inline):
        yield f"{found} in the page"
