"""The campaign's pages, in every state worth looking at: see `sights`."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from playwright.sync_api import expect

from tests.browser.campaign import GONE, KIT, POST, SLUG
from tests.browser.photos import cat, file
from tests.browser.sight import (
    DESK,
    PUBLIC,
    SEND_ANYHOW,
    Reach,
    Sight,
    Visit,
    answered,
    desk,
    public,
)
from vigie.campaign.desk import CopyForm
from vigie.campaign.models import the_shipped_one
from vigie.campaign.wall.models import Card

EDITOR, WALL = f"/campaign/{SLUG}", "/campaign/wall/"
NOT_A_PHOTO = b"no picture at all"


# --- the studio -----------------------------------------------------------------------------------
def not_open(*, over: bool) -> Reach:
    context = {"page": "studio", "over": over}
    return answered(PUBLIC, lambda r: render(r, "campaign/not_open.html", context, status=503))


def chosen(visit: Visit) -> None:
    """A photo lies on the stage, below the note, with a name."""
    visit.go("/{lang}/card/")
    page = visit.page
    page.locator("#photo").set_input_files(file("chat.jpg", cat()))
    page.locator("#stage[role=application]").wait_for()
    page.locator("#name").fill("Minou")
    expect(page.locator("#strip")).to_have_attribute("src", re.compile("name=Minou"))
    for part in ("#over", "#strip"):
        expect(page.locator(part)).to_have_js_property("complete", True)
    page.locator(".give summary").click()


def _sent(visit: Visit, act: str, *, consent: bool = False) -> None:
    visit.go("/{lang}/card/")
    page = visit.page
    page.locator("#photo").set_input_files(file("chat.jpg", cat()))
    page.locator("#studio").evaluate("(form) => (form.noValidate = true)")
    if act == "wall":
        page.locator(".give summary").click()
    if consent:
        page.locator("[name=consent]").check()
        page.locator("[name=age][value=old]").check()
    with page.expect_navigation():
        page.locator(f"button[value={act}]").click()
    page.locator(".made-card img").wait_for()


def refused(visit: Visit) -> None:
    visit.go("/{lang}/card/")
    visit.page.locator("#photo").set_input_files(file("chat.jpg", NOT_A_PHOTO))
    with visit.page.expect_navigation():
        visit.page.locator("button[value=see]").click()


def second_page(visit: Visit) -> None:
    visit.go("/{lang}/wall/")
    visit.page.locator("a[rel=next]").click()


def a_card(visit: Visit) -> None:
    visit.go("/{lang}/wall/arranged-0/")


def taken_back(visit: Visit) -> None:
    visit.go("/{lang}/wall/back/" + "a" * 40 + "/")
    with visit.page.expect_navigation():
        visit.page.locator("main form .btn").first.click()


def can_be_taken_back(request: HttpRequest) -> HttpResponse:
    card = Card(slug="arranged-0", language="fr", alt="Un chat dessiné", name="Mimi")
    context = {"page": "wall", "hangs": True, "card": card, "picture": "0.jpg"}
    return render(request, "wall/withdraw.html", context)


def not_taken_back(request: HttpRequest) -> HttpResponse:
    context = {"page": "wall", "failed": True, "hangs": True}
    return render(request, "wall/withdraw.html", context, status=503)


# --- the desk -------------------------------------------------------------------------------------
def wrongly(path: str, **fields: str) -> Reach:
    """A form of the desk with these fields changed, sent past the browser's own check."""

    def reach(visit: Visit) -> None:
        visit.go(path)
        page = visit.page
        for name, value in fields.items():
            page.locator(f"main [name={name}]").evaluate(
                "(field, value) => { field.type === 'text' || (field.type = 'text');"
                " field.value = value; }"
                if name == "version"
                else "(field, value) => { field.value = value; }",
                value,
            )
        with page.expect_navigation():
            page.locator("main form").last.evaluate(SEND_ANYHOW)

    return reach


def marked(visit: Visit) -> None:
    """Two decided, the next one in hand, held."""
    visit.go(WALL)
    visit.page.locator(".piece").first.wait_for()
    visit.page.keyboard.press("j")
    visit.page.keyboard.down(" ")
    visit.page.locator(".piece.on [name=seen]:checked").wait_for()
    visit.page.keyboard.up(" ")
    for key in ("a", "r"):
        visit.page.keyboard.press(key)
    visit.page.keyboard.down(" ")


def nothing_waits(request: HttpRequest) -> HttpResponse:
    return render(request, "wall/moderate.html", {"rows": [], "waiting": 0})


