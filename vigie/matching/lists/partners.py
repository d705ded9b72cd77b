"""Which partners there are, and how to speak to them: `partners.toml` in the worker's keys.

A file of the operator's and not a form: whoever gets into the desk cannot point the worker, with
its credentials, at another host. In it, a table for each list::

    [ncmec-npo]
    protocol = "ncmec"                  # ncmec, stopncii or arachnid
    url = "https://hashsharing.ncmec.org/npo"
    owner = "NCMEC"
    username = "…"
    password = "…"
    hours = 6                           # between two fetches
"""

import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from vigie.lib.partner import Limits, Partner

FILE = "partners.toml"
LONGEST_NAME = 60
NEEDED = {
    "ncmec": ("username", "password"),
    "stopncii": ("subscription_key", "fetch_key"),
    "arachnid": ("username", "password"),
}
FETCHED = frozenset({"ncmec", "stopncii"})


class BadPartners(Exception):
    """`partners.toml` cannot be used; says where, never what a credential is."""


@dataclass(frozen=True)
class Contract:
    """One partner as configured. ``secrets`` stay out of `repr`, and so out of logs."""

    name: str
    protocol: str
    url: str
    owner: str = ""
    seconds: float = 6 * 3600
    secrets: dict[str, str] = field(default_factory=dict, repr=False)

    def connect(self, seconds: float, *, key: str = "fetch_key") -> Partner:
        """Open for requests of at most ``seconds`` each. ``key``: StopNCII's, by what is asked."""
        limits = Limits(seconds=seconds)
        if self.protocol == "stopncii":
            headers = {
                "x-functions-key": self.secrets.get(key, ""),
                "Ocp-Apim-Subscription-Key": self.secrets["subscription_key"],
            }
            return Partner(self.url, headers=headers, limits=limits)
        basic = (self.secrets["username"], self.secrets["password"])
        return Partner(self.url, basic=basic, limits=limits)


def contracts(folder: Path) -> dict[str, Contract]:
    """All partners by name; none where there is no file. Raises `BadPartners`."""
    path = folder / FILE
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise BadPartners(f"{FILE} cannot be read") from None
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadPartners(f"{FILE} can be read by others")
    return {name: _contract(name, table) for name, table in data.items()}


def _contract(name: str, table: object) -> Contract:
    if len(name) > LONGEST_NAME:
        raise BadPartners(f"{FILE}: a name has more than {LONGEST_NAME} letters")
    if not isinstance(table, dict) or table.get("protocol") not in NEEDED:
        raise BadPartners(f"{FILE}: [{name}] has no known protocol")
    texts = {key: value for key, value in table.items() if isinstance(value, str)}
    missing = [key for key in ("url", *NEEDED[table["protocol"]]) if not texts.get(key)]
    if missing:
        raise BadPartners(f"{FILE}: [{name}] lacks {', '.join(missing)}")
    hours = table.get("hours", 6)
    if not isinstance(hours, int | float) or not 0 < hours < 10_000:
        raise BadPartners(f"{FILE}: [{name}] hours is a number above 0")
    known = ("protocol", "url", "owner")
    return Contract(
        name=name,
        protocol=texts["protocol"],
        url=texts["url"],
        owner=texts.get("owner", ""),
        seconds=3600 * hours,
        secrets={key: value for key, value in texts.items() if key not in known},
    )
