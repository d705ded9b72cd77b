"""Filters, the views that people keep, and search."""

import pytest

from tests.factories import a_confirmed_item, a_look, an_item, hosted, sha256_of
from vigie.cases import claims
from vigie.cases.desk.listing import MOST_COUNTED, Cursor, Filter, page_of
from vigie.cases.desk.queue_views import MOST_VIEWS
from vigie.cases.models import SavedView
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.people.models import Team
from vigie.staff.models import User
from vigie.tracing.facts import note_facts

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]


@pytest.fixture
def items() -> dict[str, Item]:
    """By name: what waits for a decision."""
    where = {
        "here": ("http://one.nord.test/a", "BE", []),
        "there": ("http://two.nord.test/b", "NL", ["http://x.test/1.jpg"]),
        "account": ("Telegram @somebody", "", []),
    }
    made = {}
    for name, (place, country, pictures) in where.items():
        made[name] = an_item(place)
        look = a_look(made[name], pictures)
        if country:
            hosted(look, country)
        note_facts(made[name])
        made[name].refresh_from_db()
    return made


def names(user: User, items: dict[str, Item], **asked: str) -> set[str]:
    found, _more = page_of(user, Filter.read(asked), Cursor())
    return {name for name, item in items.items() if item in found}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"here", "there", "account"}),
        ({"country": "be"}, {"here"}),
        ({"kind": "account"}, {"account"}),
        ({"material": "new"}, {"there"}),
        ({"danger": "yes"}, set()),
        ({"country": "NL", "material": "new"}, {"there"}),
        ({"mine": "yes"}, {"there"}),
        ({"free": "yes"}, {"here", "account"}),
        ({"state": "confirmed"}, set()),
    ],
)
def test_a_filter_leaves_what_it_says(asked, found, items, analyst):
    claims.claim(items["there"], analyst)
    assert names(analyst, items, **asked) == found


def test_in_a_colleagues_hands_is_neither_mine_nor_free(items, analyst, lead):
    claims.claim(items["here"], lead)
    assert names(analyst, items, mine="yes") == set()
    assert names(analyst, items, free="yes") == {"there", "account"}


def test_in_my_teams_hands_is_what_any_of_us_has_but_not_who_left(items, analyst, lead, liaison):
    for place, who in (("here", lead), ("there", liaison), ("account", analyst)):
        claims.claim(items[place], who)
    assert names(analyst, items, team="yes") == {"account"}
    Team.objects.create(name="Days").members.set([analyst, lead])
    assert names(analyst, items, team="yes") == {"account", "here"}
    type(lead).objects.filter(pk=lead.pk).update(is_active=False)
    assert names(analyst, items, team="yes") == {"account"}
    assert names(analyst, items, free="yes") == {"here"}


def test_of_the_same_site_and_of_a_site_where_something_was_confirmed(items, analyst):
    assert names(analyst, items, like=f"I-{items['here'].pk}") == {"here", "there"}
    assert names(analyst, items, like=str(items["account"].pk)) == {"account"}
    assert names(analyst, items, known_site="yes") == set()
    a_confirmed_item("http://three.nord.test/c")
    assert names(analyst, items, known_site="yes") == {"here", "there"}


@pytest.mark.parametrize(
    "query",
    [
        "country=Belgium",
        "country=1²",
        "kind=boat",
        "material=old",
        "like=I-x",
        "flood=x",
        "state=x",
    ],
)
def test_what_means_nothing_is_not_found(query, desk_client, analyst):
    assert desk_client(analyst).get(f"/queue/?{query}").status_code == 404


def test_a_filter_survives_its_own_address():
    asked = {"state": "new", "country": "FR", "mine": "yes", "like": "12"}
    where = Filter.read(asked)
    assert where.query == "state=new&country=FR&mine=yes&like=12"


def test_a_view_is_kept_for_its_owner_alone_and_can_be_dropped(items, desk_client, analyst, lead):
    mine, other = desk_client(analyst), desk_client(lead)
    answer = mine.post("/queue/views/", {"name": " Here  first ", "query": "country=BE&x=1"})
    assert answer["Location"] == "/queue/?state=to_assess&country=BE"
    kept = SavedView.objects.get()
    assert (kept.name, kept.query) == ("Here first", "state=to_assess&country=BE")
    assert "Here first" in mine.get("/queue/").content.decode()
    assert "Here first" not in other.get("/queue/").content.decode()
    assert other.post(f"/queue/views/{kept.pk}/drop/").status_code == 404
    mine.post("/queue/views/", {"name": "Here first", "query": "country=FR"})
    assert SavedView.objects.get().query == "state=to_assess&country=FR"
    mine.post(f"/queue/views/{kept.pk}/drop/")
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_a_meaning_and_room(desk_client, analyst):
    client = desk_client(analyst)
    client.post("/queue/views/", {"name": "  ", "query": ""})
    assert client.post("/queue/views/", {"name": "x", "query": "kind=boat"}).status_code == 404
    for number in range(MOST_VIEWS + 1):
        client.post("/queue/views/", {"name": f"v{number}", "query": ""})
    assert SavedView.objects.count() == MOST_VIEWS


def test_search_by_hash_finds_the_items_with_these_very_bytes(items, desk_client, analyst):
    client = desk_client(analyst)
    digest = sha256_of("http://x.test/1.jpg")
    for typed, found in ((digest.upper(), 1), (digest[::-1], 1), ("0" * 64, 0), ("ab" * 16, 0)):
        page = client.post("/queue/search/", {"q": typed}, follow=True).content.decode()
        assert page.count("/queue/items/") == found
    assert not Entry.objects.filter(detail__contains=digest).exists()


def test_nobody_counts_past_a_thousand(items, desk_client, analyst):
    Item.objects.bulk_create(
        Item(
            kind="web",
            locator=b"x",
            locator_hash=f"{n}".encode(),
            state="closed",
            created_at=items["here"].created_at,
            changed_at=items["here"].created_at,
        )
        for n in range(MOST_COUNTED + 5)
    )
    assert f"{MOST_COUNTED}+" in desk_client(analyst).get("/queue/").content.decode()


def test_who_reads_what_was_confirmed_reads_nothing_that_waits(items, desk_client, liaison):
    client = desk_client(liaison)
    page = client.get("/queue/").content.decode()
    assert "/queue/items/" not in page and "state=to_assess" not in page.split("<nav", 2)[2]


def test_keys_of_one_letter_can_be_turned_off(desk_client, analyst):
    client = desk_client(analyst)
    assert 'data-keys="off"' not in client.get("/queue/").content.decode()
    answer = client.post("/queue/keys/", {"on": "no", "next": "https://elsewhere.test/"})
    assert answer["Location"] == "/"
    assert 'data-keys="off"' in client.get("/queue/").content.decode()
    client.post("/queue/keys/", {"on": "yes", "next": "/queue/"})
    assert 'data-keys="off"' not in client.get("/queue/").content.decode()


def test_what_was_sought_is_in_no_address_and_opens_to_the_session_alone(
    items, desk_client, analyst
):
    mine = desk_client(analyst)
    found = mine.post("/queue/search/", {"q": "galerie.nord.test"})["Location"]
    assert "galerie" not in found and "nord" not in found
    assert "galerie.nord.test" in mine.get(found).content.decode()
    mine.logout()
    mine.force_login(analyst)
    later = mine.get(found)
    assert (later.status_code, later["Location"]) == (302, "/queue/")
