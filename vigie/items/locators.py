"""What somebody pasted, as locators: the places a report is about. Pure, and never raises.

The rules, in order, for each line (the whole text, as typed, stays with the report, sealed):

1. Addresses are found wherever they stand in the line: with a scheme, defanged (``hxxp``,
   ``[.]``, ``(dot)``), or bare (``example.test/page``). ada-url parses them as browsers do.
2. Canonical form: credentials and tracking parameters (``utm_*``, ``fbclid``, ``gclid``) are left
   out: they name the reporter's visit, not the place. So is the fragment, unless the place is in
   it: only it follows the host, it is a route (``#/``, ``#!``), or it is a file share's key. The
   rest is as a browser sends it.
3. A ``.onion`` host makes an onion address; an account or an invitation on a messenger an account,
   in one spelling (`accounts`). A magnet link is a description: its hash, without the trackers.
4. ``@name``, or a line that is a platform and a name, is an account; what is left of a report that
   has no address at all is a description.
5. Nothing grows without limit: what is too long is cut, and marked with its length and its hash so
   that two long ones stay two. It is then a description: half an address leads nowhere. Of very
   many places the first become items, and the others are counted.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import ada_url

from vigie.items.accounts import account_at, account_in, accounts_in, folded, is_name, platforms_in
from vigie.items.cutting import cut, is_cut, pieces, squeezed
from vigie.items.magnets import magnets_in
from vigie.lib import suffixes


class Kind(StrEnum):
    WEB = "web"
    ONION = "onion"
    ACCOUNT = "account"
    APP = "app"
    DESCRIPTION = "description"


@dataclass(frozen=True)
class Locator:
    """``canonical`` is the identity of an item; ``domain`` is what is registered ('' if none)."""

    kind: Kind
    canonical: str
    domain: str = ""


@dataclass(frozen=True)
class Reading:
    """What a report's text says. ``left_out``: further places that were seen in it."""

    locators: list[Locator]
    left_out: int = 0


MOST = 5_000  # locators of one report; the rest of a longer text stays readable in the report
SEEN = 100_000  # places looked at in one text, repetitions among them, before reading ends
LONGEST_ADDRESS = 8_192  # letters of a canonical address, which is ASCII
LONGEST_WORDS = 2_048
SENTENCE = 6  # words: with more of them a line is more than a name or a number
_url = re.compile(r"(?:h(?:tt|xx|\*\*)ps?(?:://|:\\\\|:)|(?<![:/])//)[^\s<>\"«»“”]+", re.IGNORECASE)
_bare = re.compile(
    r"(?<![\w@./-])(?:(?:[\w-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,62}|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.]))(?::\d{1,5})?(?:[/?#][^\s<>\"«»“”]*)?",
    re.IGNORECASE,
)
# From the first of several brackets: in one go, however many stand around a dot.
_dots = re.compile(
    r"(?<![\[({])(?<![\[({]\s)\s?(?:[\[({]\s?)+(?:\.|dot|punt|punkt|point)(?:\s?[\])}])+\s?",
    re.IGNORECASE,
)
_scheme = re.compile(r"h(?:tt|xx|\*\*)p(s?)\s?(?:\[:\]|:)\s?(?:[/\\]{1,3}|\[//\])?", re.IGNORECASE)
# Several addresses in a row, with no room between them.
_joined = re.compile(r"[,;،؛、，；](?=h(?:tt|xx|\*\*)ps?(?:\[:\]|:))", re.IGNORECASE)
# What an app opens itself, and the address that says the same.
APP_LINKS = [
    (re.compile(r"tg://resolve/?\?domain=(\w+)[^\s]*", re.IGNORECASE), r"https://t.me/\1"),
    (re.compile(r"tg://join/?\?invite=([\w-]+)[^\s]*", re.IGNORECASE), r"https://t.me/+\1"),
    (
        re.compile(r"whatsapp://chat/?\?code=(\w+)[^\s]*", re.IGNORECASE),
        r"https://chat.whatsapp.com/\1",
    ),
]
_tracking = re.compile(r"^(utm_[a-z]+|fbclid|gclid|igshid|mc_eid)$", re.IGNORECASE)
_surrogate = re.compile("[\ud800-\udfff]")
TRAILING = ".,;:!?)]}'’`*|"
CLOSING = {"Cf", "Po", "Pe", "Pf"}  # of other scripts: ؟ 。 」 and marks of direction, unseen
UNSEEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
# Where the fragment decrypts the file: without it the police would be told half an address.
FILE_SHARES = {"mega.nz", "mega.co.nz"}


