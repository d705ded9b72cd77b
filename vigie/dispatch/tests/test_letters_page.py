"""The desk's pages of letters: what the liaison writes down, what a lead lets go, and what is 409.

Every act is pressed as a person presses it. A second press, or one from a page that is out of date,
changes nothing and says so.
"""

import pytest

from conftest import person
from tests.factories import a_confirmed_item, an_item
from vigie.dispatch.models import Contact, Notice, Referral
from vigie.dispatch.tests.support import (
    HOST,
    POLICE,
    known,
    lines_of,
    one_round,
    reading_english,
    referral_of,
)
from vigie.items.flow import State
from vigie.journal.models import Entry
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "http://galerie.nord.test/a/page"
REFERENCE = {"reference": "PV-2026-00017"}
ACTS = ["acknowledge", "authorise", "refuse", "contacted", "hold"]
QUICKER, NO_STEP = "A colleague was quicker", "Not possible from here"


@pytest.fixture
def desk(liaison, desk_client):
    return reading_english(desk_client, liaison)


@pytest.fixture
def referred(policy, post):
    def made(country="BE"):
        item = a_confirmed_item(URL, country, abuse_contact=HOST)
        one_round()
        return item

    return made


def press(client, item, act, **data):
    return client.post(f"/letters/referrals/{referral_of(item).pk}/{act}/", data)


def stands(item):
    item.refresh_from_db()
    return str(referral_of(item).step), item.state, item.held


def test_the_whole_way_of_a_referral_as_the_police_answer(referred, desk, liaison):
    item = referred()
    for act, data, then in [
        ("acknowledge", {}, ("acknowledged", State.REFERRED, False)),
        ("authorise", REFERENCE, ("authorised", State.AUTHORISED, False)),
        ("contacted", {}, ("authorised", State.NOTIFIED, False)),
    ]:
        answer = press(desk, item, act, **data)
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"/letters/referrals/{referral_of(item).pk}/",
        )
        assert stands(item) == then
    assert referral_of(item).authorisation == "PV-2026-00017"
    for verb in ("referral.acknowledged", "referral.authorised", "host.contacted"):
        assert [line.actor for line in lines_of(item, verb)] == [liaison.actor]


def test_removal_can_be_authorised_without_an_acknowledgement(referred, desk):
    item = referred()
    assert press(desk, item, "authorise", **REFERENCE).status_code == 302
    assert stands(item) == ("authorised", State.AUTHORISED, False)


def test_a_refusal_is_written_down_and_the_item_stays_referred(referred, desk):
    item = referred()
    assert press(desk, item, "refuse").status_code == 302
    assert stands(item) == ("refused", State.REFERRED, False)
    page = desk.get(f"/letters/referrals/{referral_of(item).pk}/").content.decode()
    assert "not authorised" in page
    assert "/authorise/" in page, "it may be authorised after all"
    assert "/refuse/" not in page
    assert "/contacted/" not in page
    kept = press(desk, item, "authorise", **REFERENCE)  # from a page that shows no refusal
    assert (kept.status_code, QUICKER in kept.content.decode()) == (409, True)
    assert stands(item) == ("refused", State.REFERRED, False)
    assert 'name="refused" value="yes"' in page
    assert press(desk, item, "authorise", **REFERENCE, refused="yes").status_code == 302
    assert stands(item) == ("authorised", State.AUTHORISED, False)


@pytest.mark.parametrize(
    ("act", "data", "says"),
    [
        ("acknowledge", {}, QUICKER),
        ("authorise", REFERENCE, QUICKER),
        ("refuse", {}, QUICKER),
        ("hold", {"held": "yes"}, QUICKER),
    ],
)
def test_pressed_twice_is_409_and_changes_nothing(act, data, says, referred, desk):
    item = referred()
    press(desk, item, act, **data)
    before, lines = stands(item), Entry.objects.count()
    answer = press(desk, item, act, **data)
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert stands(item) == before
    assert Entry.objects.count() == lines


def test_the_host_contacted_twice_is_409(referred, desk):
    item = referred()
    press(desk, item, "authorise", **REFERENCE)
    press(desk, item, "contacted")
    answer = press(desk, item, "contacted")
    assert (answer.status_code, NO_STEP in answer.content.decode()) == (409, True)
    assert len(lines_of(item, "host.contacted")) == 1


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ("authorise", "acknowledge"),
        ("authorise", "refuse"),
        ("refuse", "acknowledge"),
    ],
)
def test_what_was_answered_cannot_be_answered_otherwise(before, then, referred, desk):
    item = referred()
    press(desk, item, before, **REFERENCE)
    was = stands(item)
    assert press(desk, item, then, **REFERENCE).status_code == 409
    assert stands(item) == was


