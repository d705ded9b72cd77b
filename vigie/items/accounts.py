"""Accounts and invitations: one spelling for each, however somebody wrote it. Pure.

``t.me/Name``, ``t.me/s/name``, ``name.t.me`` and ``@NAME`` on Telegram are one account: these
platforms do not tell capitals apart in a name. In an invitation they do: a code is kept letter by
letter. What is neither (``discord.com/terms``) is a page of the web like any other.
"""

import re

PLATFORMS = (
    "telegram|whatsapp|signal|discord|snapchat|instagram|tiktok|facebook|messenger|twitter|"
    "reddit|youtube|twitch|kik|viber|roblox|threads|mastodon|bluesky|skype|session|wickr"
)
# Words of every day too: they name a messenger only where a name stands right beside them.
EVERYDAY = frozenset({"messenger", "session", "signal", "threads"})
_TELEGRAM = r"(?:t|telegram)\.(?:me|dog)"
_POST = r"(?:/\d{1,20}){0,2}"
_QUERY = r"/?(?:\?.*)?"
_PAYLOAD = r"\?start(?:app)?=[\w-]{1,500}"
_NO_NAME = r"(?!(?:joinchat|share|proxy|socks|login|invoice|iv|bg)(?:[/?]|$))"

# Host, path, query and fragment of an address, and what of them is the account. The first wins.
_SPELLINGS = [
    (re.compile(pattern, re.ASCII), spelling)
    for pattern, spelling in [
        (rf"{_TELEGRAM}/(?:joinchat/|\+|%2B)([\w-]{{1,500}}){_QUERY}", r"telegram:+\1"),
        (rf"{_TELEGRAM}/(c/\d{{1,20}}{_POST}){_QUERY}", r"telegram:\1"),
        (rf"{_TELEGRAM}/s/(?:@|%40)?(\w{{2,64}}{_POST}){_QUERY}", r"telegram:\1"),
        (rf"{_TELEGRAM}/{_NO_NAME}(?:@|%40)?(\w{{2,64}}{_POST})/?({_PAYLOAD})", r"telegram:\1\2"),
        (rf"{_TELEGRAM}/{_NO_NAME}(?:@|%40)?(\w{{2,64}}{_POST}){_QUERY}", r"telegram:\1"),
        (rf"(\w{{2,64}})\.t\.me({_POST}){_QUERY}", r"telegram:\1\2"),
        (rf"wa\.me/(?:\+|%2B)?(\d{{4,20}}){_QUERY}", r"whatsapp:\1"),
        (rf"wa\.me/((?:message|qr)/[\w-]{{1,500}}){_QUERY}", r"whatsapp:\1"),
        (rf"chat\.whatsapp\.com/(?:invite/)?([\w-]{{1,500}}){_QUERY}", r"whatsapp:invite/\1"),
        (r"signal\.(?:group|me)/?(#\S{1,500})", r"signal:\1"),
        (
            rf"(?:discord\.gg(?:/invite)?|discord(?:app)?\.com/invite)/([\w-]{{1,500}}){_QUERY}",
            r"discord:invite/\1",
        ),
        (rf"m\.me/(j/[\w-]{{1,500}}){_QUERY}", r"messenger:\1"),
        (rf"m\.me/([\w.]{{2,64}}){_QUERY}", r"messenger:\1"),
    ]
]
_handle = re.compile(r"(?<![\w@/.])@([\w.]{2,64})")
_platform = re.compile(rf"\b({PLATFORMS})\b", re.IGNORECASE)
# Between two handles: "… X: " says where the next one is, " on X …" where the one before is.
_of_next = re.compile(rf"\b({PLATFORMS})\b[\s:=(–-]{{0,4}}$", re.IGNORECASE)
_of_last = re.compile(
    rf"[\s:=–-]{{0,4}}((?:on|at|via|sur|chez|op|bij|auf|bei|in)\s|\(|)({PLATFORMS})\b",
    re.IGNORECASE,
)
_spelled = re.compile(rf"({PLATFORMS}):(\S+)", re.IGNORECASE)
_told = re.compile(rf"({PLATFORMS}) ?: ?@?(\w{{2,64}})", re.IGNORECASE)
_number = re.compile(r"(?i:whatsapp) ?:? ?(?:\+|00)?(\d[\d ().-]{5,30})")
_name = re.compile(rf"([\w.]{{2,64}})({_POST}(?:{_PAYLOAD})?)")
_code = re.compile(rf"(?:\+|invite/|message/|qr/|j/|#)\S{{1,500}}|c/\d{{1,20}}{_POST}")