def parse(text: str, hint: str = "") -> list[Locator]:
    """The locators of a report, each once, in the order given. ``hint``: the kind the person chose.

    Any text gives at least one locator, unless it is blank.
    """
    return read(text, hint).locators


def read(text: str, hint: str = "") -> Reading:
    """As `parse`, and how many places were left out because there are too many."""
    found: dict[str, Locator] = {}
    beyond: set[int] = set()
    text, seen = text.replace("\0", " "), 0
    for piece in pieces(text):
        for locator in _in_line(piece, hint):
            name = f"{locator.kind} {locator.canonical}"
            seen += 1
            if len(found) < MOST:
                found.setdefault(name, locator)
            elif name not in found:
                beyond.add(hash(name))
        if seen > SEEN:
            return Reading(list(found.values()), max(len(beyond), 1))
    return Reading(list(found.values()) or _description(text, hint), len(beyond))


def says_more(text: str, places: int) -> bool:
    """Does it hold words beside its places? Two of a place may be its name: *Telegram somebody*."""
    words = (one.strip(TRAILING) for one in text.split())
    return sum(len(word) > 1 and word.isalpha() for word in words) > 2 * places


def _description(text: str, hint: str) -> list[Locator]:
    """The words of a text in which no line is a place, unless together they name one."""
    words = squeezed(text, LONGEST_WORDS)
    if places := _in_line(words, hint):
        return list(dict.fromkeys(places))
    kind = Kind.APP if hint == Kind.APP else Kind.DESCRIPTION
    return [Locator(kind, words)] if words else []


def _fitting(kind: Kind, text: str, longest: int, domain: str = "") -> Locator:
    shown = cut(text, longest)
    return Locator(kind if shown == text else Kind.DESCRIPTION, shown, domain)


def _in_line(line: str, hint: str) -> list[Locator]:
    if is_cut(line):
        return [Locator(Kind.DESCRIPTION, line)]
    line = line.strip(UNSEEN + " ")  # telephones wrap what is pasted in them
    if hint != Kind.APP and (account := account_in(line)):
        return [Locator(Kind.ACCOUNT, account)]
    magnets, rest = magnets_in(line)
    rest = _joined.sub(" ", _in_web_form(rest))
    clear = _scheme.sub(_clear_scheme, _dots.sub(".", rest))
    found = [_web(match) for match in dict.fromkeys(_url.findall(clear))]
    rest = _url.sub(" ", clear)
    bare = dict.fromkeys(_bare.findall(rest))
    found += [_web("http://" + match) for match in bare if _is_name(match)]
    locators = [_fitting(Kind.DESCRIPTION, one, LONGEST_WORDS) for one in magnets]
    locators += [locator for locator in found if locator]
    if not locators or platforms_in(line):
        locators += [Locator(Kind.ACCOUNT, account) for account in accounts_in(line, rest)]
    if locators or not line:
        return locators
    if hint in (Kind.ACCOUNT, Kind.APP):
        return [_fitting(Kind(hint), _without_capitals(line), LONGEST_WORDS)]
    if not hint and is_name(line):
        return [_fitting(Kind.ACCOUNT, _without_capitals(line), LONGEST_WORDS)]
    return locators


def _without_capitals(line: str) -> str:
    """A name: many write one as they like. A sentence stays as it was written."""
    if len(line.split()) > SENTENCE:
        return line
    return folded(line[:LONGEST_WORDS]) + line[LONGEST_WORDS:]