def marked_to_go(visit: Visit) -> None:
    """One to take off, one to lose its name, the next one in hand."""
    visit.go(f"{WALL}hung/")
    visit.page.locator(".piece").first.wait_for()
    for key in ("j", "r", "n"):
        visit.page.keyboard.press(key)
    for value in ("off", "nameless"):
        visit.page.locator(f"input[value={value}]:checked").wait_for()


def nothing_hangs(request: HttpRequest) -> HttpResponse:
    return render(request, "wall/hung.html", {"rows": [], "first": True})


def nothing_set_aside(request: HttpRequest) -> HttpResponse:
    return render(request, "wall/escalations.html", {"rows": [], "instruction": ""})


def not_ours_yet(request: HttpRequest) -> HttpResponse:
    running = the_shipped_one()
    context = {"rows": [(running, "")], "running": running, "form": CopyForm()}
    return render(request, "campaign/desk_list.html", context)


PUBLIC_SIGHTS = [
    public("studio", "card/"),
    Sight("public", "studio", refused, "error"),
    Sight("public", "studio", chosen, "chosen"),
    Sight("public", "studio", lambda visit: _sent(visit, "see"), "result"),
    Sight("public", "studio", lambda visit: _sent(visit, "wall"), "missing"),
    Sight("public", "studio", lambda visit: _sent(visit, "wall", consent=True), "given"),
    Sight("public", "studio", not_open(over=False), "not-open"),
    Sight("public", "studio", not_open(over=True), "over"),
    public("wall", "wall/"),
    Sight("public", "wall", second_page, "second"),
    Sight("public", "card", a_card),
    public("withdraw", "wall/back/" + "a" * 40 + "/"),
    Sight("public", "withdraw", answered(PUBLIC, can_be_taken_back), "hangs"),
    Sight("public", "withdraw", taken_back, "done"),
    Sight("public", "withdraw", answered(PUBLIC, not_taken_back), "failed"),
    public("embeds", "embed/"),
    public("embed_counter", "embed/counter/", bare=True),
    public("embed_wall", "embed/wall/", bare=True),
    public("screen", "screen/", bare=True),
    public("press", "press/"),
    public("kit", f"kit/{KIT}/"),
]
DESK_SIGHTS = [
    desk("moderate", "editor", WALL),
    desk("moderate", "editor", marked, "marked"),
    desk("moderate", "", answered(DESK, nothing_waits), "empty"),
    desk("hung", "editor", f"{WALL}hung/"),
    desk("hung", "editor", marked_to_go, "marked"),
    desk("hung", "editor", f"{WALL}hung/?card=nowhere", "not-found"),
    desk("hung", "", answered(DESK, nothing_hangs), "empty"),
    desk("escalations", "lead", f"{WALL}set-aside/"),
    desk("escalations", "", answered(DESK, nothing_set_aside), "none"),
    desk("campaigns", "editor", "/campaign/"),
    desk("campaigns", "editor", wrongly("/campaign/", slug=SLUG), "error"),
    desk("campaigns", "", answered(DESK, not_ours_yet), "not-ours"),
    desk("campaign_settings", "editor", f"{EDITOR}/settings/"),
    desk(
        "campaign_settings",
        "editor",
        wrongly(f"{EDITOR}/settings/", name="", colour_ink="#fafafa"),
        "error",
    ),
    desk("campaign_settings", "editor", wrongly(f"{EDITOR}/settings/", version="99"), "stale"),
    desk("campaign_photo", "editor", f"{EDITOR}/photo/"),
    desk("campaign_photo", "editor", wrongly(f"{EDITOR}/photo/", zoom="5"), "error"),
    desk("campaign_words", "editor", f"{EDITOR}/words/fr/"),
    desk(
        "campaign_words",
        "editor",
        wrongly(f"{EDITOR}/words/nl/", message="", hashtag="cats for kids"),
        "error",
    ),
    desk("campaign_pages", "editor", f"{EDITOR}/pages/{{lang}}/"),
    desk("kits", "editor", "/campaign/kits/"),
    desk("kits", "editor", wrongly("/campaign/kits/", name=""), "error"),
    desk("posts", "editor", "/campaign/posts/"),
    desk("posts", "editor", wrongly("/campaign/posts/", caption="", card="nowhere"), "error"),
    desk("post", "editor", f"/campaign/posts/{POST}/"),
    desk("post_pack", "editor", f"/campaign/posts/{GONE}/pack/", "gone"),
]
NO_PUBLIC_PAGES = {
    "studio_preview",
    "overlay",
    "strip",
    "blank",
    "message",
    "sample",
    "wall_picture",
    "oembed",
    "counter_picture",
    "feed",
    "press_pack",
    "sheet",
}
NO_DESK_PAGES = {
    "campaign_card",
    "campaign_preview",
    "submission_picture",
    "hung_picture",
    "escalation_seen",
    "close_kit",
    "drop_post",
}
