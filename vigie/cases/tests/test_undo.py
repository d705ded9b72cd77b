"""The moment in which a confirmation can be taken back, and what the pages say of it after."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine

from conftest import person
from tests.databases import in_threads
from tests.factories import a_look, an_analyst, an_item, decided
from vigie.cases.deciding import repeats, undo
from vigie.cases.deciding.reopening import WhyNeeded, may_take_back, take_back
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.deciding.together import apply
from vigie.cases.models import Assessment
from vigie.items.flow import Move, Stale, State
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.matching.models import JudgedHash
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
PLACE = "http://192.0.2.10/one.jpg"
NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_minute(settings) -> None:
    settings.UNDO_SECONDS = 60


def confirmed(where: str, by: User, picture: str = PLACE) -> Assessment:
    item = an_item(where)
    source = decided(item, a_look(item, [picture]), "baseline")
    Assessment.objects.filter(pk=source.pk).update(by=by)
    return Assessment.objects.select_related("item").get(pk=source.pk)


def now_of(source: Assessment) -> Assessment:
    return Assessment.objects.select_related("item").get(pk=source.pk)


def page_of(client, source: Assessment) -> str:
    User.objects.update(language="en")
    return client.get(f"/queue/items/{source.item_id}/").content.decode()


@pytest.mark.pure
def test_it_ends_after_so_many_seconds_and_at_once_where_a_child_is_in_danger():
    assert undo.ends(NOON, 60, danger=False) == NOON + timedelta(seconds=60)
    assert undo.ends(NOON, 60, danger=True) == undo.ends(NOON, 0, danger=False) == NOON


@pytest.mark.parametrize(("after", "author"), [(0, True), (59, True), (60, False), (61, False)])
def test_who_decided_may_for_a_minute_and_a_lead_for_longer(after, author, analyst, lead):
    with time_machine.travel(NOON, tick=False) as clocks:
        source = confirmed("http://one.test/", analyst)
        clocks.shift(after)
        assert may_take_back(source, analyst) is author
        assert may_take_back(source, lead)
        assert not may_take_back(source, an_analyst())
        assert bool(undo.until(source)) is author


def test_taken_back_it_waits_again_in_a_new_round_and_nothing_is_remembered(analyst):
    source = confirmed("http://one.test/", analyst)
    made = take_back(source, analyst)
    item = Item.objects.get()
    assert (made.back, made.told) == (1, 0)
    assert (item.state, item.round, item.classification, item.due_at) == ("to_assess", 2, "", None)
    assert not JudgedHash.objects.filter(undone_at=None).exists()
    kept = now_of(source)
    assert (kept.taken_back_by, kept.classification, kept.stands) == (analyst, "baseline", False)
    verbs = (
        Entry.objects.filter(subject=item.subject).order_by("-seq").values_list("verb", flat=True)
    )
    assert list(verbs[:2]) == ["item.moved", "decision.taken_back"]


def test_where_a_child_is_in_danger_only_a_lead_takes_it_back(analyst, lead):
    source = confirmed("http://one.test/", analyst)
    Item.objects.update(danger=True)
    with pytest.raises(Stale):
        take_back(now_of(source), analyst)
    assert Item.objects.get().state == State.CONFIRMED
    assert take_back(now_of(source), lead, "an error").back == 1


def test_what_came_back_by_itself_is_not_taken_back_as_if_nobody_knew(analyst):
    source = confirmed("http://one.test/", analyst)
    for move in (Move.REFER, Move.REMOVE, Move.REAPPEAR):
        move_item(Item.objects.get(), move, "worker")
    assert not may_take_back(now_of(source), analyst)
    assert undo.until(now_of(source)) is None


def test_the_pages_say_until_when_and_whoever_may_has_the_button(analyst, lead, desk_client):
    with time_machine.travel(NOON, tick=False):
        source = confirmed("http://one.test/", analyst)
        path = f"/queue/decisions/{source.pk}/"
        clients = [desk_client(who) for who in (analyst, lead, person(Role.LIAISON))]
        for client, button in zip(clients, (True, True, False), strict=True):
            page = page_of(client, source)
            assert "<b>13:01:00</b>" in page, "in the time of the house"
            assert (f'action="{path}undo/"' in page) is button
        page = clients[0].get(path).content.decode()
        assert "<b>13:01:00</b>" in page and f'action="{path}undo/"' in page


def test_whoever_decides_is_told_until_when_with_a_way_to_the_page(analyst, desk_client):
    item, client = an_item("http://one.test/"), desk_client(analyst)
    look = a_look(item)
    User.objects.update(language="en")
    form = {"classification": "baseline", "look": look.pk, "reason": "by its words"}
    page = client.post(f"/queue/items/{item.pk}/assess/", form, follow=True).content.decode()
    link = f'<a href="/queue/items/{item.pk}/" aria-keyshortcuts="I"'
    assert link in page and f">{item.reference}</a> <kbd>I</kbd>: your" in page
    assert "you can take it back" in page


def test_pressed_too_late_it_says_so_and_changes_nothing(analyst, desk_client):
    source, client = confirmed("http://one.test/", analyst), desk_client(analyst)
    User.objects.update(language="en")
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        before = Entry.objects.count()
        answer = client.post(f"/queue/decisions/{source.pk}/undo/")
    assert answer.status_code == 409 and "too late" in answer.content.decode()
    lines = Entry.objects.order_by("seq").values_list("verb", flat=True)[before:]
    assert (Item.objects.get().state, list(lines)) == ("confirmed", ["items.listed"])
    stranger = desk_client(an_analyst())
    assert stranger.post(f"/queue/decisions/{source.pk}/undo/").status_code == 403


def test_after_an_undo_no_page_says_that_it_stands(analyst, lead, desk_client):
    source = confirmed("http://one.test/", analyst)
    same, later = an_item("http://two.test/"), an_item("http://three.test/")
    for item in (same, later):
        a_look(item, [PLACE])
    apply(source, {same.pk}, analyst)
    take_back(source, lead, "an error")
    client, path = desk_client(analyst), f"/queue/decisions/{source.pk}/"
    page = page_of(client, source)
    assert "taken back</span>" in page and lead.name in page
    assert "1 item had been decided with it" in page
    together = client.get(path).content.decode()
    assert "This decision was taken back." in together and "(taken back)" in together
    assert 'name="items"' not in together and "undo/" not in together
    before = Entry.objects.count()
    stale = client.post(path, {"items": [later.pk]})
    assert stale.status_code == 409
    assert "Nothing was decided" in stale.content.decode()
    later.refresh_from_db()
    assert later.state == State.TO_ASSESS
    assert Entry.objects.count() == before + 1, "the list that was shown, and no more"


def test_a_slip_that_closed_an_item_is_taken_back_by_whoever_made_it(analyst, lead, desk_client):
    item, client = an_item("http://one.test/"), desk_client(analyst)
    form = {"classification": "not_illegal", "look": a_look(item).pk, "reason": "a slip"}
    User.objects.update(language="en")
    page = client.post(f"/queue/items/{item.pk}/assess/", form, follow=True).content.decode()
    assert f'<a href="/queue/items/{item.pk}/" aria-keyshortcuts="I"' in page
    assert "your decision is kept. You can take it back on its page." in page
    source = Assessment.objects.select_related("item").get()
    button = f'action="/queue/decisions/{source.pk}/undo/"'
    assert button in page_of(client, source)
    assert button not in page_of(desk_client(an_analyst()), source)
    assert button not in page_of(desk_client(lead), source), "a lead opens it again, with a reason"
    client.post(f"/queue/decisions/{source.pk}/undo/")
    kept = now_of(source)
    assert (kept.item.state, kept.taken_back_by) == (State.TO_ASSESS, analyst)


def test_what_was_told_and_is_closed_since_is_for_a_lead(analyst, lead):
    source = confirmed("http://one.test/", analyst)
    for move in (Move.REFER, Move.CONCLUDE):
        move_item(Item.objects.get(), move, "worker")
    assert not may_take_back(now_of(source), analyst)
    assert may_take_back(now_of(source), lead)


def test_a_lead_who_opens_a_closed_item_takes_its_decision_back(analyst, lead, desk_client):
    item = an_item("http://one.test/")
    source = decided(item, a_look(item), "not_illegal")
    desk_client(lead).post(f"/queue/items/{item.pk}/reopen/")
    kept = now_of(source)
    assert (kept.item.state, kept.taken_back_by) == (State.TO_ASSESS, lead)


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_two_who_press_at_once_one_takes_it_back(analyst, lead):
    source = confirmed("http://one.test/", analyst)
    ends = in_threads(
        [partial(take_back, source, who, "an error") for who in (analyst, lead, analyst)]
    )
    assert sorted(type(end).__name__ for end in ends) == ["Others", "Stale", "Stale"]
    assert Entry.objects.filter(verb="decision.taken_back").count() == 1
    assert Item.objects.get().round == 2


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_nothing_is_decided_alike_from_the_moment_it_is_taken_back(analyst, lead):
    source = confirmed("http://one.test/", analyst)
    items = [an_item(f"http://n{n}.test/") for n in range(3)]
    for item in items:
        a_look(item, [PLACE])
    wanted = {item.pk for item in items}
    ends = in_threads(
        [partial(apply, source, wanted, analyst), partial(take_back, source, lead, "an error")]
    )
    assert not [end for end in ends if isinstance(end, Exception)]
    assert set(Item.objects.values_list("state", flat=True)) == {"to_assess"}
    assert not Assessment.objects.filter(taken_back_at=None).exists()


def test_a_decision_of_a_later_round_is_not_touched(analyst, lead):
    source = confirmed("http://one.test/", analyst)
    take_back(source, analyst)
    item = Item.objects.get()
    assess(item, lead, Decision("cannot_assess", item.looks.get().pk, "it is gone"))
    with pytest.raises(Stale):
        take_back(now_of(source), lead, "an error")
    assert Item.objects.get().state == State.CLOSED


def test_what_was_decided_with_it_is_taken_back_in_one_press_when_its_own_minute_is_over(
    analyst, desk_client
):
    """Whoever reads fifty rows takes longer than that."""
    with time_machine.travel(NOON, tick=False) as clocks:
        client = desk_client(analyst)
        source = confirmed("http://one.test/", analyst)
        path = f"/queue/decisions/{source.pk}/"
        same = [an_item(f"http://n{n}.test/") for n in range(3)]
        for item in same:
            a_look(item, [PLACE])
        clocks.shift(61)
        User.objects.update(language="en")
        client.post(path, {"items": [item.pk for item in same]})
        page = client.get(path).content.decode()
        assert f'action="{path}undo/"' in page and "<b>13:02:01</b>" in page
        assert "opens 3 items again" in page
        page = client.post(f"{path}undo/", follow=True).content.decode()
        assert "3 items are open again." in page and "1 stays as decided: it is" in page
    found = dict(Item.objects.values_list("locator_hash", "state"))
    assert found == {source.item.locator_hash: "confirmed"} | {
        item.locator_hash: "to_assess" for item in same
    }
    assert JudgedHash.objects.filter(undone_at=None).count() == 1, "the first still stands"
    lines = Entry.objects.filter(verb="decision.taken_back").values_list("subject", flat=True)
    assert set(lines) == {item.subject for item in same}


def test_of_what_was_decided_with_it_what_was_told_stays_and_is_said(analyst, desk_client):
    with time_machine.travel(NOON, tick=False) as clocks:
        client, stranger = desk_client(analyst), desk_client(an_analyst())
        source = confirmed("http://one.test/", analyst)
        path = f"/queue/decisions/{source.pk}/"
        told, young = an_item("http://two.test/"), an_item("http://three.test/")
        for item in (told, young):
            a_look(item, [PLACE])
        clocks.shift(30)
        apply(source, {told.pk}, analyst)
        clocks.shift(59)
        apply(source, {young.pk}, analyst)
        clocks.shift(30)
        User.objects.update(language="en")
        told.refresh_from_db()
        move_item(told, Move.REFER, "worker")
        assert f'action="{path}undo/"' not in stranger.get(path).content.decode()
        assert stranger.post(f"{path}undo/").status_code == 403
        page = client.post(f"{path}undo/", follow=True).content.decode()
        assert "1 item is open again." in page and "2 stay as decided" in page
        assert client.post(f"{path}undo/").status_code == 409
    young.refresh_from_db()
    told.refresh_from_db()
    assert (young.state, told.state) == ("to_assess", "referred")


def test_a_lead_says_why_and_whoever_decided_reads_it(analyst, lead, desk_client):
    source = confirmed("http://one.test/", analyst)
    same = an_item("http://one.test/same")
    a_look(same, [PLACE])
    apply(source, {same.pk}, analyst)
    client, path = desk_client(lead), f"/queue/decisions/{source.pk}/"
    assert 'id="own-why-undo"' in page_of(client, source)
    for nothing in ({}, {"own_why": "..."}, {"why": "reopen.99"}):
        answer = client.post(f"{path}undo/", nothing)
        assert answer.status_code == 422 and "say why" in answer.content.decode()
    assert set(Item.objects.values_list("state", flat=True)) == {"confirmed"}
    client.post(f"{path}undo/", {"own_why": "the person is of age"})
    assert set(Item.objects.values_list("state", flat=True)) == {"to_assess"}
    author = desk_client(analyst)
    for where in (f"items/{source.item_id}/", f"items/{same.pk}/", path.removeprefix("/queue/")):
        page = author.get(f"/queue/{where}").content.decode()
        assert "the person is of age" in page, where
    site = author.get(f"/queue/items/{source.item_id}/site/").content.decode()
    assert site.count("the person is of age") == 2
    assert "of age" not in "".join(Entry.objects.values_list("detail", flat=True))


def test_whoever_corrects_their_own_slip_need_not_say_why_nor_a_lead_their_own(lead, desk_client):
    with time_machine.travel(NOON, tick=False) as clocks:
        client = desk_client(lead)
        source = confirmed("http://one.test/", lead)
        assert 'id="own-why-undo"' not in page_of(client, source)
        clocks.shift(61)
        assert client.post(f"/queue/decisions/{source.pk}/undo/").status_code == 422
        clocks.shift(-60)
        assert client.post(f"/queue/decisions/{source.pk}/undo/").status_code == 302
    assert now_of(source).taken_back_why == ""


def test_a_lead_says_why_of_what_repeats_a_decision_too(analyst, lead, desk_client):
    source = confirmed("http://one.test/", analyst)
    same = an_item("http://two.test/")
    a_look(same, [PLACE])
    apply(source, {same.pk}, analyst)
    for move in (Move.REFER, Move.REMOVE):
        move_item(Item.objects.get(pk=source.item_id), move, "worker")
    with pytest.raises(WhyNeeded):
        repeats.take_back(source, lead)
    assert Item.objects.get(pk=same.pk).state == State.CONFIRMED
    assert repeats.take_back(source, lead, "an error").back == 1
