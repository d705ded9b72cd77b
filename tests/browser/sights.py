"""Every page of both programs and of the sandbox, in every state worth looking at.

`SIGHTS` is the list the accessibility tests go through. Each entry names the page's URL as the URL
confs do; `test_accessible` fails when a page of theirs is in neither `SIGHTS` nor `NO_PAGES`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import set_urlconf
from django.utils.translation import override
from playwright.sync_api import Page, Route

from config import public_views
from tests.browser.newsletter import DRAFT, SENDING, SENT, UNFINISHED
from tests.browser.world import World
from vigie.campaign.newsletter.consent import words
from vigie.intake.forms import KINDS, ReportForm
from vigie.staff import errors

PASSPHRASE = "aurore-demonstration"


@dataclass(frozen=True)
class Visit:
    """A window, and who looks through it: ``base`` is the surface's origin."""

    page: Page
    world: World
    base: str
    language: str

    def go(self, path: str) -> None:
        self.page.goto(self.base + path.format(**vars(self.world), lang=self.language))


Reach = Callable[[Visit], None]


@dataclass(frozen=True)
class Sight:
    """``surface``: public, desk or outside; ``who``: whose session; ``reach``: the way there."""

    surface: str
    name: str
    reach: Reach
    state: str = ""
    who: str = ""

    def __str__(self) -> str:
        return "-".join(filter(None, (self.surface, self.name, self.state)))


def at(path: str) -> Reach:
    return lambda visit: visit.go(path)


def sent(path: str, button: str, **fields: str) -> Reach:
    """Open an address, fill in fields by name, press the button."""

    def reach(visit: Visit) -> None:
        visit.go(path)
        for name, value in fields.items():
            visit.page.locator(f"main [name={name}]").first.fill(value)
        with visit.page.expect_navigation():
            visit.page.locator(button).first.click()

    return reach


def answered(urlconf: str, write: Callable[[HttpRequest], HttpResponse]) -> Reach:
    """What a healthy program never says, put in its place: the page as it would be sent."""

    def reach(visit: Visit) -> None:
        def answer(route: Route) -> None:
            request = RequestFactory().get(f"/{visit.language}/broken/")
            request.user = AnonymousUser()
            set_urlconf(urlconf)
            with override(visit.language):
                written = write(request)
            set_urlconf(None)
            route.fulfill(status=written.status_code, body=written.content, headers=HTML)

        visit.page.route("**/broken/", answer)
        visit.go("/broken/")

    return reach


HTML = {"Content-Type": "text/html; charset=utf-8"}
PUBLIC, DESK = "config.public_urls", "config.desk_urls"
NEWSLETTER, TOKEN = "/campaign/newsletter/", "A" * 43


def not_saved(request: HttpRequest) -> HttpResponse:
    form = ReportForm({"where": "http://galerie.nord.test/a/x"})
    context = {"form": form, "kinds": KINDS, "receipt": "un deux trois", "not_saved": True}
    return render(request, "intake/report.html", context, status=503)


def not_written(request: HttpRequest) -> HttpResponse:
    context = {
        "typed": "minou@aurore.test",
        "languages": settings.LANGUAGES,
        "chosen": "nl",
        "words": words("Aurora"),
        "not_written": True,
    }
    return render(request, "newsletter/subscribe.html", context, status=503)


def with_both_factors_wrong(visit: Visit) -> None:
    at_the_second_factor(visit)
    visit.page.locator("main [name=code]").fill("000000")
    with visit.page.expect_navigation():
        visit.page.locator("main form button[type=submit]").first.click()


def at_the_second_factor(visit: Visit) -> None:
    sent("/account/login/", "main form .btn", login="editor", password=PASSPHRASE)(visit)


def unlocked(visit: Visit) -> None:
    visit.go("/queue/items/{removed}/words/")
    if visit.page.locator("main [name=passphrase]").count():
        sent("/queue/items/{removed}/words/", "main form .btn", passphrase=PASSPHRASE)(visit)


def looking(visit: Visit) -> None:
    visit.go("/queue/items/{waiting}/")
    visit.page.keyboard.press("v")
    visit.page.locator(".still").wait_for()


def overtaken(visit: Visit) -> None:
    """The decision is about a look that is no longer the last one."""
    visit.go("/queue/items/{waiting}/")
    visit.page.evaluate("document.querySelector('#assess [name=look]').value = '0'")
    visit.page.keyboard.press("4")
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Control+Enter")


def without_service(visit: Visit) -> None:
    """Out of remit, and nobody named to hand over to."""
    visit.go("/queue/items/{unfetchable}/")
    visit.page.keyboard.press("6")
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Control+Enter")


def too_long(visit: Visit) -> None:
    """An edition past what the browser itself would let anybody type."""
    visit.go(f"{NEWSLETTER}new/")
    page = visit.page
    page.evaluate("document.querySelector('#id_subject_fr').removeAttribute('maxlength')")
    page.locator("#id_subject_fr").fill("chat " * 30)
    with page.expect_navigation():
        page.locator("main form .btn").first.click()


