"""Every page of both programs and of the sandbox, in every state worth looking at.

`SIGHTS` is the list the accessibility tests go through. Each entry names the page's URL as the URL
confs do; `test_accessible` fails when a page of theirs is in neither `SIGHTS` nor `NO_PAGES`.
"""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from playwright.sync_api import Page

from config import public_views
from tests.browser import campaign_sights, desk_sights, people_sights
from tests.browser.newsletter import DRAFT, SENDING, SENT, UNFINISHED
from tests.browser.sight import (
    DESK,
    PUBLIC,
    Reach,
    Sight,
    Visit,
    answered,
    at,
    blank,
    desk,
    public,
    sent,
)
from vigie.campaign.newsletter.consent import words
from vigie.intake import further
from vigie.intake.forms import ReportForm
from vigie.intake.selectors import Asked, Shown
from vigie.sandbox.partners import made_up
from vigie.staff import errors

PASSPHRASE = "aurore-demonstration"
LISTED = made_up(5001)["md5"]
NEWSLETTER, TOKEN = "/campaign/newsletter/", "A" * 43


def not_saved(request: HttpRequest) -> HttpResponse:
    form = ReportForm({"where": "http://galerie.nord.test/a/x"})
    context = {"form": form, "receipt": "un deux trois", "not_saved": True, "no_pictures": True}
    return render(request, "intake/report.html", context, status=503)


def further_not_saved(request: HttpRequest) -> HttpResponse:
    return further.show(request, "place", "token", typed={"how": "the third door"}, not_saved=True)


def asked(request: HttpRequest) -> HttpResponse:
    """A receipt with a question to which nothing was answered yet."""
    question = Asked(UUID(int=1), "On which page was it?", date(2026, 11, 23))
    shown = Shown("in_hand", date(2026, 11, 23), "", b"", (question,))
    steps = [("received", "past"), ("in_hand", "current"), ("closed", "ahead")]
    context = {"asked": True, "shown": shown, "steps": steps, "words": "un deux", "empty": True}
    return render(request, "intake/receipt.html", {**context, "question": str(question.id)})


def told(visit: Visit) -> None:
    """What came later, and the form of a question."""
    unlocked(visit)
    visit.page.locator(".told summary").first.click()


def further_page(number: int) -> Reach:
    """Of the pages after a report, the one with this number (from 1)."""

    def reach(visit: Visit) -> None:
        where = f"http://photos.moselle.test/a/{number}"
        sent("/{lang}/report/", ".send .btn", where=where)(visit)
        for _ in range(number - 1):
            with visit.page.expect_navigation():
                visit.page.locator("[name=act][value=skip]").click()

    return reach


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
    """At a picture not seen yet; once all were, at one again, with a reason."""
    visit.go("/queue/items/{waiting}/")
    in_my_hands(visit.page)
    still, calm = visit.page.locator(".still.clear"), visit.page.locator("#calm[open]")
    _ask_for_a_still(visit.page)
    still.or_(calm).first.wait_for()
    if calm.count():  # a quiet screen, after so many looks of this person: it is left first
        visit.page.keyboard.press("Enter")
        calm.wait_for(state="detached")
        _ask_for_a_still(visit.page)
    still.wait_for()


def in_my_hands(page: Page) -> None:
    """What a colleague has in hand is taken over: otherwise nothing of it is shown."""
    take = page.locator("button[aria-keyshortcuts=T]")
    if take.count():
        with page.expect_navigation():
            take.click()


def _ask_for_a_still(page: Page) -> None:
    if page.locator("[data-first]:not([hidden])").count():
        page.keyboard.press("v")
        return
    again = page.locator(".again").first
    if again.get_attribute("open") is None:
        again.locator("summary").click()
    again.locator("input").fill("encore une fois")
    again.locator(".btn").click()


def keys_shown(visit: Visit) -> None:
    visit.go("/queue/")
    visit.page.keyboard.press("?")
    visit.page.locator("#keys").wait_for()


