"""What must be true of any page, whatever it is about."""

from typing import Any

from playwright.sync_api import Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"type": "tag", "values": LEVELS}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"


def obstacles(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds: the rule, and the elements. The window has axe in every page it opens."""
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate("(options) => axe.run(options).then((all) => all.violations)", options)
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]} {_why(node)}"
        for one in found
        for node in one["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return " / ".join(check["message"] for check in checks)


def at_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900 if width > 600 else 740})


def sticks_out(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return list(
        page.evaluate(
            """() => {
              const root = document.documentElement;
              if (root.scrollWidth <= root.clientWidth) return [];
              const wide = [...document.body.querySelectorAll("*")].filter(
                (one) => one.getBoundingClientRect().right > root.clientWidth + 0.5);
              return ["the page", ...wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 150))];
            }"""
        )
    )


def skeleton(page: Page, language: str, *, bare: bool = False) -> list[str]:
    """One first heading, a title, the right language, a way past the menu.

    ``bare``: a page that claims to have no menu. Then nothing at all may be in the way: the first
    stop, if there is one, is in the content, and no menu is anywhere.
    """
    found = page.evaluate(
        """() => ({
          h1: document.querySelectorAll("h1").length,
          title: document.title.replace(/[\\s–·-]/g, ""),
          lang: document.documentElement.lang,
          skip: document.querySelector("a[href], button, input:not([type=hidden])")?.className,
          target: !!document.querySelector(
            document.querySelector(".skip")?.getAttribute("href") || "nothing"),
          untitled: /^\\s*[–·]/.test(document.title),
          before: [...document.querySelectorAll("a[href], button, input, nav, header, footer")]
            .filter((one) => !document.querySelector("main")?.contains(one)).length,
        })"""
    )
    way_past = {
        f"the first stop is {found['skip']}": found["skip"] != "skip",
        "the skip link leads nowhere": not found["target"],
    }
    nothing_to_pass = {f"{found['before']} things outside the content": found["before"] != 0}
    return [
        wrong
        for wrong, is_so in {
            f"{found['h1']} first headings": found["h1"] != 1,
            "no title": not found["title"] or found["untitled"],
            f"language {found['lang']}": found["lang"] != language,
            **(nothing_to_pass if bare else way_past),
        }.items()
        if is_so
    ]