def account_at(address: str) -> str | None:
    """The account that an address without its scheme leads to (``t.me/name``); None: a page."""
    address = address.removeprefix("www.")
    for pattern, spelling in _SPELLINGS:
        if match := pattern.fullmatch(address):
            return account_in(match.expand(spelling))
    return None


def account_in(line: str) -> str | None:
    """The account of a line that is nothing else: ``telegram:name``, ``Snapchat: @Name``,
    ``WhatsApp +32 000 00 00 00``."""
    if number := _number.fullmatch(line):  # as in its link: ``wa.me/3200000000``
        return "whatsapp:" + re.sub(r"\D", "", number[1])
    match = _spelled.fullmatch(line) or _told.fullmatch(line)
    return _one(match[1].casefold(), match[2].removeprefix("@")) if match else None


def accounts_in(line: str, rest: str) -> list[str]:
    """The accounts that a line names by ``@handle``; ``rest``: what of it is no address.

    Each is where the words right beside it say, or else where the line says, if it names one
    platform alone. Of what is left nobody can tell: a wrong platform is somebody else's account.
    """
    between = _handle.split(rest)
    texts, handles = between[::2], between[1::2]
    beside = _beside(texts)
    named = platforms_in(line)
    alone = named if len(named) == 1 and not named <= EVERYDAY - set(beside) else {""}
    spelled = [
        _account_of(own or min(alone), name) for own, name in zip(beside, handles, strict=True)
    ]
    return [account for account in spelled if account]


def _beside(texts: list[str]) -> list[str]:
    """For each handle between two of the texts: the platform written right beside it, or ''."""
    before, after = [""] * len(texts), [""] * len(texts)
    name_last = bool(_of_next.search(texts[0]))  # "X @a Y @b", not "@a X @b Y"
    for place, text in enumerate(texts):
        of_last, of_next = _of_last.match(text), _of_next.search(text)
        if of_last and of_next and place:  # "@a on X @b", or "@a X @b"
            if of_last[1] or not name_last:
                of_next = None
            else:
                of_last = None
        after[place] = of_last[2].casefold() if of_last else ""
        before[place] = of_next[1].casefold() if of_next else ""
    found = [{one, other} - {""} for one, other in zip(before[:-1], after[1:], strict=True)]
    return [names.pop() if len(names) == 1 else "" for names in found]


def _account_of(platform: str, handle: str) -> str | None:
    """The account of an ``@handle``; ``platform`` is empty where nobody said which it is."""
    name = handle.rstrip(".")  # the end of a sentence
    if len(name) < 2:
        return None
    return _one(platform, name) if platform else f"?:@{folded(name)}"


def platforms_in(line: str) -> set[str]:
    """The platforms that a line names; a handle that is called like one names none."""
    return {name.casefold() for name in _platform.findall(_handle.sub(" ", line))}


def is_name(line: str) -> bool:
    """Does a line say a platform and a name, or a number? A sentence that names one does not."""
    named = platforms_in(line)
    words = [word for word in _platform.sub(" ", line).split() if not re.search(r"\d", word)]
    return bool(named) and len(words) <= (0 if named <= EVERYDAY else 2)


def _one(platform: str, name: str) -> str | None:
    if _code.fullmatch(name):
        return f"{platform}:{name}"
    if match := _name.fullmatch(name):
        return f"{platform}:{folded(match[1])}{match[2]}"
    return None


def folded(text: str) -> str:
    """Without capitals. A letter that would become several stays: it would read as another name."""
    small = text.casefold()
    if len(small) == len(text):
        return small
    return "".join(c.casefold() if len(c.casefold()) == 1 else c for c in text)
