"""People of the demonstration, seen from outside: a reporter, and colleagues on the desk."""

import time

from vigie.demo import environment as env
from vigie.demo.browser import Browser, Form, Page

# What the demonstration begins with: one of each road, and one of each kind of place.
FIRST = [
    "http://galerie.nord.test/a/known-1",
    "http://galerie.nord.test/a/known-2\nhttp://images.nord.test/a/autumn",
    "http://beeld.polder.test/a/tulip",
    "http://forum.loire.test/a/bridge",
    "http://hub.carpates.test/a/forest",
    "http://photos.moselle.test/a/river",
    "Telegram @chaton_demo",
    "http://perdu.sansnom.test/a/stone",
    "http://images.nord.test/a/film-1",
]
PASSWORD = "aurore-demonstration"


def report(where: str, **more: str) -> str:
    """Send a report as a citizen does; returns the receipt the page showed.

    ``more``: what they add on the last of the pages that follow.
    """
    browser = Browser(env.PUBLIC_URL)
    page = browser.get("/en/report/")
    form = next(form for form in page.forms if "where" in form.fields)
    sent = browser.send(page, form, where=where)
    while more and "contact" not in _further(sent).fields:
        sent = browser.send(sent, _further(sent), act="skip")
    if more:
        sent = browser.send(sent, _further(sent), act="finish", **more)
        if not sent.url.endswith("/sent/"):
            raise RuntimeError(f"the last page was not taken: {sent.status} {sent.url}")
    else:
        _further(sent)
    return form.fields["receipt"]


def _further(page: Page) -> Form:
    """The form of a page that adds to a report: it is there only when the report was taken."""
    for form in page.forms:
        if page.status == 200 and form.fields.get("token"):
            return form
    raise RuntimeError(f"the report was not taken: {page.status} {page.url}")


def sign_in(name: str) -> Browser:
    """Name, password, and the code the demonstration shows; each code works once."""
    for _ in range(4):
        browser = Browser(env.DESK_URL)
        page = browser.get("/account/login/")
        form = next(form for form in page.forms if "password" in form.fields)
        page = browser.send(page, form, login=name, password=PASSWORD)
        form = next(form for form in page.forms if "code" in form.fields)
        page = browser.send(page, form, code=_code_of(name))
        if "/account/" not in page.url:
            return browser
        time.sleep(10)  # somebody used this code already: the next one comes
    raise RuntimeError(f"{name} could not sign in")


def _code_of(name: str) -> str:
    page = Browser(env.DESK_URL).get("/demo/")
    return next(row[2].strip() for row in page.rows if row and row[0].strip() == name)


def find(browser: Browser, address: str) -> str | None:
    """The page of the item with this exact address, by the desk's own search."""
    page = browser.get("/queue/")
    found = browser.send(page, page.form("/search/"), q=address)
    return next((link for link in found.links if "/items/" in link), None)


def open_item(browser: Browser, path: str) -> Page:
    return browser.get(path)
