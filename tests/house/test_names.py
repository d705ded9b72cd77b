"""Names that people type stand on pages so that no sign in them turns what follows."""

import re

import pytest

from tests.environment import ROOT
from tests.factories import a_look, an_item, decided, hosted
from vigie.cases.desk.notes import write_note
from vigie.cases.models import Classification, SavedView
from vigie.cases.routes.lanes import give
from vigie.cases.routes.routing import route_waiting
from vigie.cases.tests.test_routing import rules_on, waits
from vigie.people.models import Team
from vigie.people.teams import set_teams
from vigie.staff.models import User

TURNED, SHOWN = "a\u202eb", "a⟨U+202E⟩b"
RULE = f'[[rule]]\nname = "{TURNED}"\ncountry = ["BE"]\nlane = "{TURNED}"\n'
PAGES = [
    "/queue/",
    "/queue/?state=closed",
    "/queue/items/{waiting}/",
    "/queue/items/{closed}/",
    "/queue/items/{closed}/site/",
    "/queue/rules/",
    "/queue/rules/1/",
    "/people/",
    "/people/{person}/",
    "/acts/",
    "/journal/",
    "/overview/",
]
# Where a name is not one that people type, or is meant to be changed.
OURS = r"size|vocabulary|attrs|line|card|org|s|one|support"
NAMED = re.compile(
    rf"{{{{ (?!(?:{OURS})\.)[\w.]+\.(?:name|username) }}}}"
    rf"|name=(?!(?:{OURS})\.)[\w.]+\.(?:name|username)[ %]"
    r"|firstof [\w.]+\.name "
)
PUBLIC = ("card.html", "studio.html", "kit.html", "over.html", "_cards.html", "preview.html")


@pytest.mark.django_db(databases="__all__")
def test_no_page_of_the_desk_shows_a_name_that_turns(
    analyst, lead, administrator, manager, desk_client
):
    people = [analyst, lead, administrator, manager]
    User.objects.filter(pk__in=[user.pk for user in people]).update(name=TURNED)
    for user in people:
        user.refresh_from_db()
    team = Team.objects.create(name=TURNED)
    set_teams(analyst, [team], administrator)
    SavedView.objects.create(by=analyst, name=TURNED, query="state=to_assess")
    waiting = waits("here", "BE")
    rules_on(RULE, lead)
    give(TURNED, team, lead)
    route_waiting()
    closed = an_item("https://a.test/x")
    look = a_look(closed, ["https://a.test/1.jpg"])
    hosted(look, "BE")
    decided(closed, look, Classification.NOT_ILLEGAL)
    write_note(closed, TURNED, lead)
    known = {"waiting": waiting.pk, "closed": closed.pk, "person": analyst.pk}
    shown = 0
    for user in people:
        client = desk_client(user)
        for path in PAGES:
            page = client.get(path.format(**known)).content.decode()
            page = re.sub(r'(value=|")"[^"]*"|<(textarea|pre).*?</', "", page, flags=re.DOTALL)
            assert "\u202e" not in page, (path, page[page.index("\u202e") - 200 :][:240])
            shown += page.count(SHOWN)
    assert shown > 20


@pytest.mark.pure
def test_no_template_of_the_desk_forgets_it():
    found = {
        str(file.relative_to(ROOT)): match[0]
        for file in [*(ROOT / "vigie").rglob("*.html"), ROOT / "web/templates/desk.html"]
        if "/intake/templates/" not in str(file) and file.name not in PUBLIC
        for match in NAMED.finditer(file.read_text("utf-8").replace('value="{{ ', ""))
    }
    assert found == {}
