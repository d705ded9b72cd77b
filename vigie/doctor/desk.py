"""The desk, from outside: its door's headers and cookies."""

import http.client
from collections.abc import Iterable

from vigie.doctor import headers
from vigie.doctor.asking import Answer, Site
from vigie.doctor.finding import Finding, Outcome, judged, skipped
from vigie.doctor.site import headings

DOOR = "/account/login/"
BEHIND = ("/queue/", "/journal/", "/failures/")


def examine(site: Site) -> list[Finding]:
    try:
        door = site.ask(DOOR)
        behind = [site.ask(path) for path in BEHIND]
    except (OSError, http.client.HTTPException) as error:
        said = f"{site.url} cannot be reached from here ({type(error).__name__})"
        return [skipped("desk", f"{said}; run the doctor where it can")]
    if door.status != 200:
        said = f"{site.url}{DOOR} answers {door.status}"
        return [Finding("desk.answers", Outcome.FAIL, f"{said}. Read the program's log.")]
    return [
        *headings("desk", site, [door]),
        headers.over("desk.silent", headers.silent, [door], "Take these headers away."),
        judged("desk.cookies", _loose_cookies(door, site), "Run it in production mode, by https."),
        judged("desk.shut", _open_doors(behind), "Something lets strangers in. Stop the desk."),
    ]


def _loose_cookies(door: Answer, site: Site) -> Iterable[str]:
    for cookie in door.all_of("Set-Cookie"):
        words = {word.strip().lower() for word in cookie.split(";")[1:]}
        name = cookie.split("=")[0]
        wanted = {"httponly", "samesite=strict"}
        wanted |= set() if site.host.endswith("localhost") and not site.secure else {"secure"}
        for missing in sorted(wanted - words):
            yield f"{name} is not {missing}"
        if any(word.startswith("domain=") for word in words):
            yield f"{name} goes to other hosts"


def _open_doors(answers: Iterable[Answer]) -> Iterable[str]:
    for answer in answers:
        if answer.status not in (302, 403):
            yield f"{answer.path} answers {answer.status} to a stranger"
