"""The day's reports, as citizens send them; and what two people let the police list do."""

import re

from vigie.demo import environment as env
from vigie.demo import visitor
from vigie.demo.browser import Browser, Page
from vigie.demo.day.mix import Sent

LISTS, ACTS, POLICE_LIST = "/lists/", "/acts/", "Police list"
ONE_ACT = re.compile(r"/acts/\d+/$")
ONE_LIST = re.compile(r"/lists/\d+/")


def send(one: Sent) -> None:
    """Over the public site, page by page; the danger on its own page, the words on the last."""
    if one.danger:
        _in_danger(one.where)
    elif one.comment:
        visitor.report(one.where, comment=one.comment)
    else:
        visitor.report(one.where)


def _in_danger(where: str) -> None:
    browser = Browser(env.PUBLIC_URL)
    page = browser.get("/en/report/")
    form = next(form for form in page.forms if "where" in form.fields)
    page = browser.send(page, form, where=where)
    form = next(form for form in page.forms if form.fields.get("token"))
    page = browser.send(page, form, act="finish", danger="yes")
    if not page.url.endswith("/sent/"):
        raise RuntimeError(f"the danger was not taken: {page.status} {page.url}")


def let_the_list_confirm() -> None:
    """The lead asks that the police list's equal bytes confirm; the manager approves."""
    lead, manager = visitor.sign_in("lead"), visitor.sign_in("manager")
    page = _police_list(lead)
    powers = {"may_confirm": "on", "unseen": "on", "active": "on"}
    asked = lead.send(page, page.form("/ask/"), **powers, reason="a scripted day")
    if asked.status != 200:
        raise RuntimeError(f"the list's powers could not be asked for: {asked.status}")
    page = manager.get(ACTS)
    form = next(form for form in page.forms if ONE_ACT.search(form.action))
    if manager.send(page, form, answer="approve").status != 200:
        raise RuntimeError("the list's powers were not approved")


def _police_list(lead: Browser) -> Page:
    for link in lead.get(LISTS).links:
        if ONE_LIST.fullmatch(link) and POLICE_LIST in (page := lead.get(link)).text:
            return page
    raise RuntimeError("the demonstration's police list is not there")
