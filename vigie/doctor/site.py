"""The public site, from outside: what it says, what it leaves out, and what it must not know."""

import http.client
from collections.abc import Iterable

from django.conf import settings
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.translation import override

from vigie.doctor import headers, markup
from vigie.doctor.asking import Answer, Site
from vigie.doctor.finding import Finding, Outcome, judged, skipped

URLS = "config.public_urls"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Addresses of the desk. On the public host they must lead nowhere.
DESKS = ("/account/login/", "/queue/", "/journal/", "/demo/")
PROXY = "Let the proxy pass the program's headers on as they are."


def examine(site: Site, desk_url: str) -> list[Finding]:
    """Every assertion on the public site. No report is written and nothing is followed."""
    try:
        answers = [site.ask(path) for path in paths()]
        refused = _invalid_posts(site)
    except (OSError, http.client.HTTPException) as error:
        said = f"{site.url} does not answer ({type(error).__name__})"
        return [Finding("site.answers", Outcome.FAIL, said)]
    pages = [answer for answer in (*answers, *refused) if answer.is_page]
    return [
        judged("site.answers", _broken(answers), "Read the program's log."),
        _https(site),
        *headings("site", site, pages),
        headers.over(
            "site.referrer",
            headers.exactly("Referrer-Policy", "no-referrer"),
            pages,
            PROXY,
        ),
        headers.over(
            "site.cookies",
            headers.no_cookie,
            (*answers, *refused),
            "The program sets none: something in front of it does.",
        ),
        headers.over(
            "site.silent",
            headers.silent,
            (*answers, *refused),
            "Take these headers away in the proxy (nginx: server_tokens off).",
        ),
        headers.over("site.reporting", headers.no_reporting, pages, "Take these headers away."),
        headers.over(
            "site.third_parties",
            lambda answer: markup.third_parties(answer, site.url),
            pages,
            "Something on the way writes into the pages, or a template was changed.",
        ),
        headers.over("site.inline", markup.inline_code, pages, "No page of ours has any."),
        _onion(site, pages),
        judged(
            "site.desk_apart",
            _desk_within(site, desk_url),
            "Give the desk a host name and a server block of its own.",
        ),
    ]


def headings(prefix: str, site: Site, pages: list[Answer]) -> list[Finding]:
    """The headers that both programs' pages carry."""
    rules: list[tuple[str, headers.Rule]] = [
        ("csp", headers.csp),
        ("nosniff", headers.exactly("X-Content-Type-Options", "nosniff")),
        ("no_store", headers.no_store),
        ("permissions", headers.permissions),
        ("frames", headers.frames),
        ("opener", headers.exactly("Cross-Origin-Opener-Policy", "same-origin")),
    ]
    found = [headers.over(f"{prefix}.{name}", rule, pages, PROXY) for name, rule in rules]
    if not site.secure:
        return [*found, skipped(f"{prefix}.hsts", "only for https")]
    advice = "Pass X-Forwarded-Proto on, or add the header in the proxy."
    return [*found, headers.over(f"{prefix}.hsts", headers.hsts, pages, advice)]


def paths() -> list[str]:
    """Every address of the public site that takes no argument, and the form in each language."""
    found = []
    for name in get_resolver(URLS).reverse_dict:
        if isinstance(name, str):
            try:
                found.append(reverse(name, URLS))
            except NoReverseMatch:
                continue
    for code, _ in settings.LANGUAGES:
        with override(code):
            found.append(reverse("report", URLS))
    return list(dict.fromkeys(found))


def _invalid_posts(site: Site) -> list[Answer]:
    """What is sent wrongly is answered too, and writes nothing: no place, no code."""
    return [
        site.ask(reverse("report", URLS), "POST", "where="),
        site.ask(reverse("receipt", URLS), "POST", "words=doctor"),
    ]


def _broken(answers: list[Answer]) -> Iterable[str]:
    for answer in answers:
        closed = answer.status == 503 and "/card/" in answer.path  # no campaign is open
        if (answer.status >= 500 and not closed) or answer.status in (400, 403):
            yield f"{answer.status} at {answer.path}"


def _https(site: Site) -> Finding:
    if site.secure:
        return Finding("site.https", Outcome.OK)
    if site.host.endswith(".onion") or site.host in LOOPBACK:
        return skipped("site.https", "an onion or loopback address")
    advice = "End TLS in the proxy, and set VIGIE_PUBLIC_URL."
    return judged("site.https", [f"{site.url} is not https"], advice)


def _onion(site: Site, pages: list[Answer]) -> Finding:
    def rule(answer: Answer) -> Iterable[str]:
        wanted = [f"http://{settings.ONION}{answer.path}"] if settings.ONION else []
        if answer.all_of("Onion-Location") != wanted:
            yield f"Onion-Location is {answer.one('Onion-Location') or 'missing'}"

    if site.host.endswith(".onion"):
        return skipped("site.onion_location", "this is the onion service")
    if not settings.ONION and not any(page.all_of("Onion-Location") for page in pages):
        return skipped("site.onion_location", "VIGIE_ONION is not set")
    advice = "Set VIGIE_ONION alike for all programs; the proxy must add no such header."
    return headers.over("site.onion_location", rule, pages, advice)


def _desk_within(site: Site, desk_url: str) -> Iterable[str]:
    """The desk's addresses on the public host, and the desk's name at the public program."""
    for path in DESKS:
        if (status := site.ask(path).status) != 404:
            yield f"{path} answers {status}"
    if desk_url:
        name = Site(desk_url).netloc
        if name == site.netloc:
            yield "both programs have one address"
        elif (status := site.ask("/account/login/", Host=name).status) == 200:
            yield f"asked for {name} it shows the desk"
