"""Logs: that ours are configured to say nothing of visitors, and that others really do not.

A file is not believed to be silent: a request with a random mark in its path, its browser's name
and its referrer is sent, and the file is read for the mark and for the address that asked.
"""

import http.client
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from config.logs import Discreet
from vigie.doctor.asking import Site
from vigie.doctor.finding import Finding, judged, skipped

SECONDS_TO_WRITE = 1.0
TURN = "Turn the access log off, and send the error log to /dev/null"


def configured(logging: Mapping[str, Any]) -> Finding:
    """Every handler of our own has the filter that takes addresses and paths out."""
    discreet = {n for n, f in logging.get("filters", {}).items() if f.get("()") in OURS}
    faults = [
        f"the handler {name} has no discreet filter"
        for name, handler in logging.get("handlers", {}).items()
        if not discreet & set(handler.get("filters", ()))
    ]
    return judged("logs.program", faults, "Put LOGGING in config/settings.py back.")


OURS = (Discreet, f"{Discreet.__module__}.{Discreet.__name__}")


def watched(site: Site, files: Sequence[Path], wait: float = SECONDS_TO_WRITE) -> list[Finding]:
    """Knock once with a mark, and read what each file then holds of it."""
    if not files:
        return [skipped("logs.file", "no --log FILE was given (the proxy's, Tor's, PostgreSQL's)")]
    sizes = {file: file.stat().st_size if file.is_file() else 0 for file in files}
    mark = f"doctor-{secrets.token_hex(8)}"
    try:
        address = _knock(site, mark)
    except (OSError, http.client.HTTPException) as error:
        return [skipped("logs.file", f"{site.url} does not answer ({type(error).__name__})")]
    found = [file for file in files if not file.exists()]
    end = time.monotonic() + wait
    while time.monotonic() < end and not any(mark in _new(file, sizes[file]) for file in files):
        time.sleep(0.05)
    return [
        judged(
            f"logs.file {file}",
            ["it is not there"] if file in found else _told(_new(file, sizes[file]), mark, address),
            f"{TURN}.",
        )
        for file in files
    ]


def _knock(site: Site, mark: str) -> str:
    """One request that is answered and one that is refused; returns the address that asked."""
    told = {"User_Agent": mark, "Referer": f"{site.url}/{mark}"}
    site.ask(f"/{mark}/", "POST", mark, **told)
    return site.ask(f"/robots.txt?{mark}", **told).from_address


def _new(file: Path, size: int) -> str:
    """What was written since; all of it where the file was begun anew."""
    if not file.is_file():
        return ""
    with file.open("rb") as opened:
        opened.seek(size if file.stat().st_size >= size else 0)
        return opened.read().decode("utf-8", "replace")


def _told(text: str, mark: str, address: str) -> Iterable[str]:
    if mark in text:
        yield "it keeps what visitors ask for"
    if address in text:
        yield "it keeps visitors' addresses"