def written_over(visit: Visit) -> None:
    """A colleague has saved the draft meanwhile."""
    visit.go(f"{NEWSLETTER}{DRAFT}/write/")
    visit.page.evaluate("document.querySelector('#id_version').value = '0'")
    with visit.page.expect_navigation():
        visit.page.locator("main form .btn").first.click()


def sent_too_late(visit: Visit) -> None:
    visit.go(f"{NEWSLETTER}{DRAFT}/")
    visit.page.evaluate("document.querySelector('main [name=version]').value = '0'")
    with visit.page.expect_navigation():
        visit.page.locator("form[action$='/send/'] .btn").click()


def unsigned(visit: Visit) -> None:
    """A form whose cookie has gone."""
    visit.go("/queue/")
    visit.page.context.clear_cookies(name="csrf")
    with visit.page.expect_navigation():
        visit.page.locator(".search .btn").click()


def blank(path: str, form: str) -> Reach:
    """Send a form empty, past the browser's own check."""

    def reach(visit: Visit) -> None:
        visit.go(path)
        with visit.page.expect_navigation():
            visit.page.locator(form).first.evaluate(
                "form => { form.noValidate = true; form.requestSubmit(); }"
            )

    return reach


def a_letter(visit: Visit) -> None:
    visit.go("/mail/")
    visit.page.locator(".cards a").first.click()


def _public(name: str, path: str, state: str = "") -> Sight:
    return Sight("public", name, at(f"/{{lang}}/{path}"), state)


def _desk(name: str, who: str, reach: str | Reach, state: str = "") -> Sight:
    return Sight("desk", name, at(reach) if isinstance(reach, str) else reach, state, who)


