"""E-mail addresses: what can be one, how it is written, and what makes two the same.

We refuse only what no mail server in use would take (RFC 5321, without quoted names and address
literals). Whether a mailbox exists, only a mail can tell.
"""

import re
import unicodedata
from dataclasses import dataclass

from ada_url import idna

LOCAL_OCTETS, DOMAIN_OCTETS, WHOLE_OCTETS = 64, 253, 254
LONGEST_TYPED = 1000  # characters; beyond it nothing is even looked at
# RFC 5322 dot-atom, with letters of all scripts (RFC 6531).
_ATOM = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\x00-\xa0\s\ud800-\udfff])+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Address:
    """``local@domain``, the domain in ASCII and lower case, the local part as it was typed."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def canonical(self) -> str:
        """Equal for two spellings of one address: servers in use do not tell capitals apart."""
        return f"{self.local.casefold()}@{self.domain}"

    @property
    def mailbox(self) -> str:
        """Without what follows a plus: many such addresses fill one mailbox."""
        return f"{self.local.casefold().partition('+')[0]}@{self.domain}"


def parse(typed: str) -> Address | None:
    """The address in what was typed; None if it cannot be one."""
    if len(typed) > LONGEST_TYPED:
        return None
    local, at, domain = unicodedata.normalize("NFC", typed.strip()).rpartition("@")
    written = _ascii(domain)
    if not at or not _LOCAL.fullmatch(local) or not _printable(local) or not written:
        return None
    octets = len(local.encode()), len(written)
    if octets[0] > LOCAL_OCTETS or sum(octets) + 1 > WHOLE_OCTETS:
        return None
    return Address(local, written)


def _printable(text: str) -> bool:
    """No controls, no marks that turn text around, nothing unassigned or private."""
    return not any(unicodedata.category(character)[0] in "CZ" for character in text)


def _ascii(domain: str) -> str:
    """As DNS knows it (UTS 46: straße.be is not strasse.be); empty if it cannot be a domain."""
    try:
        written = idna.encode(domain.removesuffix(".").casefold() if domain.isascii() else domain)
    except ValueError:
        return ""
    name = written.decode().lower()
    labels = name.split(".")
    good = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    return name if good and len(name) <= DOMAIN_OCTETS and not labels[-1].isdigit() else ""
