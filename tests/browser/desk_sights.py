"""What the desk's people set: how stills are shown, rules and lanes, limits, accounts."""

from tests.browser.sight import Reach, Visit, blank, desk, sent

RULE = '[[rule]]\nname = "hosted here"\ncountry = ["BE"]\nlane = "ours"\nhours = 12\n'


def between_stills(visit: Visit) -> None:
    """The quiet screen, as the viewer opens it."""
    visit.go("/queue/items/{waiting}/")
    visit.page.locator("#calm").evaluate("screen => screen.showModal()")


def rules_as_text(text: str) -> Reach:
    def reach(visit: Visit) -> None:
        visit.go("/queue/rules/")
        visit.page.locator("main summary").first.click()
        visit.page.locator("main [name=text]").fill(text)
        with visit.page.expect_navigation():
            visit.page.locator("form[action$='/write/'] .btn").click()

    return reach


def new_rule(visit: Visit) -> None:
    sent("/queue/rules/form/", "button[value=add]")(visit)


def rule_without_outcome(visit: Visit) -> None:
    new_rule(visit)
    with visit.page.expect_navigation():
        visit.page.locator(".btn[value=keep]").click()


SIGHTS = [
    desk("item", "analyst", between_stills, "calm"),
    desk("case", "lead", "/queue/items/{removed}/site/"),
    desk("rules", "lead", "/queue/rules/"),
    desk("rules", "lead", rules_as_text("none"), "error"),
    desk("try_rules", "lead", rules_as_text(RULE)),
    desk("edit_rules", "lead", new_rule),
    desk("edit_rules", "lead", rule_without_outcome, "error"),
    desk("person", "administrator", blank("/people/2/", "#change form"), "change-error"),
    desk("propose_limits", "manager", "/policies/looking/"),
    desk("propose_limits", "manager", blank("/policies/looking/", "#propose"), "error"),
]
NO_PAGES = {
    "change_account",
    "write_note",
    "choose_manner",
    "calmed",
    "write_rules",
    "switch_rules",
    "give_lane",
}