def test_what_has_not_left_cannot_be_answered(policy, post, desk):
    item = a_confirmed_item(URL, "BE")
    post.answers = {f"RCPT {POLICE}": "451 later"}
    one_round()
    for act in ("acknowledge", "authorise", "refuse", "contacted"):
        assert press(desk, item, act, **REFERENCE).status_code == 409
    assert stands(item) == ("planned", State.CONFIRMED, False)


@pytest.mark.parametrize("reference", ["", "   ", "x" * 121])
def test_an_authorisation_needs_its_reference(reference, referred, desk):
    item = referred()
    answer = press(desk, item, "authorise", reference=reference)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert stands(item) == ("sent", State.REFERRED, False)


def test_an_item_that_went_away_meanwhile_is_not_authorised(referred, desk):
    item = referred()
    type(item).objects.filter(pk=item.pk).update(state=State.REMOVED)
    assert press(desk, item, "authorise", **REFERENCE).status_code == 409
    assert stands(item) == ("sent", State.REMOVED, False)
    assert referral_of(item).authorisation == ""


def test_a_hold_is_set_and_lifted_and_shown(referred, desk):
    item = referred()
    press(desk, item, "hold", held="yes")
    assert stands(item)[2] is True
    page = desk.get(f"/letters/referrals/{referral_of(item).pk}/").content.decode()
    assert "held for the police" in page
    press(desk, item, "hold", held="no")
    assert stands(item)[2] is False


def test_a_lead_lets_a_first_notice_go_once(referred, lead, desk_client, post):
    referred("NL")
    client, notice = reading_english(desk_client, lead), Notice.objects.get()
    page = client.get("/letters/").content.decode()
    assert f"Let {notice.reference} leave" in page
    assert HOST in page
    assert client.post(f"/letters/notices/{notice.pk}/approve/").status_code == 302
    again = client.post(f"/letters/notices/{notice.pk}/approve/")
    assert (again.status_code, QUICKER in again.content.decode()) == (409, True)
    assert Contact.objects.get().address == HOST
    one_round()
    assert post.sent_to == [POLICE, HOST]
    assert f"Let {notice.reference} leave" not in client.get("/letters/").content.decode()


def test_a_notice_that_has_left_needs_no_approval(referred, lead, desk_client):
    known(HOST)
    referred("NL")
    notice = Notice.objects.get(step="sent")
    answer = desk_client(lead).post(f"/letters/notices/{notice.pk}/approve/")
    assert answer.status_code == 409


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.LIAISON])
def test_only_the_liaison_writes_down_what_the_police_answered(role, referred, desk_client):
    item, client = referred(), desk_client(person(role))
    before = stands(item)
    for act in ACTS:
        may_hold = role is Role.LEAD and act == "hold"
        answer = press(client, item, act, held="no", **REFERENCE)
        assert answer.status_code == (409 if may_hold else 403)
    assert stands(item) == before


def test_the_lead_may_hold_and_the_liaison_may_not_let_a_notice_go(
    referred, desk, lead, desk_client
):
    item = referred("NL")
    assert press(desk_client(lead), item, "hold", held="yes").status_code == 302
    notice = Notice.objects.get()
    assert desk.post(f"/letters/notices/{notice.pk}/approve/").status_code == 403
    assert f"Let {notice.reference} leave" not in desk.get("/letters/").content.decode()
    assert not Contact.objects.exists()


@pytest.mark.parametrize("path", ["referrals/999999/", "notices/999999/"])
def test_what_does_not_exist_is_404(path, desk, lead, desk_client):
    client = desk_client(lead) if "notices" in path else desk
    address = f"/letters/{path}" + ("approve/" if "notices" in path else "acknowledge/")
    assert client.post(address).status_code == 404


def sought(client, text):
    return client.post("/queue/search/", {"q": text}, follow=True).content.decode()


def test_the_reference_that_the_police_answer_to_finds_the_item(referred, desk, analyst, lead):
    item, other = referred(), an_item("http://other.test/")
    number = referral_of(item).pk
    Referral.objects.filter(pk=number).update(id=number + 70)  # no item has this number
    link = f'href="/queue/items/{item.pk}/?'
    for text in (f"R-{number + 70}", f" r-{number + 70} ", item.reference):
        page = sought(desk, text)
        assert link in page and "was not reported" not in page
    for text in ("R-9999", "R-", "R-²", "N-1", other.reference, URL, "nord.test"):
        page = sought(desk, text)
        assert link not in page and "Search goes by reference: of an item" in page, text


def test_whoever_assesses_searches_by_the_reference_of_a_notice_too(referred, analyst, desk_client):
    item, client = referred("NL"), reading_english(desk_client, analyst)
    notice = Notice.objects.get()
    Notice.objects.filter(pk=notice.pk).update(id=77)
    assert f'href="/queue/items/{item.pk}/?' in sought(client, "N-77")
    assert "Nothing found." in sought(client, "N-78")