def all_questions(visit: Visit) -> None:
    """What may be said beyond the classification, with an answer given by its key."""
    visit.go("/queue/items/{waiting}/")
    for key in ("1", "a", "u"):
        visit.page.keyboard.press(key)
    visit.page.locator(".further[open]").wait_for()


def key_made(visit: Visit) -> None:
    """A provider's key, in the answer that made it."""
    visit.go("/providers/")
    visit.page.locator("#new-provider [name=name]").fill("Images du Nord")
    visit.page.locator("#new-provider [name=lists]").first.check()
    with visit.page.expect_navigation():
        visit.page.locator("#new-provider .btn").click()


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


def a_letter(visit: Visit) -> None:
    visit.go("/mail/")
    with visit.page.expect_navigation():
        visit.page.locator(".cards a").first.click()


SIGHTS = [
    public("front", ""),
    public("facts", "facts/"),
    public("report", "report/"),
    Sight("public", "report", sent("/{lang}/report/", ".send .btn"), "empty"),
    Sight("public", "report", answered(PUBLIC, not_saved), "not-saved"),
    Sight("public", "more", further_page(1)),
    Sight("public", "more", further_page(2), "place"),
    Sight("public", "more", further_page(3), "contact"),
    Sight("public", "more", answered(PUBLIC, further_not_saved), "not-saved"),
    public("sent", "report/sent/"),
    public("own", "for-me/"),
    Sight("public", "own", sent("/{lang}/for-me/", ".send .btn"), "empty"),
    public("own_sent", "for-me/sent/"),
    public("receipt", "receipt/"),
    Sight("public", "receipt", sent("/{lang}/receipt/", ".ask .btn", words="un chat"), "unknown"),
    Sight("public", "receipt", lambda visit: _ask_for(visit), "shown"),
    Sight("public", "receipt", answered(PUBLIC, asked), "asked"),
    public("how", "how/"),
    public("help", "help/"),
    public("doors", "doors/"),
    public("privacy", "privacy/"),
    public("figures", "figures/"),
    public("newsletter", "newsletter/"),
    Sight(
        "public", "newsletter", sent("/{lang}/newsletter/", ".send .btn", email="minou"), "error"
    ),
    Sight("public", "newsletter", answered(PUBLIC, not_written), "not-written"),
    public("newsletter_thanks", "newsletter/thanks/"),
    public("newsletter_confirm", f"newsletter/confirm/{TOKEN}/"),
    Sight(
        "public",
        "newsletter_confirm",
        sent(f"/{{lang}}/newsletter/confirm/{TOKEN}/", ".send .btn"),
        "done",
    ),
    public("newsletter_unsubscribe", f"newsletter/unsubscribe/{TOKEN}/"),
    Sight(
        "public",
        "newsletter_unsubscribe",
        sent(f"/{{lang}}/newsletter/unsubscribe/{TOKEN}/", ".send .btn"),
        "done",
    ),
    *campaign_sights.PUBLIC_SIGHTS,
    public("accessibility", "accessibility/"),
    public("404", "nothing/"),
    Sight("public", "400", answered(PUBLIC, lambda r: public_views.bad_request(r, Exception()))),
    Sight("public", "500", answered(PUBLIC, public_views.failed)),
    desk("account_login", "", "/account/login/"),
    desk(
        "account_login",
        "",
        sent("/account/login/", "main form .btn", login="nobody", password="a wrong password"),
        "wrong",
    ),
    desk("mfa_authenticate", "", at_the_second_factor),
    desk("mfa_authenticate", "", with_both_factors_wrong, "wrong"),
    desk("demo_accounts", "", "/demo/"),
    desk("queue", "analyst", "/queue/"),
    desk("queue", "lead", "/queue/?state=removed", "removed"),
    desk("queue", "lead", "/queue/?state=new", "empty"),
    desk("queue", "analyst", "/queue/?country=BE&danger=yes", "filtered"),
    desk("queue", "analyst", keys_shown, "keys"),
    desk("care", "analyst", "/queue/care/"),
    desk("training", "analyst", "/queue/training/"),
    desk("training_run", "analyst", sent("/queue/training/", ".panel .btn")),
    desk("agreement", "manager", "/queue/agreement/"),
    desk("search", "analyst", sent("/queue/", ".search .btn", q="galerie.nord.test"), "found"),
    desk("search", "analyst", sent("/queue/", ".search .btn", q="I-99999"), "nothing"),
    desk("together", "analyst", "/queue/decisions/1/"),
    desk("item", "lead", "/queue/items/{waiting}/"),
    desk("item", "lead", all_questions, "questions"),
    desk("item", "analyst", looking, "looking"),
    desk("item", "analyst", without_service, "error"),
    desk("item", "lead", "/queue/items/{removed}/", "removed"),
    desk("item", "lead", "/queue/items/{closed}/", "closed"),
    desk("item", "lead", "/queue/items/{referred}/", "referred"),
    desk("item", "analyst", overtaken, "overtaken"),
    desk("words", "lead", "/queue/items/{removed}/words/", "locked"),
    desk(
        "words",
        "lead",
        sent("/queue/items/{removed}/words/", "main form .btn", passphrase="not this one"),
        "wrong",
    ),
    desk("words", "analyst", told, "open"),
    desk("letters", "lead", "/letters/"),
    desk("letters", "liaison", "/letters/", "liaison"),
    desk("referral", "liaison", "{referral}"),
    desk(
        "referral",
        "liaison",
        blank("{referral}", "form:has(#id_reference)"),
        "error",
    ),
    desk("watched", "analyst", "/watch/"),
    desk("hash_lists", "lead", "/lists/"),
    desk("hash_lists", "manager", blank("/lists/", "form:has(#id_layout)"), "error"),
    desk("hash_list", "lead", "/lists/1/"),
    desk("hash_list", "administrator", "/lists/1/", "administrator"),
    desk("hash_list", "lead", blank("/lists/1/", "form:has(#id_threshold)"), "error"),
    desk("find_hash", "analyst", sent("/lists/find/", "main form .btn", value=LISTED), "found"),
    desk("find_hash", "analyst", sent("/lists/find/", "main form .btn", value="chat"), "error"),
    desk("providers", "lead", "/providers/"),
    desk("providers", "manager", key_made, "made"),
    desk("providers", "manager", blank("/providers/", "#new-provider"), "error"),
    desk("figures", "manager", "/figures/"),
    desk("failures", "administrator", "/failures/"),
    desk("journal", "lead", "/journal/"),
    desk("journal", "editor", "/journal/", "own"),
    desk("newsletter", "editor", NEWSLETTER),
    desk("newsletter", "manager", NEWSLETTER, "manager"),
    desk("newsletter_new", "editor", f"{NEWSLETTER}new/"),
    desk("newsletter_new", "editor", too_long, "error"),
    desk("edition", "editor", f"{NEWSLETTER}{UNFINISHED}/", "unfinished"),
    desk("edition", "editor", f"{NEWSLETTER}{DRAFT}/"),
    desk("edition", "editor", f"{NEWSLETTER}{SENDING}/", "sending"),
    desk("edition", "editor", f"{NEWSLETTER}{SENT}/", "sent"),
    desk(
        "edition",
        "editor",
        sent(f"{NEWSLETTER}{DRAFT}/", "form[action$='/test/'] .btn", address="not one"),
        "error",
    ),
    desk("edition", "editor", sent_too_late, "conflict"),
    desk("edition_write", "editor", f"{NEWSLETTER}{DRAFT}/write/"),
    desk("edition_write", "editor", written_over, "overtaken"),
    desk("edition_preview", "editor", f"{NEWSLETTER}{DRAFT}/preview/"),
    *campaign_sights.DESK_SIGHTS,
    desk("retention", "lead", "/retention/"),
    desk("retention", "manager", blank("/retention/", "form[action$='/hold/']"), "error"),
    desk("mandate", "administrator", "/mandate/"),
    desk("mandate", "administrator", blank("/mandate/", "form:has(#id_basis)"), "error"),
    desk("senders", "administrator", "/senders/"),
    desk("senders", "administrator", sent("/senders/", "#new-sender .btn", name="Partner"), "made"),
    desk("senders", "administrator", blank("/senders/", "#new-sender"), "error"),
    *people_sights.SIGHTS,
    *desk_sights.SIGHTS,
    desk("account_logout", "editor", "/account/logout/"),
    desk("account_change_password", "editor", "/account/password/"),
    desk("account_change_password", "editor", blank("/account/password/", "main form"), "error"),
    desk("account_reauthenticate", "editor", "/account/again/"),
    desk("mfa_reauthenticate", "editor", "/account/again/2fa/"),
    desk("mfa_reauthenticate_webauthn", "administrator", "/account/again/passkey/"),
    desk("mfa_index", "editor", "/account/factors/"),
    desk("mfa_index", "administrator", "/account/factors/", "keys"),
    desk("mfa_activate_totp", "newcomer", "/account/factors/totp/"),
    desk("mfa_activate_totp", "newcomer", blank("/account/factors/totp/", "main form"), "error"),
    desk("mfa_deactivate_totp", "editor", "/account/factors/totp/off/"),
    desk("mfa_view_recovery_codes", "administrator", "/account/factors/codes/"),
    desk("mfa_generate_recovery_codes", "editor", "/account/factors/codes/new/"),
    desk("mfa_generate_recovery_codes", "administrator", "/account/factors/codes/new/", "again"),
    desk("mfa_list_webauthn", "editor", "/account/factors/keys/", "none"),
    desk("mfa_list_webauthn", "administrator", "/account/factors/keys/"),
    desk("mfa_add_webauthn", "editor", "/account/factors/keys/new/"),
    desk("mfa_edit_webauthn", "administrator", "/account/factors/keys/{key}/"),
    desk("mfa_remove_webauthn", "administrator", "/account/factors/keys/{key}/remove/"),
    desk("403", "analyst", "/letters/"),
    desk("404", "analyst", "/nothing/"),
    desk("404", "", "/nothing/", "stranger"),
    desk("500", "", answered(DESK, errors.broken)),
    desk("csrf", "analyst", unsigned),
    Sight("outside", "/", at("/")),
    Sight("outside", "/mail/", at("/mail/")),
    Sight("outside", "/mail/([0-9]+)/", a_letter),
    Sight("outside", "/police/", at("/police/")),
    Sight("outside", "/hosts/", at("/hosts/")),
    Sight("outside", "404", at("/nothing/")),
]
# Addresses that are no page to look at: GET is refused, or the answer is not HTML, or leads away.
NO_PAGES = {
    PUBLIC: {
        *("root", "robots", "healthz"),
        *("openapi-json", "api_reports", "api_reports_bulk", "manifest", "share"),
        *campaign_sights.NO_PUBLIC_PAGES,
    },
    DESK: {
        *campaign_sights.NO_DESK_PAGES,
        *people_sights.NO_PAGES,
        *desk_sights.NO_PAGES,
        "healthz",
        "home",
        "staff_language",
        "save_view",
        "undo_all",
        "drop_view",
        "single_keys",
        "mfa_login_webauthn",
        "mfa_download_recovery_codes",
        "assess",
        "look_again",
        "ask",
        "reopen",
        "conclude",
        "still",
        "rest",
        "take_over",
        "put_back",
        "look_ended",
        "acknowledge",
        "authorise",
        "take_back_authorisation",
        "correct_reference",
        "refuse",
        "host_contacted",
        "hold",
        "approve_notice",
        "write_errand",
        "name_contact",
        "hold_data",
        "lift_data",
        "confirm_clock",
        "withdraw_mandate",
        "revoke_sender",
        "newsletter_export",
        "edition_test",
        "edition_send",
        "edition_stop",
        "ask_list_change",
        "ask_hash_export",
        "take_hash_export",
        "judge_hash",
        "add_provider",
        "revoke_provider",
        "see_probe",
    },
}


def _ask_for(visit: Visit) -> None:
    sent("/{lang}/receipt/", ".ask .btn", words=visit.world.receipt)(visit)
