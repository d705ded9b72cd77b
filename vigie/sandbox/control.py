"""What the control pages show and change, and the headers of all their answers."""

from dataclasses import dataclass, field
from typing import Final

from vigie.sandbox.framing import RealReport
from vigie.sandbox.mailbox import Mailbox
from vigie.sandbox.partners import Partners
from vigie.sandbox.police import Police
from vigie.sandbox.removals import Removals

HEADERS: Final = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)


@dataclass(frozen=True)
class Control:
    """The parts of the sandbox that a person or a script can look into."""

    mailbox: Mailbox
    removals: Removals
    police: Police
    real_report: RealReport | None = None
    partners: Partners = field(default_factory=Partners)