def _in_web_form(line: str) -> str:
    """The links that only an app understands, as addresses."""
    if "://" in line:
        for link, address in APP_LINKS:
            line = link.sub(address, line)
    return line


def _clear_scheme(match: re.Match[str]) -> str:
    """As browsers write it. One that is so already stays, whatever follows: it may be in a path."""
    plain = match[0].startswith(("http://", "https://"))
    return match[0] if plain else f"http{match[1].lower()}://"


def _is_name(text: str) -> bool:
    """A bare ``word.word`` is an address only when its ending is one (``photo.jpg`` is not)."""
    host = re.split(r"[/?#:]", text, maxsplit=1)[0].casefold()
    ending = host.rsplit(".", 1)[-1]
    return (
        ending in ("onion", "test")
        or ending.isdigit()  # four numbers
        or suffixes.is_known(host)
    )


def _web(raw: str) -> Locator | None:
    address = _surrogate.sub("\ufffd", _without_the_sentence(raw))  # as browsers do
    if len(address) > LONGEST_ADDRESS:
        return _fitting(Kind.WEB, address, LONGEST_ADDRESS, domain_of(address))
    try:
        url = ada_url.URL("http:" + address if address.startswith("//") else address)
    except ValueError:
        return None
    if url.protocol not in ("http:", "https:"):
        return None
    url.username = url.password = ""
    host = _without_last_dot(url)
    pairs = _pairs(url.search)
    kept = [pair for name, pair in pairs if not _tracking.match(name)]
    if len(kept) < len(pairs):
        url.search = "?" + "&".join(kept) if kept else ""
    if not _place_in_fragment(url, host):
        url.hash = ""
    if account := account_at(f"{host}{url.pathname.rstrip('/')}{url.search}{url.hash}"):
        return Locator(Kind.ACCOUNT, account)
    plain = _without_the_sentence(_dots.sub(".", url.href))
    if plain != url.href:  # `x!?utm_a=b` ends like a sentence only now, `%28.%29` is a dot only now
        return _web(plain)
    kind = Kind.ONION if host.endswith(".onion") else Kind.WEB
    return _fitting(kind, url.href, LONGEST_ADDRESS, registered_domain(host))


def _without_the_sentence(address: str) -> str:
    """Without the signs of the sentence it stands in; a bracket that it opened itself stays."""
    end, unopened = len(address), address.count(")") - address.count("(")
    while end and _ends_a_sentence(address[end - 1]):
        if address[end - 1] == ")":
            if unopened <= 0:
                break
            unopened -= 1
        end -= 1
    return address[:end]


def _ends_a_sentence(sign: str) -> bool:
    return sign in TRAILING or (not sign.isascii() and unicodedata.category(sign) in CLOSING)


def _without_last_dot(url: ada_url.URL) -> str:
    """Takes the dot off that only says that nothing follows; the host that it then is."""
    host = url.hostname.rstrip(".")
    try:
        if host and host != url.hostname:
            url.hostname = host
    except ValueError:
        pass  # `a.7..` is a host, `a.7` would be four numbers with two missing
    return str(url.hostname)


def domain_of(address: str) -> str:
    """What is registered of an address, cut or not; '' of what is none."""
    try:
        return registered_domain(ada_url.URL(address[:LONGEST_ADDRESS]).hostname)
    except ValueError:
        return ""


def _place_in_fragment(url: ada_url.URL, host: str) -> bool:
    alone = url.pathname == "/" and not url.search
    return alone or url.hash.startswith(("#/", "#!")) or host.removeprefix("www.") in FILE_SHARES


def _pairs(search: str) -> list[tuple[str, str]]:
    """The parameters of a query as (name, text as sent): text is never decoded and encoded anew."""
    return [(pair.split("=", 1)[0], pair) for pair in search.removeprefix("?").split("&") if pair]


def registered_domain(host: str) -> str:
    """``a.b.example.co.uk`` → ``example.co.uk``; an IP address or a bare suffix is itself."""
    if host.startswith("[") or host.replace(".", "").isdigit():
        return host
    return suffixes.registered(host)
