"""What somebody pasted, as locators: the places a report is about. Pure, and never raises.

The rules, in order, for each line (the whole text, as typed, stays with the report, sealed):

1. Addresses are found wherever they stand in the line: with a scheme, defanged (``hxxp``,
   ``[.]``, ``(dot)``), or bare (``example.test/page``). ada-url parses them as browsers do.
2. Canonical form: credentials and tracking parameters (``utm_*``, ``fbclid``, ``gclid``) are left
   out: they name the reporter's visit, not the place. So is the fragment, unless the place is in
   it: only it follows the host, it is a route (``#/``, ``#!``), or it is a file share's key. The
   rest is as a browser sends it.
3. A ``.onion`` host makes an onion address; a messenger's invitation or profile (t.me, wa.me,
   chat.whatsapp.com, signal.group, discord.gg …) an account.
4. ``@name``, or a line that names a platform, is an account; what is left of a report that has no
   address at all is a description.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

import ada_url
from publicsuffixlist import PublicSuffixList


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


MOST = 5_000  # locators of one report; the rest of a longer text stays readable in the report
MESSENGERS = {
    "t.me": "telegram",
    "telegram.me": "telegram",
    "wa.me": "whatsapp",
    "chat.whatsapp.com": "whatsapp",
    "signal.group": "signal",
    "signal.me": "signal",
    "discord.gg": "discord",
    "discord.com": "discord",
    "m.me": "messenger",
}
PLATFORMS = (
    "telegram|whatsapp|signal|discord|snapchat|instagram|tiktok|facebook|messenger|twitter|"
    "reddit|youtube|twitch|kik|viber|roblox|threads|mastodon|bluesky|skype|session|wickr"
)
_platform = re.compile(rf"\b({PLATFORMS})\b", re.IGNORECASE)
_handle = re.compile(r"(?<![\w@/.])@([\w.]{2,64})")
_url = re.compile(r"(?:h(?:tt|xx|\*\*)ps?(?:://|:\\\\|:)|//)[^\s<>\"«»“”]+", re.IGNORECASE)
_bare = re.compile(
    r"(?<![\w@./-])(?:(?:[\w-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,62}|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.]))(?::\d{1,5})?(?:[/?#][^\s<>\"«»“”]*)?",
    re.IGNORECASE,
)
_dots = re.compile(r"\s?[\[({]\s?(?:\.|dot|punt|punkt|point)\s?[\])}]\s?", re.IGNORECASE)
_scheme = re.compile(r"h(?:tt|xx|\*\*)p(s?)\s?(?:\[:\]|:)\s?(?:[/\\]{1,3}|\[//\])?", re.IGNORECASE)
_tracking = re.compile(r"^(utm_[a-z]+|fbclid|gclid|igshid|mc_eid)$", re.IGNORECASE)
_suffixes = PublicSuffixList()
TRAILING = ".,;:!?)]}'’`*|"
# Where the fragment decrypts the file: without it the police would be told half an address.
FILE_SHARES = {"mega.nz", "mega.co.nz"}


def parse(text: str, hint: str = "") -> list[Locator]:
    """The locators of a report, each once, in the order given. ``hint``: the kind the person chose.

    Any text gives at least one locator, unless it is blank.
    """
    found: dict[str, Locator] = {}
    for line in text.replace("\0", " ").splitlines():
        for locator in _in_line(line.strip(), hint):
            found.setdefault(f"{locator.kind} {locator.canonical}", locator)
            if len(found) >= MOST:
                return list(found.values())
    if not found and (words := " ".join(text.replace("\0", " ").split())):
        kind = Kind.APP if hint == Kind.APP else Kind.DESCRIPTION
        found[""] = Locator(kind, words)
    return list(found.values())


def _in_line(line: str, hint: str) -> list[Locator]:
    clear = _scheme.sub(lambda m: f"http{m[1].lower()}://", _dots.sub(".", line))
    found = [_web(match) for match in _url.findall(clear)]
    rest = _url.sub(" ", clear)
    found += [_web("http://" + match) for match in _bare.findall(rest) if _is_name(match)]
    locators = [locator for locator in found if locator]
    platform = _platform.search(line)
    if not locators or platform:
        locators += [_account(handle, platform) for handle in _handle.findall(rest)]
    if not locators and platform and hint in ("", Kind.ACCOUNT):
        locators.append(Locator(Kind.ACCOUNT, " ".join(line.casefold().split())))
    if not locators and line and hint in (Kind.ACCOUNT, Kind.APP):
        locators.append(Locator(Kind(hint), " ".join(line.casefold().split())))
    return locators


def _is_name(text: str) -> bool:
    """A bare ``word.word`` is an address only when its ending is one (``photo.jpg`` is not)."""
    host = re.split(r"[/?#:]", text, maxsplit=1)[0].casefold()
    ending = host.rsplit(".", 1)[-1]
    return (
        ending in ("onion", "test")
        or ending.isdigit()  # four numbers
        or _suffixes.publicsuffix(host, accept_unknown=False) is not None
    )


def _account(handle: str, platform: "re.Match[str] | None") -> Locator:
    where = platform[1].casefold() if platform else "?"
    return Locator(Kind.ACCOUNT, f"{where}:@{handle.casefold()}")


def _web(raw: str) -> Locator | None:
    address = raw.rstrip(TRAILING) if not raw.endswith(")") or "(" not in raw else raw
    try:
        url = ada_url.URL("http:" + address if address.startswith("//") else address)
    except ValueError:
        return None
    if url.protocol not in ("http:", "https:"):
        return None
    url.username = url.password = ""
    host = url.hostname.rstrip(".")
    if host and host != url.hostname:
        url.hostname = host
    if any(_tracking.match(name) for name, _ in _pairs(url.search)):
        url.search = "&".join(
            pair for name, pair in _pairs(url.search) if not _tracking.match(name)
        )
    if not _place_in_fragment(url, host):
        url.hash = ""
    name = f"{url.pathname.strip('/')}{url.search}{url.hash}"
    if name and (messenger := MESSENGERS.get(host.removeprefix("www."))):
        return Locator(Kind.ACCOUNT, f"{messenger}:{name}")
    kind = Kind.ONION if host.endswith(".onion") else Kind.WEB
    return Locator(kind, url.href, registered_domain(host))


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
    return _suffixes.privatesuffix(host) or host
