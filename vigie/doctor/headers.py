"""What the headers of an answer must say. Each rule takes one answer and names its faults."""

import re
from collections.abc import Callable, Iterable, Sequence

from vigie.doctor.asking import Answer
from vigie.doctor.finding import Finding, judged

HALF_A_YEAR = 15_768_000
STRICT = {"default-src": {"'none'"}, "base-uri": {"'none'"}, "frame-ancestors": {"'none'"}}
# Made to stand in other sites' pages: the wall, the counter. They ask for nothing.
EMBEDDED = "/embed/"
DRAWN = {"data:", "blob:"}  # pictures made in the browser: nobody is asked for them
OWN = {"'none'", "'self'"}
# A name without a version tells little, and some servers cannot be silenced.
BARE_NAME = re.compile(r"[A-Za-z-]+")
TELLING = [
    *("via", "x-powered-by", "x-runtime", "x-served-by", "x-backend", "x-aspnet-version"),
    *("x-generator", "x-request-id", "x-correlation-id", "x-amzn-trace-id", "cf-ray"),
    *("x-varnish", "x-cache", "x-debug", "etag"),
]
# They make a browser tell others what it does here, or tell us more of itself.
REPORTING = ("report-to", "reporting-endpoints", "nel", "accept-ch", "alt-svc", "refresh")
PERMISSIONS = ("camera=()", "geolocation=()", "microphone=()")

Rule = Callable[[Answer], Iterable[str]]


def csp(answer: Answer) -> Iterable[str]:
    """``default-src 'none'``, and of every other directive nothing but this site itself."""
    policies = answer.all_of("Content-Security-Policy")
    if not policies:
        yield "no Content-Security-Policy"
    for policy in policies:
        parts = (part.split() for part in policy.split(";") if part.strip())
        found = {words[0].lower(): set(words[1:]) for words in parts}
        for name, sources in STRICT.items():
            if found.get(name) != sources and not _may_be_framed(name, answer):
                yield f"{name} is not 'none'"
        if "form-action" not in found:
            yield "form-action is not limited"
        for name, sources in found.items():
            beyond = sources - OWN - (DRAWN if name == "img-src" else set())
            if beyond and not _may_be_framed(name, answer):
                yield f"{name} allows {' '.join(sorted(beyond))}"


def _may_be_framed(directive: str, answer: Answer) -> bool:
    return directive == "frame-ancestors" and EMBEDDED in answer.path


def frames(answer: Answer) -> Iterable[str]:
    return () if EMBEDDED in answer.path else exactly("X-Frame-Options", "deny")(answer)


def hsts(answer: Answer) -> Iterable[str]:
    found = re.search(r"max-age=(\d+)", answer.one("Strict-Transport-Security"))
    if not found or int(found[1]) < HALF_A_YEAR:
        yield "no Strict-Transport-Security of half a year or more"


def exactly(header: str, *allowed: str) -> Rule:
    """Once, with one of these values."""

    def rule(answer: Answer) -> Iterable[str]:
        values = answer.all_of(header)
        if not values or any(value.strip().lower() not in allowed for value in values):
            yield f"{header} is {answer.one(header) or 'missing'}"

    return rule


def no_store(answer: Answer) -> Iterable[str]:
    values = answer.all_of("Cache-Control")
    if not values or any("no-store" not in value for value in values):
        yield f"Cache-Control is {answer.one('Cache-Control') or 'missing'}"


def permissions(answer: Answer) -> Iterable[str]:
    policy = answer.one("Permissions-Policy")
    for wanted in PERMISSIONS:
        if wanted not in policy.replace(" ", ""):
            yield f"Permissions-Policy lacks {wanted}"


def silent(answer: Answer) -> Iterable[str]:
    """Nothing that names the software's version, the machine or the request."""
    for server in answer.all_of("Server"):
        if not BARE_NAME.fullmatch(server):
            yield f"Server: {server}"
    for name in TELLING:
        if answer.all_of(name) and (name != "etag" or answer.is_page):
            yield f"{name} is sent"


def no_cookie(answer: Answer) -> Iterable[str]:
    if answer.all_of("Set-Cookie"):
        yield "Set-Cookie"


def no_reporting(answer: Answer) -> Iterable[str]:
    for name in REPORTING:
        if answer.all_of(name):
            yield f"{name} is sent"


def over(name: str, rule: Rule, answers: Sequence[Answer], advice: str) -> Finding:
    """One assertion over all answers; each fault names the page it was found on."""
    faults = [f"{fault} at {answer.path}" for answer in answers for fault in rule(answer)]
    return judged(name, faults, advice)
