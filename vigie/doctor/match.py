"""The match program: shut without a key, silent, and with rights to the lists and nothing else."""

import http.client
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

from vigie.doctor import headers, rights
from vigie.doctor.asking import Answer, Site
from vigie.doctor.finding import Finding, Outcome, judged, skipped

API = "/api/match/v1/pictures"
ELSEWHERE = ("/queue/", "/account/login/", "/journal/", "/api/v1/reports")
ADVICE = "Run: vigie grants ROLE --match --apply"
BY_ITSELF = """
import django
django.setup()
from django.db import DatabaseError, connection
with connection.cursor() as cursor:
    try:
        cursor.execute("SELECT count(*) FROM items_item")
    except DatabaseError as error:
        print("refused")
    else:
        print("read")
"""


def examine(site: Site, environ: Mapping[str, str] | None) -> list[Finding]:
    """``environ``: the match program's settings; None: not known here."""
    try:
        alive = site.ask("/healthz")
        shut = site.ask(API, "POST", "")
        elsewhere = [site.ask(path) for path in ELSEWHERE]
    except (OSError, http.client.HTTPException) as error:
        said = f"{site.url} does not answer ({type(error).__name__})"
        return [Finding("match.answers", Outcome.FAIL, said)]
    answers = [alive, shut, *elsewhere]
    return [
        judged("match.answers", _dead(alive), "Read the program's log."),
        judged("match.shut", _open(shut, elsewhere), "Something else answers there. Stop it."),
        judged("match.https", _in_clear(site), "End TLS in the proxy."),
        headers.over("match.cookies", headers.no_cookie, answers, "The program sets none."),
        headers.over("match.silent", headers.silent, answers, "Take these headers away."),
        headers.over("match.no_store", headers.no_store, [alive, shut], "Pass its headers on."),
        *_rights(environ),
    ]


def _dead(alive: Answer) -> Iterable[str]:
    if alive.status != 200:
        yield f"{alive.status} at {alive.path}"


def _open(shut: Answer, elsewhere: Iterable[Answer]) -> Iterable[str]:
    if shut.status != 401:
        yield f"without a key it answers {shut.status}"
    for answer in elsewhere:
        if answer.status != 404:
            yield f"{answer.path} answers {answer.status}"


def _in_clear(site: Site) -> Iterable[str]:
    if not site.secure and site.host not in ("localhost", "127.0.0.1", "::1"):
        yield f"{site.url} is not https"


def _rights(environ: Mapping[str, str] | None) -> list[Finding]:
    url = (environ or {}).get("VIGIE_DATABASE", "")
    if not environ or not url:
        return [skipped("match.rights", "the match program's settings are not known here")]
    if environ.get("VIGIE_KEYS"):
        return [Finding("match.rights", Outcome.FAIL, "it is given keys. Take VIGIE_KEYS away.")]
    if urlsplit(url).scheme == "sqlite":
        said = rights.said_by_itself(environ, BY_ITSELF)
        faults = [] if said == "refused" else [f"asked for items it answers: {said}"]
        return [judged("match.rights", faults, "Stop it; its connection is not narrowed.")]
    return [judged("match.rights", _beyond(url), ADVICE)]


def _beyond(url: str) -> Iterable[str]:
    try:
        with rights.connected(url) as connection:
            yield from rights.other_than(settings.MATCH_RIGHTS, connection)
    except psycopg.OperationalError as error:
        yield f"its credentials do not work ({type(error).__name__})"