SIGHTS = [
    _public("front", ""),
    _public("facts", "facts/"),
    _public("report", "report/"),
    Sight("public", "report", sent("/{lang}/report/", ".send .btn"), "empty"),
    Sight("public", "report", answered(PUBLIC, not_saved), "not-saved"),
    _public("sent", "report/sent/"),
    _public("receipt", "receipt/"),
    Sight("public", "receipt", sent("/{lang}/receipt/", ".ask .btn", words="un chat"), "unknown"),
    Sight("public", "receipt", lambda visit: _ask_for(visit), "shown"),
    _public("how", "how/"),
    _public("help", "help/"),
    _public("privacy", "privacy/"),
    _public("figures", "figures/"),
    _public("newsletter", "newsletter/"),
    Sight(
        "public", "newsletter", sent("/{lang}/newsletter/", ".send .btn", email="minou"), "error"
    ),
    Sight("public", "newsletter", answered(PUBLIC, not_written), "not-written"),
    _public("newsletter_thanks", "newsletter/thanks/"),
    _public("newsletter_confirm", f"newsletter/confirm/{TOKEN}/"),
    Sight(
        "public",
        "newsletter_confirm",
        sent(f"/{{lang}}/newsletter/confirm/{TOKEN}/", ".send .btn"),
        "done",
    ),
    _public("newsletter_unsubscribe", f"newsletter/unsubscribe/{TOKEN}/"),
    Sight(
        "public",
        "newsletter_unsubscribe",
        sent(f"/{{lang}}/newsletter/unsubscribe/{TOKEN}/", ".send .btn"),
        "done",
    ),
    _public("accessibility", "accessibility/"),
    _public("404", "nothing/"),
    Sight("public", "400", answered(PUBLIC, lambda r: public_views.bad_request(r, Exception()))),
    Sight("public", "500", answered(PUBLIC, public_views.failed)),
    _desk("account_login", "", "/account/login/"),
    _desk(
        "account_login",
        "",
        sent("/account/login/", "main form .btn", login="nobody", password="a wrong password"),
        "wrong",
    ),
    _desk("mfa_authenticate", "", at_the_second_factor),
    _desk("mfa_authenticate", "", with_both_factors_wrong, "wrong"),
    _desk("demo_accounts", "", "/demo/"),
    _desk("queue", "analyst", "/queue/"),
    _desk("queue", "lead", "/queue/?state=removed", "removed"),
    _desk("queue", "lead", "/queue/?state=new", "empty"),
    _desk("search", "analyst", sent("/queue/", ".search .btn", q="galerie.nord.test"), "found"),
    _desk("search", "analyst", sent("/queue/", ".search .btn", q="I-99999"), "nothing"),
    _desk("item", "lead", "/queue/items/{waiting}/"),
    _desk("item", "analyst", looking, "looking"),
    _desk("item", "analyst", without_service, "error"),
    _desk("item", "lead", "/queue/items/{removed}/", "removed"),
    _desk("item", "lead", "/queue/items/{closed}/", "closed"),
    _desk("item", "lead", "/queue/items/{referred}/", "referred"),
    _desk("item", "analyst", overtaken, "overtaken"),
    _desk("words", "lead", "/queue/items/{removed}/words/", "locked"),
    _desk(
        "words",
        "lead",
        sent("/queue/items/{removed}/words/", "main form .btn", passphrase="not this one"),
        "wrong",
    ),
    _desk("words", "analyst", unlocked, "open"),
    _desk("letters", "lead", "/letters/"),
    _desk("letters", "liaison", "/letters/", "liaison"),
    _desk("referral", "liaison", "{referral}"),
    _desk(
        "referral",
        "liaison",
        blank("{referral}", "form:has(#id_reference)"),
        "error",
    ),
    _desk("watched", "analyst", "/watch/"),
    _desk("figures", "manager", "/figures/"),
    _desk("failures", "administrator", "/failures/"),
    _desk("journal", "lead", "/journal/"),
    _desk("journal", "editor", "/journal/", "own"),
    _desk("newsletter", "editor", NEWSLETTER),
    _desk("newsletter", "manager", NEWSLETTER, "manager"),
    _desk("newsletter_new", "editor", f"{NEWSLETTER}new/"),
    _desk("newsletter_new", "editor", too_long, "error"),
    _desk("edition", "editor", f"{NEWSLETTER}{UNFINISHED}/", "unfinished"),
    _desk("edition", "editor", f"{NEWSLETTER}{DRAFT}/"),
    _desk("edition", "editor", f"{NEWSLETTER}{SENDING}/", "sending"),
    _desk("edition", "editor", f"{NEWSLETTER}{SENT}/", "sent"),
    _desk(
        "edition",
        "editor",
        sent(f"{NEWSLETTER}{DRAFT}/", "form[action$='/test/'] .btn", address="not one"),
        "error",
    ),
    _desk("edition", "editor", sent_too_late, "conflict"),
    _desk("edition_write", "editor", f"{NEWSLETTER}{DRAFT}/write/"),
    _desk("edition_write", "editor", written_over, "overtaken"),
    _desk("edition_preview", "editor", f"{NEWSLETTER}{DRAFT}/preview/"),
    _desk("mandate", "administrator", "/mandate/"),
    _desk("mandate", "administrator", blank("/mandate/", "form:has(#id_basis)"), "error"),
    _desk("people", "manager", "/people/"),
    _desk("account_logout", "editor", "/account/logout/"),
    _desk("account_change_password", "editor", "/account/password/"),
    _desk("account_change_password", "editor", blank("/account/password/", "main form"), "error"),
    _desk("account_reauthenticate", "editor", "/account/again/"),
    _desk("mfa_reauthenticate", "editor", "/account/again/2fa/"),
    _desk("mfa_reauthenticate_webauthn", "administrator", "/account/again/passkey/"),
    _desk("mfa_index", "editor", "/account/factors/"),
    _desk("mfa_index", "administrator", "/account/factors/", "keys"),
    _desk("mfa_activate_totp", "newcomer", "/account/factors/totp/"),
    _desk("mfa_activate_totp", "newcomer", blank("/account/factors/totp/", "main form"), "error"),
    _desk("mfa_deactivate_totp", "editor", "/account/factors/totp/off/"),
    _desk("mfa_view_recovery_codes", "administrator", "/account/factors/codes/"),
    _desk("mfa_generate_recovery_codes", "editor", "/account/factors/codes/new/"),
    _desk("mfa_generate_recovery_codes", "administrator", "/account/factors/codes/new/", "again"),
    _desk("mfa_list_webauthn", "editor", "/account/factors/keys/", "none"),
    _desk("mfa_list_webauthn", "administrator", "/account/factors/keys/"),
    _desk("mfa_add_webauthn", "editor", "/account/factors/keys/new/"),
    _desk("mfa_edit_webauthn", "administrator", "/account/factors/keys/{key}/"),
    _desk("mfa_remove_webauthn", "administrator", "/account/factors/keys/{key}/remove/"),
    _desk("403", "analyst", "/letters/"),
    _desk("404", "analyst", "/nothing/"),
    _desk("404", "", "/nothing/", "stranger"),
    _desk("500", "", answered(DESK, errors.broken)),
    _desk("csrf", "analyst", unsigned),
    Sight("outside", "/", at("/")),
    Sight("outside", "/mail/", at("/mail/")),
    Sight("outside", "/mail/([0-9]+)/", a_letter),
    Sight("outside", "/police/", at("/police/")),
    Sight("outside", "/hosts/", at("/hosts/")),
    Sight("outside", "404", at("/nothing/")),
]
# Addresses that are no page to look at: GET is refused, or the answer is not HTML, or leads away.
NO_PAGES = {
    PUBLIC: {"root", "robots", "healthz"},
    DESK: {
        "healthz",
        "home",
        "staff_language",
        "mfa_login_webauthn",
        "mfa_download_recovery_codes",
        "assess",
        "look_again",
        "reopen",
        "conclude",
        "still",
        "acknowledge",
        "authorise",
        "refuse",
        "host_contacted",
        "hold",
        "approve_notice",
        "name_contact",
        "withdraw_mandate",
        "newsletter_export",
        "edition_test",
        "edition_send",
        "edition_stop",
    },
}


def _ask_for(visit: Visit) -> None:
    sent("/{lang}/receipt/", ".ask .btn", words=visit.world.receipt)(visit)
