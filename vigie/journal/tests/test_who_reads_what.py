"""Reading the journal is scoped by role: all of it, one's own lines, and of an item what was done.

Who looked at what is a matter between a colleague and whoever may read the whole journal.
"""

import pytest

from conftest import person
from tests.factories import a_confirmed_item, an_item
from vigie.journal.models import Entry
from vigie.journal.selectors import trail_of, visible_to
from vigie.journal.services import append
from vigie.journal.verbs import ON_THE_ROAD, Verb
from vigie.staff.permissions import MAY, Permission, Role

pytestmark = pytest.mark.django_db(databases="__all__")
READS_ALL = {Role.LEAD, Role.MANAGER}
OTHER = "staff:99999"
READS = [Verb.ITEM_OPENED, Verb.MEDIA_VIEWED, Verb.WORDS_READ, Verb.ITEMS_LISTED, Verb.JOURNAL_READ]


@pytest.mark.pure
def test_these_roles_read_all_and_every_role_its_own():
    assert {role for role in Role if Permission.JOURNAL_READ_ALL in MAY[role]} == READS_ALL
    assert all(Permission.JOURNAL_READ_OWN in MAY[role] for role in Role)


@pytest.mark.pure
def test_no_read_is_told_as_a_step_of_the_road():
    assert not ON_THE_ROAD & {*READS, Verb.ITEM_SEARCHED, Verb.KEY_UNLOCKED, Verb.KEY_REFUSED}


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_all_lines_or_its_own(role):
    user = person(role)
    for actor in (OTHER, "worker", user.actor):
        append(Verb.ITEM_OPENED, "item:1", actor)
    seen = set(visible_to(user).values_list("actor", flat=True))
    assert seen == ({OTHER, "worker", user.actor} if role in READS_ALL else {user.actor})


def test_a_name_that_only_begins_alike_is_somebody_else(analyst):
    append(Verb.ITEM_OPENED, "item:1", analyst.actor + "0")
    assert not visible_to(analyst).exists()


def test_who_may_read_nothing_reads_nothing(analyst, monkeypatch):
    append(Verb.ITEM_OPENED, "item:1", analyst.actor)
    monkeypatch.setitem(MAY, Role.ANALYST, frozenset({Permission.ITEMS_READ}))
    assert not visible_to(analyst).exists()


@pytest.mark.parametrize("role", Role)
def test_of_an_item_each_role_sees_what_was_done_and_the_reads_it_may(role):
    item, user = an_item("Telegram @somebody"), person(role)
    for actor in (OTHER, user.actor):
        for verb in READS:
            append(verb, item.subject, actor)
    append(Verb.ITEM_HELD, item.subject, OTHER)
    trail = list(trail_of(item.subject, user).values_list("verb", "actor"))
    assert ("item.joined", "worker") in trail
    assert ("item.held", OTHER) in trail
    assert [verb for verb, actor in trail if actor == user.actor] == READS
    of_others = [verb for verb, actor in trail if actor == OTHER and verb in READS]
    assert of_others == (READS if role in READS_ALL else [])


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEAD, Role.LIAISON])
def test_the_items_page_tells_a_colleagues_look_only_to_who_reads_all(role, desk_client):
    item, colleague = a_confirmed_item("Telegram @somebody"), person(Role.EDITOR)
    append(Verb.MEDIA_VIEWED, item.subject, colleague.actor)
    page = desk_client(person(role)).get(f"/queue/items/{item.pk}/").content.decode()
    assert (colleague.name in page) == (role in READS_ALL)


def test_the_journals_own_page_is_scoped_the_same(desk_client, analyst, lead):
    append(Verb.MEDIA_VIEWED, "item:7001", OTHER)
    assert "item:7001" not in desk_client(analyst).get("/journal/").content.decode()
    assert "item:7001" in desk_client(lead).get("/journal/").content.decode()


@pytest.mark.parametrize("before", ["²", "1²", "٣", "-1", "x", "9" * 19])
def test_a_line_that_is_no_number_is_404(before, desk_client, analyst):
    assert desk_client(analyst).get("/journal/", {"before": before}).status_code == 404
    assert not Entry.objects.filter(verb=Verb.JOURNAL_READ).exists()
