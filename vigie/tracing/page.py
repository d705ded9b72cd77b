"""The pictures and videos of a page, found in a limited child (`lib.nursery`) by `answer`.

In: the page's address, the encoding it is said to have, its bytes. Out: a JSON list of absolute
addresses. No Django, no fetching.
"""

import codecs
import json
import re
from html.parser import HTMLParser

import ada_url

from vigie.lib.containers import ends_as_video

MOST = 30  # pictures of one page that are looked at
MOST_CHARACTERS = 4_000_000
PICTURE_ATTRIBUTES = {
    "img": ("src", "data-src", "srcset", "data-srcset"),
    "source": ("srcset", "src"),
    "video": ("poster", "src"),
    "image": ("href", "xlink:href"),
    "input": ("src",),
    "link": ("href",),
    "meta": ("content",),
    "a": ("href",),
}
# Encodings that browsers read (https://encoding.spec.whatwg.org/), by Python's names.
ON_THE_WEB = re.compile(
    r"utf-8(-sig)?|utf-16(-[bl]e)?|ascii|iso8859-\d+|cp(125\d|866|874|932|949)|koi8-[ru]|mac-\w+"
    r"|gb(2312|k|18030)|big5(hkscs)?|euc_(jp|kr)|iso2022_jp|shift_jis|tis-620"
)
OF_META = ("og:image", "og:image:url", "og:video", "og:video:url")
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".bmp")


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = values.get("href", "")
        if tag == "link" and values.get("rel") not in ("image_src", "preload"):
            return
        if tag == "source" and values.get("type", "").startswith("audio/"):
            return
        if tag == "meta" and values.get("property") not in OF_META:
            return
        for name in PICTURE_ATTRIBUTES.get(tag, ()):
            for address in _addresses(name, values.get(name, "")):
                if tag != "a" or _is_picture(address):
                    self.found.append(address)


def _addresses(attribute: str, value: str) -> list[str]:
    if attribute.endswith("srcset"):
        return [part.split()[0] for part in value.split(",") if part.split()]
    return [value.strip()] if value.strip() else []


def _is_picture(address: str) -> bool:
    path = address.split("?", 1)[0].split("#", 1)[0].casefold()
    return path.endswith(ENDINGS) or ends_as_video(address)


def pictures_of(html: str, url: str) -> list[str]:
    """Absolute http(s) addresses of the pictures of a page, each once, in order, at most `MOST`."""
    parser = _Pictures()
    # A browser reads ``<![x`` as a comment; this parser would give up on some of them.
    parser.feed(html[:MOST_CHARACTERS].replace("<![", "<!x["))
    base = _join(parser.base, url) or url
    found: dict[str, None] = {}
    for address in parser.found:
        if (absolute := _join(address, base)) and len(found) < MOST:
            found[absolute] = None
    return list(found)


def _join(address: str, base: str) -> str:
    try:
        joined = ada_url.URL(address, base=base)
    except ValueError:
        return ""
    joined.hash = ""
    return joined.href if joined.protocol in ("http:", "https:") else ""


def decoded(page: bytes, charset: str) -> str:
    """The page's text, whatever its header says: the name of a codec is hostile input, too.

    Python has codecs that no browser knows: some refuse (idna), some read a plain page as something
    else (punycode), and pictures that every visitor sees would not be found.
    """
    try:
        name = codecs.lookup(charset or "utf-8").name
        return page.decode(name if ON_THE_WEB.fullmatch(name) else "utf-8", "replace")
    except (LookupError, ValueError):  # UnicodeError is a ValueError
        return page.decode("utf-8", "replace")


def answer(url: bytes, charset: bytes, page: bytes = b"") -> list[bytes]:
    return [json.dumps(pictures_of(decoded(page, charset.decode()), url.decode())).encode()]
