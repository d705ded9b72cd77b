"""A child may be in danger: whoever closes that has read what was written, and says why."""

import pytest

from config.organisation import Organisation
from tests.environment import PASSPHRASE
from tests.factories import a_look, an_item
from vigie.cases.models import Assessment, Opinion
from vigie.dispatch.tests.support import reading_english
from vigie.intake.models import Letter
from vigie.intake.services import NewReport, receive
from vigie.items.models import Item
from vigie.items.services import open_letter
from vigie.journal.models import Entry
from vigie.oversight import counting

pytestmark = pytest.mark.django_db(databases="__all__")
WHERE = "Telegram @dangerchat12"
SAID = "He meets her tonight at the station"


@pytest.fixture
def item(db) -> Item:
    return waiting(danger=True, comment=SAID)


def waiting(**said: object) -> Item:
    found = an_item(WHERE, **said)
    a_look(found)
    found.refresh_from_db()
    return found


def close(client, item: Item, reason: str = "", **more: str) -> int:
    sent = {"classification": "cannot_assess", "look": item.looks.get().pk, "reason": reason}
    return client.post(f"/queue/items/{item.pk}/assess/", {**sent, **more}).status_code


def read(client, item: Item) -> None:
    path = f"/queue/items/{item.pk}/words/"
    client.post(path, {"passphrase": PASSPHRASE})
    assert SAID in client.get(path).content.decode()


def page(client, item: Item) -> str:
    return client.get(f"/queue/items/{item.pk}/").content.decode()


def test_the_words_come_first_and_a_reason(item, analyst, desk_client):
    client = reading_english(desk_client, analyst)
    assert "words that nobody opened" in page(client, item)
    assert "you have not opened all of it" in page(client, item)
    assert close(client, item, "it is a chat") == 422
    read(client, item)
    assert "words that nobody opened" not in page(client, item)
    assert "last opened by" in page(client, item)
    assert "you have not opened all of it" not in page(client, item)
    assert close(client, item) == 422, "no reason"
    assert close(client, item, "the police have it since Monday") == 302
    made = Assessment.objects.get()
    assert (made.danger, made.unopened) == (True, False)
    assert '"danger":true' in Entry.objects.get(verb="item.assessed").detail.replace(" ", "")


def test_that_a_colleague_read_them_is_not_enough(item, analyst, lead, desk_client):
    read(desk_client(lead), item)
    client = reading_english(desk_client, analyst)
    assert "last opened by" in page(client, item)
    assert close(client, item, "it is a chat") == 422


def test_new_words_are_read_too(item, analyst, desk_client):
    client = reading_english(desk_client, analyst)
    read(client, item)
    receive(NewReport(WHERE, comment="He took her"))
    open_letter(Letter.objects.get())
    assert "more was written since somebody opened it" in page(client, item)
    assert close(client, item, "it is a chat") == 422
    read(client, item)
    assert close(client, item, "it is a chat") == 302


def test_where_nothing_was_written_a_reason_is_enough(analyst, desk_client):
    item, client = waiting(danger=True), desk_client(analyst)
    assert close(client, item) == 422
    assert close(client, item, "nothing more is known") == 302


def test_without_a_danger_nothing_is_asked(analyst, desk_client):
    assert close(desk_client(analyst), waiting(comment=SAID)) == 302


def test_to_confirm_takes_no_words(item, analyst, desk_client):
    sent = {"classification": "baseline", "reason": "by its words", "look": item.looks.get().pk}
    path = f"/queue/items/{item.pk}/assess/"
    assert desk_client(analyst).post(path, sent).status_code == 302


def test_a_lead_may_close_it_unread_with_a_reason_and_the_overview_says_so(item, lead, desk_client):
    client = reading_english(desk_client, lead)
    assert close(client, item) == 422
    assert close(client, item, "nobody here has the passphrase") == 302
    assert [(one.item, one.unopened) for one in counting.in_danger()] == [(item, True)]
    said = client.get("/overview/").content.decode()
    assert "without having opened the words" in said
    assert f'<a href="/queue/items/{item.pk}/">{item.reference}</a>' in said
    client.post(f"/queue/items/{item.pk}/reopen/", {"own_why": "it is open still"})
    assert not counting.in_danger()


def test_what_opened_again_by_itself_is_no_longer_listed_as_closed(item, lead, desk_client):
    client = reading_english(desk_client, lead)
    assert close(client, item, "nothing more is known") == 302
    assert counting.in_danger()
    an_item(WHERE, danger=True)
    item.refresh_from_db()
    assert item.state == "to_assess"
    assert not counting.in_danger()


def test_where_the_policy_knows_two_people_it_takes_two(item, analyst, lead, desk_client, settings):
    settings.ORGANISATION = Organisation(
        {**settings.ORGANISATION.data, "second": {"decisions": ["national", "not_illegal"]}}
    )
    client = desk_client(analyst)
    read(client, item)
    assert close(client, item, "it is a chat") == 302
    assert Opinion.objects.count() == 1 and not Assessment.objects.exists()
    assert close(desk_client(lead), item, "a chat of grown-ups") == 302
    item.refresh_from_db()
    assert item.state == "closed"


def test_who_takes_it_over_is_kept_of_what_is_out_of_remit_alone(analyst, desk_client):
    """A rule proposes it, in a field that is not shown for another decision."""
    item, client = waiting(), desk_client(analyst)
    assert close(client, item, hand_over_to="the police") == 302
    assert Assessment.objects.get().hand_over_to == ""
    assert close(client, item, hand_over_to="the police") == 302, "sent twice: it is recognised"
    assert Assessment.objects.count() == 1
    other = an_item("Telegram @other")
    a_look(other)
    kind = {"classification": "out_of_remit"}
    assert close(client, other, hand_over_to="the police", **kind) == 302
    assert Assessment.objects.get(item=other).hand_over_to == "the police"
